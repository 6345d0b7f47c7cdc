import { expand, type Slots } from './expand.ts'
import { Random } from './random.ts'
import type { Kind, Row } from './row.ts'
import { Twinless } from './twinless.ts'

export type { Slots }

/** Rows of one shape: attacks and their innocent twins, made of the same plans. */
export interface Family {
  readonly name: string
  readonly lang: string
  /** Wanted rows a side; fewer come where the alternatives run out. */
  readonly count: number
  readonly attack: Side
  readonly innocent: Side
}

interface Side {
  readonly kind: Kind
  readonly plans: readonly string[]
  readonly slots: Slots
}

/** Draws allowed for each wanted row, so that a poor grammar ends. */
const DRAWS_PER_ROW = 12

/**
 * Reads a grammar, line by line:
 *
 *     == name lang count attack-kind innocent-kind     opens a family; a `-` for a kind leaves that side out
 *     * plan        a sentence plan of both sides; `+ plan` of the attacks, `- plan` of the innocent texts
 *     slot: a | b   alternatives of a slot; `slot+:` for the attacks only, `slot-:` for the innocent texts only
 *       | c         an indented line goes on with the line before
 *
 * Slots before the first family hold for all families of the file. Throws on a line that is none of these.
 */
export function parseGrammar(text: string): { slots: Slots; families: Family[] } {
  const shared = draft({ name: '', lang: '', count: 0 }, [])
  const drafts: Draft[] = []
  for (const line of text.replaceAll(/\n[ \t]+/g, ' ').split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const [, name, lang, count, ...kinds] = /^== (\S+) (\S+) (\d+) (\S+) (\S+)$/.exec(line) ?? []
    if (name !== undefined && lang !== undefined)
      drafts.push(draft({ name, lang, count: Number(count) }, kinds, shared))
    else addLine(drafts.at(-1) ?? shared, line)
  }

  return { slots: shared.attack.slots, families: drafts }
}

interface DraftSide extends Side {
  readonly plans: string[]
  readonly slots: Record<string, readonly string[]>
}

type Head = Pick<Family, 'name' | 'lang' | 'count'>

interface Draft extends Family {
  readonly attack: DraftSide
  readonly innocent: DraftSide
}

function draft(head: Head, kinds: readonly string[], shared?: Draft): Draft {
  return {
    ...head,
    attack: draftSide(kinds[0], shared?.attack),
    innocent: draftSide(kinds[1], shared?.innocent),
  }
}

// The file's own slots are copied, so that a family's hold for that family alone.
function draftSide(kind = '-', shared?: DraftSide): DraftSide {
  return { kind: kind as Kind, plans: [], slots: { ...shared?.slots } }
}

function addLine(family: Draft, line: string): void {
  const [, mark, plan] = /^([*+-]) (.*)$/.exec(line) ?? []
  const [, slot, side, alternatives] = /^([a-z][a-z0-9]*)([+-]?): (.*)$/.exec(line) ?? []
  const sign = mark ?? side
  if (plan === undefined && alternatives === undefined) throw new Error(`not a line of a grammar: ${line}`)

  for (const target of [family.attack, family.innocent]) {
    if (sign === '+' && target !== family.attack) continue
    if (sign === '-' && target !== family.innocent) continue
    if (plan !== undefined) target.plans.push(plan)
    if (slot !== undefined && alternatives !== undefined) target.slots[slot] = alternatives.split(' | ')
  }
}

/** Makes the rows of one family: attacks and innocent texts in turn, none nearly the same as another. */
export function* grow(family: Family, slots: Slots, seed: number): Generator<Row> {
  const random = new Random(family.name, seed)
  const seen = new Twinless()
  const sides = [family.attack, family.innocent].filter((side) => (side.kind as string) !== '-')
  for (let draw = 0, made = [0, 0]; draw < family.count * DRAWS_PER_ROW; draw++) {
    for (const [nth, side] of sides.entries()) {
      if ((made[nth] ?? 0) >= family.count) continue
      const text = expand(random.pick(side.plans), { ...slots, ...side.slots }, random)
      if (!seen.add(text)) continue
      made[nth] = (made[nth] ?? 0) + 1
      const label = side === family.attack ? 1 : 0
      const id = `g-${family.name}-${label}-${made[nth]}`
      yield { id, text, label, source: `written:${family.name}:g`, kind: side.kind, lang: family.lang }
    }
  }
}
