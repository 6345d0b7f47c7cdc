import { values } from './values.ts'
import type { Random } from './random.ts'

/** Alternatives by slot name. */
export type Slots = Readonly<Record<string, readonly string[]>>

/** How deep alternatives may name slots in turn; deeper is a circle. */
const DEPTH_MAX = 12

/** Draws before a slot may say again what it said in the same text. */
const REDRAWS = 4

/** What one text has said so far: kept values by slot, and all values by slot. */
interface Said {
  readonly kept: Map<string, string>
  readonly drawn: Map<string, Set<string>>
}

/**
 * Makes one text of a plan. `$name` stands for one of the slot's alternatives, `$^name` for one with a capital,
 * `$=name` for the same one all through the text, `$(a|b)` for one of those written, `\n` for a new line.
 * Names that are no slot are numbers, dates, hosts and the like (`values.ts`); an unknown one throws.
 */
export function expand(plan: string, slots: Slots, random: Random): string {
  const said: Said = { kept: new Map(), drawn: new Map() }
  const fill = (text: string, depth: number): string => {
    if (depth > DEPTH_MAX) throw new Error(`a slot names itself: ${text}`)

    return choices(text, random).replaceAll(SLOT, (_match, mark: string, name: string) => {
      const before = mark === '=' ? said.kept.get(name) : undefined
      const value = before ?? fill(alternative(name, slots, random, said.drawn), depth + 1)
      if (mark === '=') said.kept.set(name, value)
      return mark === '^' ? value.charAt(0).toUpperCase() + value.slice(1) : value
    })
  }

  return tidy(fill(plan, 0))
}

const SLOT = /\$([\^=]?)([a-z][a-z0-9]*)/g

function tidy(text: string): string {
  return text
    .replaceAll(String.raw`\n`, '\n')
    .replaceAll(/ +\n/g, '\n')
    .replaceAll(/(?<=\S) {2,}(?=\S)/g, ' ')
    .trim()
}

function alternative(name: string, slots: Slots, random: Random, drawn: Said['drawn']): string {
  const alternatives = slots[name]
  if (!alternatives) return values(name, random)

  const used = drawn.get(name) ?? new Set()
  drawn.set(name, used)
  let chosen = random.pick(alternatives)
  for (let redraw = 0; redraw < REDRAWS && used.has(chosen); redraw++) chosen = random.pick(alternatives)
  used.add(chosen)
  return chosen
}

// Innermost first, so that choices may stand inside choices.
function choices(plan: string, random: Random): string {
  let text = plan
  for (;;) {
    const next = text.replaceAll(/\$\(([^()]*)\)/g, (_match, inner: string) => random.pick(inner.split('|')))
    if (next === text) return text
    text = next
  }
}
