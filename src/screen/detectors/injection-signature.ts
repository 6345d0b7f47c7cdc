import type { Detector, Finding, View } from '../../core/verdict.ts'
import { matchesIn } from '../signatures/match.ts'
import { isForbidden, isQuoted } from '../quoted.ts'

/** Finds the phrases that injections are made of, where they stand in the open. */
export const injectionSignature: Detector = {
  name: 'injection-signature',
  summary:
    'Phrases that override instructions, pose as the system, ask for the system prompt, switch modes, send secrets away or order the agent from inside content, in sixteen languages.',
  costNsPerCharMax: 40,
  scan(view) {
    return view.decodedBy === undefined ? signatureFindings(view, 'injection-signature') : []
  },
}

/** Score of a phrase that is told of, not said: below every threshold but one that an operator sets to see it. */
const TOLD = 0.3

/** Signatures of a view as findings of a detector. */
export function signatureFindings(view: View, detector: string): readonly Finding[] {
  return matchesIn(view.normal).map(({ rule, score, start, end }) => ({
    detector,
    score: isQuoted(view.normal, start, end) || isForbidden(view.normal, start) ? TOLD : score,
    start: view.toOriginal(start),
    end: view.toOriginal(end),
    rule,
  }))
}
