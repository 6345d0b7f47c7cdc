import type { Origin } from '../../core/call.ts'
import { PLACE_BITS } from './hash.ts'
import { type Model, shiftOf } from './model.ts'
import { score, shipped } from './score.ts'
import { rootOf } from './windows.ts'

/** What one token did to the score. */
export interface Attribution {
  /** Where it stands in the folded text: start inclusive, end exclusive. */
  readonly start: number
  readonly end: number
  /** Log-odds that the features which end with this token add. */
  readonly value: number
}

/**
 * Why a text has its score. Given its strongest window the log-odds are linear in the features, so these are the exact Shapley
 * values of the interventional game whose background is the mean of training: weight * (value - mean). Which window is the
 * strongest is not explained; it is given.
 */
export interface Explanation {
  readonly logOdds: number
  /** Log-odds of the background. */
  readonly base: number
  /** Of the tokens of the window, in order. */
  readonly attributions: readonly Attribution[]
  /** What the features add that the background has and the window has not. base + absent + all values = logOdds. */
  readonly absent: number
}

/** Place of each feature of the background among its means, plus one; 0 for the rest. Two bytes a place. */
const ranks = new WeakMap<Model, Ranks>()

interface Ranks {
  readonly of: Uint16Array
  /** How often the window holds each; all 0 between explanations. */
  readonly seen: Uint16Array
  /** Sum of weight * mean over the background. */
  readonly sum: number
}

/** Explains the score of a folded text. */
export function attribute(normal: string, origin: Origin, model: Model = shipped): Explanation {
  const { logOdds, window, features } = score(normal, origin, model)
  const { weights, gain, offset, shifts, background } = model
  const { of, seen, sum } = ranksOf(model)
  const { firsts, places, starts, ends } = features
  const from = firsts[window.start] ?? 0
  const to = firsts[window.end] ?? 0
  for (let i = from; i < to; i++) {
    const rank = of[places[i] ?? 0] ?? 0
    if (rank > 0) seen[rank] = (seen[rank] ?? 0) + 1
  }

  const root = rootOf(window.count)
  const attributions: Attribution[] = []
  let present = 0
  for (let token = window.start; token < window.end; token++) {
    let value = 0
    for (let i = firsts[token] ?? 0; i < (firsts[token + 1] ?? 0); i++) {
      const place = places[i] ?? 0
      const weight = gain * (weights[place] ?? 0)
      const rank = of[place] ?? 0
      // A feature that stands there several times has one mean, shared by all of them.
      const mean = rank === 0 ? 0 : (background.means[rank - 1] ?? 0) / (seen[rank] ?? 1)
      value += weight * (root - mean)
      present += weight * mean
    }
    attributions.push({ start: starts[token] ?? 0, end: ends[token] ?? 0, value })
  }

  for (let i = from; i < to; i++) seen[of[places[i] ?? 0] ?? 0] = 0
  const base = offset + shiftOf(shifts, origin, features.tokens) + sum
  return { logOdds, base, attributions, absent: present - sum }
}

function ranksOf(model: Model): Ranks {
  const known = ranks.get(model)
  if (known !== undefined) return known

  const { places, means } = model.background
  const of = new Uint16Array(2 ** PLACE_BITS)
  let sum = 0
  places.forEach((place, i) => {
    of[place] = i + 1
    sum += model.gain * (model.weights[place] ?? 0) * (means[i] ?? 0)
  })
  const made = { of, seen: new Uint16Array(places.length + 1), sum }
  ranks.set(model, made)
  return made
}
