import type { Observer } from '../core/events.ts'

/** Whether the gateway can take more work. */
export interface Load {
  /** True while the event loop is late: new requests are refused with 503, so that those inside finish. */
  readonly shedding: boolean
  close(): void
}

const SAMPLE_MS = 50
/** Late samples in a row that begin the shedding: a burst of handshakes or one collection of garbage is no overload. */
const LATE_IN_A_ROW = 2

/**
 * Watches how late a timer fires. Two late samples in a row start the shedding and one on time ends it, so that recovery is at
 * once.
 *
 * @param loopDelayMsMax Delay from which on a sample is late, in milliseconds.
 */
export function watchLoad(loopDelayMsMax: number, observer: Observer): Load {
  let late = 0
  let dueMs = performance.now() + SAMPLE_MS
  const timer = setInterval(() => {
    const nowMs = performance.now()
    const lateMs = nowMs - dueMs
    dueMs = nowMs + SAMPLE_MS
    late = lateMs > loopDelayMsMax ? late + 1 : 0
    if (late === LATE_IN_A_ROW) observer.event('overloaded', { loopDelayMs: Math.round(lateMs) })
  }, SAMPLE_MS)
  timer.unref()
  return {
    get shedding() {
      return late >= LATE_IN_A_ROW
    },
    close: () => clearInterval(timer),
  }
}
