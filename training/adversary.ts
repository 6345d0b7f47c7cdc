import { featuresOf } from '../src/screen/model/features.ts'
import { strongestWindow } from '../src/screen/model/windows.ts'
import { normalise } from '../src/screen/normalise.ts'
import { LEARNT } from './augment.ts'
import type { Labelled } from './corpus.ts'
import { bagsOf } from './examples.ts'
import { type Fitted, rawScore } from './fit.ts'
import { disguises } from './obfuscate.ts'
import type { Random } from './written/random.ts'

/** How often one way of attacking was tried and got through. */
export interface Tries {
  tried: number
  through: number
}

/** What one round found. */
export interface Raid {
  /** Attacks that pass now and did not before, each with an innocent text treated alike: to be learnt. */
  readonly rows: readonly Labelled[]
  readonly byWay: Readonly<Record<string, Tries>>
}

/** Attacks that a round works on. */
const ATTACKED_MAX = 1_500
const EDITS = 'searched edits'
const EDITS_MAX = 6
const UNITS_MAX = 1_500
const WEIGHT = 0.5
/** Words that weigh nothing, put between those that do. */
const FILLERS = [
  'please',
  'the',
  'kindly',
  'of course',
  'well',
  'so to speak',
  'in this case',
  'really',
  'just',
  'very',
]

/** Each changes one word; the search takes whichever lowers the score most. */
const edits: Readonly<Record<string, (word: string, random: Random) => string>> = {
  swap: (word, random) => {
    const at = random.int(Math.max(1, word.length - 1))
    return word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2)
  },
  drop: (word, random) => {
    const at = random.int(word.length)
    return word.slice(0, at) + word.slice(at + 1)
  },
  double: (word, random) => {
    const at = random.int(word.length)
    return word.slice(0, at) + word.charAt(at) + word.slice(at)
  },
  split: (word, random) => {
    const at = 1 + random.int(Math.max(1, word.length - 1))
    return `${word.slice(0, at)} ${word.slice(at)}`
  },
  insert: (word, random) => `${random.pick(FILLERS)} ${word}`,
  sign: (word, random) => {
    const at = 1 + random.int(Math.max(1, word.length - 1))
    return word.slice(0, at) + random.pick(['-', '.', '*', '_']) + word.slice(at)
  },
}

/**
 * Attacks the model with every disguise and with searched edits: the word that weighs most is changed in the way that lowers the
 * score most, again and again.
 *
 * @param threshold Raw score at and above which a text is rejected.
 */
export function raid(rows: readonly Labelled[], fitted: Fitted, threshold: number, random: Random): Raid {
  const byWay: Record<string, Tries> = {}
  const found: Labelled[] = []
  const innocent = rows.filter(({ label, text }) => label === 0 && text.length <= UNITS_MAX)
  const note = (way: string, row: Labelled, text: string): void => {
    const tries = (byWay[way] ??= { tried: 0, through: 0 })
    tries.tried += 1
    if (rawScore(fitted, bagsOf(text)) >= threshold) return
    tries.through += 1
    if (way !== EDITS && !LEARNT.includes(way)) return
    found.push({ ...row, text, weight: WEIGHT })
    const twin = innocent[random.int(innocent.length)]
    const alike = disguises[way] ?? scrambled
    if (twin !== undefined) found.push({ ...twin, text: alike(twin.text, random), weight: WEIGHT })
  }
  for (const row of caught(rows, fitted, threshold, random)) {
    const way = random.pick(Object.keys(disguises))
    note(way, row, disguises[way]?.(row.text, random) ?? row.text)
    note(EDITS, row, edited(row.text, fitted, threshold, random))
  }
  return { rows: found, byWay }
}

function caught(
  rows: readonly Labelled[],
  fitted: Fitted,
  threshold: number,
  random: Random,
): readonly Labelled[] {
  const attacks = rows.filter(({ label, text }) => label === 1 && text.length <= UNITS_MAX)
  const every = Math.max(1, Math.floor(attacks.length / ATTACKED_MAX))
  return attacks.filter(({ text }) => random.int(every) === 0 && rawScore(fitted, bagsOf(text)) >= threshold)
}

/** The text after as many edits as it takes, or as may be made. */
function edited(text: string, fitted: Fitted, threshold: number, random: Random): string {
  let best = normalise(text)
  for (let edit = 0; edit < EDITS_MAX; edit++) {
    const [start, end, score] = heaviestWord(best, fitted)
    if (fitted.bias + score < threshold || end === start) break
    const before = best.slice(0, start)
    const after = best.slice(end)
    const changed = Object.values(edits).map(
      (change) => before + change(best.slice(start, end), random) + after,
    )
    best = changed.reduce((low, next) => (strength(next, fitted) < strength(low, fitted) ? next : low))
  }
  return best
}

/** As many words changed at random as a search may change. */
function scrambled(text: string, random: Random): string {
  const words = text.split(' ')
  for (let edit = 0; edit < EDITS_MAX; edit++) {
    const change = edits[random.pick(Object.keys(edits))]
    const at = random.int(words.length)
    if (change !== undefined && words[at] !== '') words[at] = change(words[at] ?? '', random)
  }
  return words.join(' ')
}

function strength(normal: string, { weights }: Fitted): number {
  return strongestWindow(featuresOf(normal), weights).strength
}

function heaviestWord(
  normal: string,
  { weights }: Fitted,
): readonly [start: number, end: number, score: number] {
  const features = featuresOf(normal)
  const { firsts, places, starts, ends } = features
  const window = strongestWindow(features, weights)
  let heaviest = window.start
  let most = -Infinity
  for (let token = window.start; token < window.end; token++) {
    let weight = 0
    for (let i = firsts[token] ?? 0; i < (firsts[token + 1] ?? 0); i++) weight += weights[places[i] ?? 0] ?? 0
    if (weight > most) {
      most = weight
      heaviest = token
    }
  }
  return [
    starts[heaviest] ?? 0,
    window.end === window.start ? (starts[heaviest] ?? 0) : (ends[heaviest] ?? 0),
    window.strength,
  ]
}
