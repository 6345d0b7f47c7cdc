import type { PhaseTimes } from './record.ts'

/** Counts what the line did; on the hot path it only adds numbers. */
export interface Meter {
  /**
   * One exchange has ended.
   *
   * @param route Route name; empty while none was known.
   * @param result Problem name, or the ending of what was forwarded (`completed`, `client-aborted`, …).
   */
  exchange(route: string, result: string, durationMs: number, phases: PhaseTimes): void
}
