import { readFileSync } from 'node:fs'
import { SHAPES } from './shapes.ts'

/** Units of the table in a bit of surprise. */
export const UNITS_A_BIT = 20
/** Where the table lies: for each pair of shapes, next to one another and one apart, the surprise of the second. */
export const TABLE = new URL('./background.bin', import.meta.url)

/**
 * Surprise of a shape after another, in twentieths of a bit: entries `before * SHAPES + shape`, neighbours first, then those
 * one apart. Counted over texts written for this project, its sources and its documentation, by `scripts/background.ts`.
 *
 * @throws {Error} when the file has another size than the shapes ask for.
 */
export function background(): Uint8Array {
  const table = new Uint8Array(readFileSync(TABLE))
  if (table.length !== 2 * SHAPES * SHAPES) throw new Error(`background.bin has ${table.length} bytes`)
  return table
}
