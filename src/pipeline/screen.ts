import type { Verdict } from '../core/verdict.ts'
import { Denial } from '../problem/problems.ts'
import { type Screen, ScreenFault } from '../screen/screen.ts'
import type { CallPermit } from './authorize.ts'

/** Proof that a permitted call was screened, with the exact bytes that were. Made only here, from a CallPermit. */
class Clearance {
  declare protected readonly proof: true
  readonly permit: CallPermit
  readonly verdict: Verdict

  constructor(permit: CallPermit, verdict: Verdict) {
    this.permit = permit
    this.verdict = verdict
  }
}
export type { Clearance }

/** Phase 7: judges every text of the call, short ones at once. A screen that cannot judge refuses. */
export function screenInput(
  screen: Screen,
  permit: CallPermit,
): Clearance | Denial | Promise<Clearance | Denial> {
  const { config } = permit.route.admission.route
  const verdict = screen.screen(permit.reading.call, config.screen, config.trustSystem)
  return verdict instanceof Promise
    ? verdict.then((judged) => conclude(permit, judged))
    : conclude(permit, verdict)
}

function conclude(permit: CallPermit, verdict: Verdict | ScreenFault): Clearance | Denial {
  if (verdict instanceof ScreenFault)
    return new Denial('guard-unavailable', `screening failed: ${verdict.reason}`)
  if (verdict.effect === 'pass') return new Clearance(permit, verdict)
  const rules = [
    ...new Set(verdict.findings.map(({ detector, rule }) => (rule ? `${detector}/${rule}` : detector))),
  ]
  return new Denial('input-rejected', rules.join(' '), { findings: verdict.findings, rules })
}
