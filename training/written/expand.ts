import { values } from './values.ts'
import type { Random } from './random.ts'

/** Alternatives by slot name. */
export type Slots = Readonly<Record<string, readonly string[]>>

/** How deep alternatives may name slots in turn; deeper is a circle. */
const DEPTH_MAX = 12

/**
 * Makes one text of a plan. `$name` stands for one of the slot's alternatives, `$^name` for one with a capital,
 * `$(a|b)` for one of those written, `\n` for a new line.
 * Names that are no slot are numbers, dates, hosts and the like (`values.ts`); an unknown one throws.
 */
export function expand(plan: string, slots: Slots, random: Random): string {
  const text = fill(plan, slots, random, 0)
  return text
    .replaceAll(String.raw`\n`, '\n')
    .replaceAll(/ +\n/g, '\n')
    .replaceAll(/(?<=\S) {2,}(?=\S)/g, ' ')
    .trim()
}

function fill(plan: string, slots: Slots, random: Random, depth: number): string {
  if (depth > DEPTH_MAX) throw new Error(`a slot names itself: ${plan}`)

  const chosen = choices(plan, random)
  return chosen.replaceAll(/\$(\^?)([a-z][a-z0-9]*)/g, (_match, capital: string, name: string) => {
    const alternatives = slots[name]
    const value = alternatives
      ? fill(random.pick(alternatives), slots, random, depth + 1)
      : values(name, random)
    return capital === '' ? value : value.charAt(0).toUpperCase() + value.slice(1)
  })
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
