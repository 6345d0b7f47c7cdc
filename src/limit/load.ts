import type { Observer } from '../core/events.ts'

/** Whether the gateway can take more work. */
export interface Load {
  /** True while the event loop is late: new requests are refused with 503, so that those inside finish. */
  readonly shedding: boolean
  close(): void
}

const SAMPLE_MS = 50

/**
 * Watches how late a timer fires. One late sample starts the shedding and one on time ends it, so that a short stall
 * costs few refusals and recovery is at once.
 *
 * @param loopDelayMsMax Delay from which on requests are shed, in milliseconds.
 */
export function watchLoad(loopDelayMsMax: number, observer: Observer): Load {
  let shedding = false
  let dueMs = performance.now() + SAMPLE_MS
  const timer = setInterval(() => {
    const nowMs = performance.now()
    const lateMs = nowMs - dueMs
    dueMs = nowMs + SAMPLE_MS
    if (lateMs > loopDelayMsMax && !shedding)
      observer.event('overloaded', { loopDelayMs: Math.round(lateMs) })
    shedding = lateMs > loopDelayMsMax
  }, SAMPLE_MS)
  timer.unref()
  return {
    get shedding() {
      return shedding
    },
    close: () => clearInterval(timer),
  }
}
