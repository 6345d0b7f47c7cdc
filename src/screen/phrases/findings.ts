import type { Finding, View } from '../../core/verdict.ts'
import { isForbidden, isQuoted } from '../quoted.ts'
import { Most, TOLD } from '../shapes/most.ts'
import type { FindPhrases } from './phrases.ts'

/** Phrases of a view as findings of a detector. What is quoted by somebody who writes about attacks is told, not said. */
export function phraseFindings(view: View, detector: string, find: FindPhrases): readonly Finding[] {
  const { normal } = view
  const most = new Most()
  for (const { rule, score, start, end } of find(normal)) {
    const told = isQuoted(normal, start, end) || isForbidden(normal, start)
    most.add({
      detector,
      rule,
      score: told ? TOLD : score,
      start: view.toOriginal(start),
      end: view.toOriginal(end),
    })
    if (most.isFull) break
  }
  return most.all
}
