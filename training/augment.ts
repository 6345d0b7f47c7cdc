import type { Labelled } from './corpus.ts'
import { disguises } from './obfuscate.ts'
import { Random } from './written/random.ts'

/** One row in so many is also learnt in disguise, innocent ones as well: no disguise shall be a sign of an attack. */
const EVERY = 3
/**
 * What is decoded before the model sees it teaches nothing new; these change the letters that it reads. What no decoder undoes (rot13
 * without a known word, say) must not be learnt: the model would take the code itself for the sign of an attack.
 */
export const LEARNT: readonly string[] = ['typos', 'leet', 'spaced letters', 'dotted letters']
/** Longer texts teach what shorter ones teach. */
const UNITS_MAX = 2_000
const WEIGHT = 0.3

/** One innocent row in so many also gives a few words of it: names, values and titles are texts of a call too. */
const FRAGMENT_EVERY = 4
const FRAGMENT_WORDS = 6

/** More rows made of these: in disguise, and words out of innocent ones. */
export function augmented(rows: readonly Labelled[], seed: number): Labelled[] {
  const random = new Random('augment', seed)
  const disguised = rows.flatMap((row) => {
    const disguise = disguises[random.pick(LEARNT)]
    if (random.int(EVERY) > 0 || row.text.length > UNITS_MAX || disguise === undefined) return []
    return [{ ...row, weight: WEIGHT, text: disguise(row.text, random) }]
  })
  const fragments = rows
    .filter(({ label }) => label === 0 && random.int(FRAGMENT_EVERY) === 0)
    .map((row) => ({ ...row, weight: WEIGHT, text: fragmentOf(row.text, random) }))
  return [...disguised, ...fragments]
}

/** One to six words in a row. */
export function fragmentOf(text: string, random: Random): string {
  const words = text.split(/\s+/)
  const from = random.int(words.length)
  return words.slice(from, from + 1 + random.int(FRAGMENT_WORDS)).join(' ')
}
