import type { Detector, Finding, View } from '../../core/verdict.ts'
import { firstMatch, type Match, nextMatch } from '../signatures/match.ts'
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
/** Findings of each kind that one view may have: more say nothing new. */
const FINDINGS_MAX = 32

/**
 * Signatures of a view as findings of a detector. Phrases that are told of are counted apart: a page of quotations would else
 * hide the order that stands after them.
 */
export function signatureFindings(view: View, detector: string): readonly Finding[] {
  const { normal } = view
  const said: Finding[] = []
  const told: Finding[] = []
  let match = firstMatch(normal)
  while (match !== undefined && said.length < FINDINGS_MAX) {
    const { rule, start, end } = match
    const score = isTold(normal, match) ? TOLD : match.score
    const list = score === TOLD ? told : said
    if (list.length < FINDINGS_MAX) {
      list.push({ detector, score, start: view.toOriginal(start), end: view.toOriginal(end), rule })
    }
    match = nextMatch(normal, start + 1)
  }
  return told.length === 0 ? said : [...said, ...told]
}

function isTold(normal: string, { start, end }: Match): boolean {
  return isQuoted(normal, start, end) || isForbidden(normal, start)
}
