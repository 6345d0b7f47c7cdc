import type { Detector } from '../../core/verdict.ts'
import { probabilityOf, score } from '../model/score.ts'

/** A word or two order nothing: names, roles and values would be suspected. */
const TOKENS_MIN = 3
/** Below this the model has nothing to say: a record of every doubt would hide the ones that matter. */
const SCORE_MIN = 0.3

/** Finds what reads like an attack though no signature knows the phrase, by a model trained on both. */
export const injectionModel: Detector = {
  name: 'injection-model',
  summary:
    'Wording that attacks share and innocent texts do not, in the open or decoded: a trained linear model over words, letters and concepts of many languages, which says for each word what it weighs.',
  costNsPerCharMax: 60,
  scan(view) {
    if (view.normal === '') return []

    const { logOdds, window, features } = score(view.normal, view.origin)
    const probability = probabilityOf(logOdds)
    if (probability < SCORE_MIN || features.tokens < TOKENS_MIN) return []
    const start = view.toOriginal(features.starts[window.start] ?? 0)
    const end = view.toOriginal(features.ends[window.end - 1] ?? 0)
    return [
      {
        detector: 'injection-model',
        score: probability,
        start,
        end,
        rule: `window/${window.end - window.start}`,
      },
    ]
  },
}
