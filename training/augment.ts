import type { Labelled } from './corpus.ts'
import { disguises } from './obfuscate.ts'
import { Random } from './written/random.ts'

/** One row in so many is also learnt in disguise, innocent ones as well: no disguise shall be a sign of an attack. */
const EVERY = 3
/** What is decoded before the model sees it teaches nothing new; these change the letters that it reads. */
const LEARNT = ['typos', 'leet', 'spaced letters', 'dotted letters']
/** Longer texts teach what shorter ones teach. */
const UNITS_MAX = 2_000
const WEIGHT = 0.3

/** The same rows in disguise, some of them. */
export function augmented(rows: readonly Labelled[], seed: number): Labelled[] {
  const random = new Random('augment', seed)
  return rows.flatMap((row) => {
    const disguise = disguises[random.pick(LEARNT)]
    if (random.int(EVERY) > 0 || row.text.length > UNITS_MAX || disguise === undefined) return []
    return [{ ...row, weight: WEIGHT, text: disguise(row.text, random) }]
  })
}
