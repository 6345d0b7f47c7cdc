import { PLACE_BITS } from '../src/screen/model/hash.ts'
import { type Bag, rootOf, strongestWindow, type Window } from '../src/screen/model/windows.ts'
import type { Example } from './examples.ts'
import type { Random } from './written/random.ts'

/** A model as it is trained, before it is calibrated and rounded. */
export interface Fitted {
  readonly weights: Float32Array
  readonly bias: number
}

/** The strongest window of a text, and the view it stands in. */
export interface Strongest {
  readonly bag: Bag
  readonly window: Window
}

/** Times that each text is seen. */
export const EPOCHS = 8
/** Epochs at the end whose weights are averaged. */
const AVERAGED = 4
const RATE = 0.3
const L2 = 1e-6
/** What the squares of gradients begin with: how far a feature's first step goes. */
const FIRST_SQUARE = 1e-3
/** Errors too small to learn from. */
const ERROR_MIN = 1e-4

/**
 * Logistic regression by AdaGrad on the strongest window of each text, for attacks (where is it?) as for innocent texts (what
 * comes closest to one?). The weights are the mean of those after the last epochs.
 *
 * @param tick Told after each epoch.
 */
export function fit(examples: readonly Example[], random: Random, tick: () => void): Fitted {
  const weights = new Float32Array(2 ** PLACE_BITS)
  const squares = new Float32Array(weights.length).fill(FIRST_SQUARE)
  const mean = new Float64Array(weights.length)
  const order = examples.slice()
  const bias = { now: -1, square: 1, mean: 0 }
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    shuffle(order, random)
    for (const { views, label, weight } of order) {
      const found = strongestOf(views, weights)
      if (found === undefined) continue
      const error = weight * (1 / (1 + Math.exp(-bias.now - found.window.strength)) - label)
      if (Math.abs(error) < ERROR_MIN) continue
      step(found, error * rootOf(found.window.count), weights, squares)
      bias.square += error * error
      bias.now -= (RATE * error) / Math.sqrt(bias.square)
    }
    if (epoch >= EPOCHS - AVERAGED) {
      for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] ?? 0) + (weights[i] ?? 0) / AVERAGED
      bias.mean += bias.now / AVERAGED
    }
    tick()
  }
  return { weights: Float32Array.from(mean), bias: bias.mean }
}

/** The strongest window of all views; undefined for a text without a word. */
export function strongestOf(views: readonly Bag[], weights: Int8Array | Float32Array): Strongest | undefined {
  let found: Strongest | undefined
  for (const bag of views) {
    const window = strongestWindow(bag, weights)
    if (found === undefined || window.strength > found.window.strength) found = { bag, window }
  }
  return found
}

/** Log-odds before calibration. */
export function rawScore({ weights, bias }: Fitted, views: readonly Bag[]): number {
  return bias + (strongestOf(views, weights)?.window.strength ?? 0)
}

function step(
  { bag: { firsts, places }, window }: Strongest,
  gradient: number,
  weights: Float32Array,
  squares: Float32Array,
): void {
  const square = gradient * gradient
  const end = firsts[window.end] ?? 0
  for (let i = firsts[window.start] ?? 0; i < end; i++) {
    const place = places[i] ?? 0
    const sum = (squares[place] ?? 0) + square
    const weight = weights[place] ?? 0
    squares[place] = sum
    weights[place] = weight - RATE * (gradient / Math.sqrt(sum) + L2 * weight)
  }
}

function shuffle(list: Example[], random: Random): void {
  for (let i = list.length - 1; i > 0; i--) {
    const j = random.int(i + 1)
    const [one, other] = [list[i], list[j]]
    if (one !== undefined && other !== undefined) [list[i], list[j]] = [other, one]
  }
}
