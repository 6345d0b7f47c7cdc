import type { Features } from './features.ts'

/** Tokens of a window: an order stands in about 20, a paragraph in 56, a role or a story takes 160. */
export const WINDOW_TOKENS: readonly number[] = [20, 56, 160]

/** What windows need of the features of a text. */
export type Bag = Pick<Features, 'tokens' | 'firsts' | 'places'>

/** A stretch of tokens and what its features weigh together. */
export interface Window {
  /** Tokens: start inclusive, end exclusive. */
  readonly start: number
  readonly end: number
  /** Sum of the weights of its features, in units of the table. */
  readonly sum: number
  /** Number of its features. */
  readonly count: number
  /** The sum by the root of the count: what windows are compared by. */
  readonly strength: number
}

/** Features that every window has at least, so to speak: a lone word shall not be sure. */
const DAMPING = 30
const ROOM = 16_385
/** Sums are of whole numbers when weights are, so they are exact: below 2^53 in a double. */
let sums = new Float64Array(ROOM)
const roots = Float64Array.from({ length: 8_192 }, (_, count) => 1 / Math.sqrt(count + DAMPING))

/** What a sum of so many features is multiplied by. */
export function rootOf(count: number): number {
  return roots[count] ?? 1 / Math.sqrt(count + DAMPING)
}

/**
 * The strongest of all windows of all sizes, by sums from the beginning: linear time, nothing cut off, and the same order weighs
 * the same wherever it stands.
 */
export function strongestWindow(features: Bag, weights: Int8Array | Float32Array): Window {
  const { tokens, firsts, places } = features
  if (tokens >= sums.length) sums = new Float64Array(tokens + 1)
  let total = 0
  let place = firsts[0] ?? 0
  for (let token = 0; token < tokens; token++) {
    const end = firsts[token + 1] ?? 0
    for (; place < end; place++) total += weights[places[place] ?? 0] ?? 0
    sums[token + 1] = total
  }
  let start = 0
  let end = 0
  let strength = -Infinity
  for (const size of WINDOW_TOKENS) {
    const width = Math.min(size, tokens)
    for (let from = 0; from + width <= tokens; from++) {
      const to = from + width
      const sum = (sums[to] ?? 0) - (sums[from] ?? 0)
      const here = sum * rootOf((firsts[to] ?? 0) - (firsts[from] ?? 0))
      if (here > strength) {
        strength = here
        start = from
        end = to
      }
    }
    if (width === tokens) break
  }
  const sum = (sums[end] ?? 0) - (sums[start] ?? 0)
  return { start, end, sum, count: (firsts[end] ?? 0) - (firsts[start] ?? 0), strength }
}
