import type { AuditLog } from '../audit/audit.ts'
import { Denial } from '../problem/problems.ts'
import type { Clearance } from './screen.ts'
import type { Story } from './story.ts'

/** Proof that the decision to let a call pass is on record. Made only here, from a Clearance; only this can be forwarded. */
class Recorded {
  declare protected readonly proof: true
  readonly clearance: Clearance

  constructor(clearance: Clearance) {
    this.clearance = clearance
  }
}
export type { Recorded }

/** Phase 8: writes the decision before anything is forwarded. What cannot be recorded does not happen. */
export async function record(
  audit: AuditLog,
  story: Story,
  clearance: Clearance,
): Promise<Recorded | Denial> {
  story.findings = clearance.verdict.findings
  const written = await audit.decision(story.decision())
  if (!written) return new Denial('audit-unavailable', 'the decision could not be written')
  story.decided = true
  // No record says it again, and a stream may stay open for hours: its prompt need not stand in memory as text all the while.
  story.reading = undefined
  return new Recorded(clearance)
}
