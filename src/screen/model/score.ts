import type { Origin } from '../../core/call.ts'
import { type Features, featuresOf } from './features.ts'
import { type Model, readModel, shiftOf } from './model.ts'
import { rootOf, strongestWindow, type Window } from './windows.ts'

/** What the model says of a folded text. */
export interface Scored {
  /** Calibrated log-odds that this is an attack; 0 is the balanced threshold. */
  readonly logOdds: number
  readonly window: Window
  /** What was read; good until the next text is scored. */
  readonly features: Features
}

/** The model that this version ships. */
export const shipped: Model = readModel(new URL('./', import.meta.url))

/** Scores a folded text by its strongest window. */
export function score(normal: string, origin: Origin, model: Model = shipped): Scored {
  const features = featuresOf(normal)
  const window = strongestWindow(features, model.weights)
  return { logOdds: logOddsOf(window, origin, features.tokens, model), window, features }
}

/** Log-odds of a window of a text of so many tokens. */
export function logOddsOf(
  { sum, count }: Pick<Window, 'sum' | 'count'>,
  origin: Origin,
  tokens: number,
  { gain, offset, shifts }: Model,
): number {
  return offset + shiftOf(shifts, origin, tokens) + gain * sum * rootOf(count)
}

/** Probability of log-odds, 0 to 1. */
export function probabilityOf(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds))
}
