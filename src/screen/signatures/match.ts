import { foldPattern } from '../normalise.ts'
import { once } from '../once.ts'
import { unitsOf } from '../units.ts'
import { signatures } from './index.ts'
import { mayStandAt, standingAt, treeOf } from './openings.ts'
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
  /** Folded; one of them begins every match. */
  readonly opens: readonly string[]
  readonly pattern: RegExp
}

const OPENING_MIN = 2
/** Code units of an opening that decide which patterns are tried first. */
const KEY_MAX = 4

/** Every pattern by its rule, for the test that none of them is slow. */
export const patterns: readonly Compiled[] = signatures.map(compile)

/** What to try at a place, by the longest opening that stands there: most places of a text have none. */
const openings = treeOf(candidates())

/** Units of scripts that part their words; others join words or hang prefixes on them. */
const parting = Uint8Array.from({ length: 0x1_0000 }, (_, unit) => (isLetter(unit) ? 1 : 0))

/** The first signature in a folded text. */
export const firstMatch = once((normal: string): Match | undefined => nextMatch(normal, 0))

/**
 * The first signature in a folded text that begins at `from` or later, at the beginning of a word where its script parts
 * words. Linear: each place tries the few patterns that begin like it, and each of them reads a bounded stretch.
 */
export function nextMatch(normal: string, from: number): Match | undefined {
  const units = unitsOf(normal)
  let before = from === 0 ? 0 : parting[units[from - 1] ?? 0]
  for (let at = from; at < normal.length - 1; at++) {
    const unit = units[at] ?? 0
    const inWord = before === 1
    before = parting[unit]
    if ((inWord && before === 1) || !mayStandAt(openings, units, at)) continue

    const found = standingAt(openings, units, at)
    const match = found && firstOf(found, normal, at)
    if (match !== undefined) return match
  }
  return undefined
}

function firstOf(found: readonly Compiled[], normal: string, at: number): Match | undefined {
  for (const { rule, score, pattern } of found) {
    pattern.lastIndex = at
    if (pattern.test(normal)) return { rule, score, start: at, end: pattern.lastIndex }
  }
  return undefined
}

function isLetter(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39) || (unit >= 0xc0 && unit < 0x0590)
}

function compile({ family, language, score, opens, rest }: Signature): Compiled {
  const folded = opens.map(foldPattern)
  const short = folded.find(({ length }) => length < OPENING_MIN)
  if (short !== undefined) throw new Error(`an opening of one letter: ${short}`)
  const pattern = new RegExp(
    `(?:${folded.map((open) => RegExp.escape(open)).join('|')})${foldPattern(rest)}`,
    'y',
  )
  return { rule: `${family}/${language}`, score, opens: folded, pattern }
}

/**
 * The patterns that may match where an opening stands and no longer one does, for each. First come those that share most
 * units with it, up to four, then the surest.
 */
function candidates(): ReadonlyMap<string, readonly Compiled[]> {
  const byOpening = groupBy((open) => open)
  const byKey = groupBy((open) => open.slice(0, KEY_MAX))
  const candidatesOf = (open: string): readonly Compiled[] => {
    const standing = new Set(
      Array.from({ length: open.length }, (_, i) => byOpening.get(open.slice(0, i + 1)) ?? []).flat(),
    )
    const ordered = [4, 3, 2].flatMap((length) =>
      (byKey.get(open.slice(0, length)) ?? []).toSorted((a, b) => b.score - a.score),
    )
    return [...new Set(ordered)].filter((compiled) => standing.has(compiled))
  }
  return new Map([...byOpening.keys()].map((open) => [open, candidatesOf(open)]))
}

function groupBy(keyOf: (open: string) => string): ReadonlyMap<string, readonly Compiled[]> {
  const groups = new Map<string, Compiled[]>()
  for (const compiled of patterns) {
    for (const key of compiled.opens.map(keyOf)) groups.set(key, [...(groups.get(key) ?? []), compiled])
  }
  return groups
}
