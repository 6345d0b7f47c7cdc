import { foldPattern } from '../normalise.ts'
import { signatures } from './index.ts'
import type { Signature } from './signature.ts'

/** A phrase found in a folded text. */
export interface Match {
  /** `family/language`. */
  readonly rule: string
  readonly score: number
  /** Span in the folded text. */
  readonly start: number
  readonly end: number
}

interface Compiled {
  readonly rule: string
  readonly score: number
  readonly pattern: RegExp
}

/** Size of the tables below; a power of two, large enough that few openings share a place. */
const BUCKETS = 16_384
/** Code units of an opening that choose its patterns: as many as it has, up to four. */
const KEY_MAX = 4
const KEY_MIN = 2

/** Every pattern by its rule, for the test that none of them is slow. */
export const patterns: readonly Compiled[] = signatures.map(compile)

type Table = readonly (readonly Compiled[] | undefined)[]

/** Patterns by the first four, three and two code units of their openings: most places of a text have none to try. */
const [byTwo, byThree, byFour] = [tableOf(2), tableOf(3), tableOf(4)] as const

/**
 * The first signature in a folded text that begins at `from` or later. Linear: each place tries the few patterns that begin
 * like it, and each of them reads a bounded stretch.
 */
export function nextMatch(normal: string, from: number): Match | undefined {
  let before = from === 0 ? 0x20 : normal.charCodeAt(from - 1)
  for (let at = from; at < normal.length - 1; at++) {
    const unit = normal.charCodeAt(at)
    const begins = beginsWord(before, unit)
    before = unit
    if (!begins) continue

    const two = mix(unit, normal.charCodeAt(at + 1))
    const three = mix(two, normal.charCodeAt(at + 2))
    const four = mix(three, normal.charCodeAt(at + 3))
    const match =
      firstOf(byFour[four], normal, at) ??
      firstOf(byThree[three], normal, at) ??
      firstOf(byTwo[two], normal, at)
    if (match !== undefined) return match
  }
  return undefined
}

function firstOf(candidates: Table[number], normal: string, at: number): Match | undefined {
  if (candidates === undefined) return undefined
  for (const { rule, score, pattern } of candidates) {
    pattern.lastIndex = at
    if (pattern.test(normal)) return { rule, score, start: at, end: pattern.lastIndex }
  }
  return undefined
}

/** Latin words begin after what is no letter; scripts that join words or hang prefixes on them begin one anywhere. */
function beginsWord(before: number, unit: number): boolean {
  return unit >= 0x0590 || !isLetter(unit) || !isLetter(before)
}

function isLetter(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39) || (unit >= 0xc0 && unit < 0x0590)
}

/** Past the end of the text `unit` is NaN, which counts as zero. */
function mix(key: number, unit: number): number {
  return (Math.imul(key, 67) + unit) & (BUCKETS - 1)
}

function compile({ family, language, score, opens, rest }: Signature): Compiled {
  const openings = opens.map((open) => RegExp.escape(foldPattern(open))).join('|')
  const pattern = new RegExp(`(?:${openings})${foldPattern(rest)}`, 'y')
  return { rule: `${family}/${language}`, score, pattern }
}

function tableOf(units: number): Table {
  const made = new Map<number, Compiled[]>()
  for (const [i, { opens }] of signatures.entries()) {
    const compiled = patterns[i]
    if (compiled === undefined) continue
    for (const key of new Set(opens.flatMap((open) => keyOf(open, units)))) {
      made.set(key, [...(made.get(key) ?? []), compiled])
    }
  }
  return Array.from({ length: BUCKETS }, (_, i) => made.get(i)?.sort((a, b) => b.score - a.score))
}

/** Key of an opening, where it is one of so many units. */
function keyOf(open: string, units: number): number[] {
  const literal = foldPattern(open)
  if (literal.length < KEY_MIN) throw new Error(`an opening of one letter: ${open}`)
  if (Math.min(literal.length, KEY_MAX) !== units) return []

  const [first = 0, ...others] = Array.from({ length: units }, (_, i) => literal.charCodeAt(i))
  return [others.reduce(mix, first)]
}
