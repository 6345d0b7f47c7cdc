import type { Background } from '../src/screen/model/model.ts'
import { rootOf } from '../src/screen/model/windows.ts'
import type { Example } from './examples.ts'
import { type Fitted, strongestOf } from './fit.ts'

/** Weights as whole numbers, -127 to 127, and what one of them is worth. */
export interface Rounded {
  readonly weights: Int8Array
  readonly scale: number
}

/** Share of the largest weights that are cut, so that the many small ones keep their differences. */
const CUT = 2e-4
/** Features of the background that are kept, and the mean below which none is. */
const BACKGROUND_MAX = 16_384
const MEAN_MIN = 1e-4

/** Rounds to bytes. */
export function quantise({ weights }: Fitted): Rounded {
  const sizes = weights
    .filter((weight) => weight !== 0)
    .map(Math.abs)
    .sort()
  const scale = (sizes[Math.floor(sizes.length * (1 - CUT))] ?? 1) / 127
  return {
    scale,
    weights: Int8Array.from(weights, (weight) => Math.max(-127, Math.min(127, Math.round(weight / scale)))),
  }
}

/** Mean value of each feature over the strongest windows of the examples: what an explanation compares with. */
export function backgroundOf(examples: readonly Example[], weights: Int8Array): Background {
  const means = new Float64Array(weights.length)
  for (const { views } of examples) {
    const found = strongestOf(views, weights)
    if (found === undefined) continue
    const { firsts, places } = found.bag
    const value = rootOf(found.window.count) / examples.length
    const end = firsts[found.window.end] ?? 0
    for (let i = firsts[found.window.start] ?? 0; i < end; i++) {
      const place = places[i] ?? 0
      means[place] = (means[place] ?? 0) + value
    }
  }
  const kept = [...means.keys()]
    .filter((place) => (means[place] ?? 0) >= MEAN_MIN && weights[place] !== 0)
    .sort((one, other) => (means[other] ?? 0) - (means[one] ?? 0) || one - other)
    .slice(0, BACKGROUND_MAX)
    .sort((one, other) => one - other)
  return {
    places: Uint32Array.from(kept),
    means: Float32Array.from(kept, (place) => means[place] ?? 0),
  }
}
