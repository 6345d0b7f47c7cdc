import { foldPattern } from '../normalise.ts'
import { mayStandAt, standingAt, treeOf } from '../signatures/openings.ts'
import { unitsOf } from '../units.ts'

/**
 * A phrase that begins, at the beginning of a word, with one of `opens`, parted by `|`; `rest` is what follows. Letters are
 * folded as the text is, so write them as they are spelt. A rest is a regular
 * expression without groups that capture; it repeats nothing without end.
 */
export type Phrase = readonly [rule: string, score: number, opens: string, rest: string]

/** A phrase found in a folded text; the span is the folded text's. */
export interface Said {
  readonly rule: string
  readonly score: number
  readonly start: number
  readonly end: number
}

interface Compiled {
  readonly rule: string
  readonly score: number
  readonly pattern: RegExp
}

/** Every phrase of a folded text, in order. Linear: each place tries the few that open like it, each a bounded stretch. */
export type FindPhrases = (normal: string) => Iterable<Said>

/** Makes ready to find phrases; for load time. */
export function phraseFinder(phrases: readonly Phrase[]): FindPhrases {
  const openings = treeOf(candidates(phrases))
  return function* find(normal) {
    // The units are good until another text is asked for, so each stop asks again.
    let units = unitsOf(normal)
    for (let at = 0; at < normal.length - 1; at++) {
      if (
        !mayStandAt(openings, units, at) ||
        (at > 0 && isLetter(units[at - 1] ?? 0) && isLetter(units[at] ?? 0))
      )
        continue
      const said = firstOf(standingAt(openings, units, at) ?? [], normal, at)
      if (said === undefined) continue
      yield said
      units = unitsOf(normal)
    }
  }
}

/** Letters of scripts that part their words; others join words or hang prefixes on them. */
function isLetter(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39) || (unit >= 0xc0 && unit < 0x0590)
}

function firstOf(compiled: readonly Compiled[], normal: string, at: number): Said | undefined {
  for (const { rule, score, pattern } of compiled) {
    pattern.lastIndex = at
    if (pattern.test(normal)) return { rule, score, start: at, end: pattern.lastIndex }
  }
  return undefined
}

/** The phrases to try where an opening stands and no longer one does: all whose openings it begins with, surest first. */
function candidates(phrases: readonly Phrase[]): ReadonlyMap<string, readonly Compiled[]> {
  const byOpening = new Map<string, Compiled[]>()
  for (const [rule, score, opens, rest] of phrases) {
    const folded = opens.split('|').map(foldPattern)
    const any = folded.map((open) => RegExp.escape(open)).join('|')
    const compiled = { rule, score, pattern: new RegExp(`(?:${any})${foldPattern(rest)}`, 'y') }
    for (const open of folded) byOpening.set(open, [...(byOpening.get(open) ?? []), compiled])
  }
  const beginningOf = (open: string): readonly Compiled[] =>
    Array.from({ length: open.length }, (_, i) => byOpening.get(open.slice(0, i + 1)) ?? []).flat()
  return new Map(
    [...byOpening.keys()].map((open) => [open, beginningOf(open).toSorted((a, b) => b.score - a.score)]),
  )
}
