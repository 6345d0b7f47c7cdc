import type { Origin } from '../../core/call.ts'
import { attribute } from './attribute.ts'
import type { Model } from './model.ts'
import { score, shipped } from './score.ts'

/** A stretch of the folded text: start inclusive, end exclusive. */
export type Span = readonly [start: number, end: number]

/** Words without which the text would have passed. */
export interface Counterfactual {
  /** In the order in which they stand. None can be left in: with one less the score is at or above the threshold again. */
  readonly spans: readonly Span[]
  /** Log-odds of the text without them, as scored again. */
  readonly logOdds: number
}

/** Rounds of taking something away; a text that still stands is an attack through and through. */
const ROUNDS_MAX = 12

/**
 * The least that has to go for the score to fall below a threshold: the words that weigh most are taken away until it does, each
 * time scored anew, then every one is put back that is not needed. Undefined where the score is below already, or nothing helps.
 *
 * @param threshold Log-odds at and above which the text is rejected.
 */
export function counterfactual(
  normal: string,
  origin: Origin,
  threshold: number,
  model: Model = shipped,
): Counterfactual | undefined {
  let left = score(normal, origin, model).logOdds
  if (left < threshold) return undefined

  let spans: Span[] = []
  for (let round = 0; round < ROUNDS_MAX && left >= threshold; round++) {
    const heaviest = heaviestSpan(blanked(normal, spans), origin, threshold, model)
    if (heaviest === undefined) return undefined
    spans = merged([...spans, heaviest])
    left = score(blanked(normal, spans), origin, model).logOdds
  }
  if (left >= threshold) return undefined

  for (const span of spans) {
    const fewer = spans.filter((other) => other !== span)
    if (score(blanked(normal, fewer), origin, model).logOdds < threshold) spans = fewer
  }
  return { spans, logOdds: score(blanked(normal, spans), origin, model).logOdds }
}

/** The fewest neighbouring words of the window that together outweigh what is too much, or else the heaviest word. */
function heaviestSpan(normal: string, origin: Origin, threshold: number, model: Model): Span | undefined {
  const { logOdds, attributions } = attribute(normal, origin, model)
  const excess = logOdds - threshold
  const sums = [0]
  for (const { value } of attributions) sums.push((sums.at(-1) ?? 0) + value)
  let best: readonly [from: number, to: number] | undefined
  for (let length = 1; length <= attributions.length; length++) {
    let most = -Infinity
    for (let from = 0; from + length <= attributions.length; from++) {
      const weight = (sums[from + length] ?? 0) - (sums[from] ?? 0)
      if (weight > most) {
        most = weight
        best = [from, from + length]
      }
    }
    if (most > excess) break
  }
  const [first, last] = [attributions[best?.[0] ?? 0], attributions[(best?.[1] ?? 0) - 1]]
  return first === undefined || last === undefined ? undefined : [first.start, last.end]
}

/** The text with spaces in place of the spans: what stands beside keeps its place. */
function blanked(normal: string, spans: readonly Span[]): string {
  let text = normal
  for (const [start, end] of spans) text = text.slice(0, start) + ' '.repeat(end - start) + text.slice(end)
  return text
}

function merged(spans: readonly Span[]): Span[] {
  const out: Span[] = []
  for (const [start, end] of spans.toSorted(([one], [other]) => one - other)) {
    const last = out.at(-1)
    if (last !== undefined && start <= last[1] + 1) out[out.length - 1] = [last[0], Math.max(last[1], end)]
    else out.push([start, end])
  }
  return out
}
