import type { Origin } from '../core/call.ts'
import { attribute } from './model/attribute.ts'
import { counterfactual } from './model/counterfactual.ts'
import { probabilityOf, score } from './model/score.ts'
import { type PlacedView, viewsOf } from './views.ts'

/** A word of the text, and what it did. */
export interface Word {
  /** As the model read it: folded, and decoded if it stood encoded. */
  readonly word: string
  /** Span in the text as received, UTF-16 code units: the encoded run for words of a decoded view. */
  readonly start: number
  readonly end: number
  /** Log-odds that it added. */
  readonly value: number
}

/** Why the model scores a text as it does. */
export interface TextExplanation {
  readonly origin: Origin
  /** Calibrated probability of an attack, 0 to 1. */
  readonly score: number
  /** Its log-odds: base + absent + the values of all words, within 1e-9. */
  readonly logOdds: number
  /** Log-odds of an average text of training. */
  readonly base: number
  /** What the average text has and this one has not. */
  readonly absent: number
  /** Words of the strongest window, in order. Which window and view are the strongest is given, not explained. */
  readonly words: readonly Word[]
  /** Name of the decoding that revealed it; undefined where it stands in the open. */
  readonly view: string | undefined
  /** The least without which it passes, scored again; undefined where it passes, or nothing helps. */
  readonly without: { readonly spans: readonly Word[]; readonly score: number } | undefined
}

/**
 * Explains the model's score of a text, by its highest view.
 *
 * @param threshold Score at and above which the text is rejected.
 */
export function explain(text: string, origin: Origin, threshold: number): TextExplanation {
  let highest: PlacedView | undefined
  let most = Number.NEGATIVE_INFINITY
  for (const placed of viewsOf(text, origin)) {
    const { logOdds } = score(placed.view.normal, origin)
    if (logOdds <= most) continue
    most = logOdds
    highest = placed
  }
  if (highest === undefined)
    return {
      origin,
      score: 0,
      logOdds: 0,
      base: 0,
      absent: 0,
      words: [],
      view: undefined,
      without: undefined,
    }

  const { view, place } = highest
  const { normal } = view
  const { logOdds, base, absent, attributions } = attribute(normal, origin)
  const wordOf = (start: number, end: number, value: number): Word => {
    const [from, to] = place(view.toOriginal(start), view.toOriginal(end))
    return { word: normal.slice(start, end), start: from, end: to, value }
  }
  const less = counterfactual(normal, origin, logOddsOf(threshold))
  return {
    origin,
    score: probabilityOf(logOdds),
    logOdds,
    base,
    absent,
    words: attributions.map(({ start, end, value }) => wordOf(start, end, value)),
    view: view.decodedBy,
    without: less && {
      spans: less.spans.map(([start, end]) => wordOf(start, end, 0)),
      score: probabilityOf(less.logOdds),
    },
  }
}

function logOddsOf(probability: number): number {
  const p = Math.min(Math.max(probability, 1e-6), 1 - 1e-6)
  return Math.log(p / (1 - p))
}
