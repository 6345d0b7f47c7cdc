import { isOrdinary, type Labelled } from './corpus.ts'
import { fragmentOf } from './augment.ts'
import { bagsOf, type Example } from './examples.ts'
import { fit, type Fitted, rawScore } from './fit.ts'
import { Random } from './written/random.ts'

/** Parts that sources are dealt to: each part is scored by a model that has seen only the others. */
export const FOLDS = 4
/** Ordinary texts of one source that choose thresholds: no large source shall choose alone. */
const SOURCE_MAX = 60

/** An ordinary text that the model that scored it has not seen. */
export interface Ordinary {
  readonly raw: number
  readonly tokens: number
}

/** Tokens of a piece of a long document. */
const PIECE_TOKENS = 1_200

/**
 * Long documents, for which corpora have too few: neighbouring texts as one. What is strongest in any of them is strongest in all.
 */
export function joined(texts: readonly Ordinary[]): Ordinary[] {
  const documents: Ordinary[] = []
  let document = { raw: -Infinity, tokens: 0 }
  for (const { raw, tokens } of texts) {
    document = { raw: Math.max(document.raw, raw), tokens: document.tokens + tokens }
    if (document.tokens < PIECE_TOKENS) continue
    documents.push(document)
    document = { raw: -Infinity, tokens: 0 }
  }
  return documents
}

/** Raw score of each example by a model that has not seen its source. */
export function scoredApart(examples: readonly Example[], seed: number, tick: () => void): Float64Array {
  const folds = examples.map(({ group }) => new Random(group, seed).int(FOLDS))
  const raws = new Float64Array(examples.length)
  for (let fold = 0; fold < FOLDS; fold++) {
    const others = examples.filter((_, i) => folds[i] !== fold)
    const fitted = fit(others, new Random(`fold ${fold}`, seed), tick)
    examples.forEach(({ views }, i) => {
      if (folds[i] === fold) raws[i] = rawScore(fitted, views)
    })
  }
  return raws
}

/** Ordinary texts of training with their scores, some of each source. */
export function ordinaryOf(
  rows: readonly Labelled[],
  examples: readonly Example[],
  raws: Float64Array,
): Ordinary[] {
  const counts = new Map<string, number>()
  return rows.flatMap((row, i) => {
    const example = examples[i]
    if (!isOrdinary(row) || example === undefined) return []
    const count = counts.get(example.group) ?? 0
    counts.set(example.group, count + 1)
    return count < SOURCE_MAX ? [{ raw: raws[i] ?? 0, tokens: example.views[0]?.tokens ?? 0 }] : []
  })
}

/** Ordinary texts that were kept back from training, and a few words of each. */
export function ordinaryKept(kept: readonly Labelled[], fitted: Fitted): Ordinary[] {
  const random = new Random('fragments', 1)
  const ordinary = kept.filter(isOrdinary).map(({ text }) => text)
  const values = ordinary.map((text) => fragmentOf(text, random))
  return [...ordinary, ...values].map((text) => {
    const views = bagsOf(text)
    return { raw: rawScore(fitted, views), tokens: views[0]?.tokens ?? 0 }
  })
}
