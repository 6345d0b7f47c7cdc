import type { BoundsConfig } from '../core/config.ts'
import type { Clock } from '../core/clock.ts'

const CHECK_MS = 1_000
/** A body may be as slow as it likes for so long, milliseconds of waiting. */
const GRACE_MS = 5_000

/** A body that is being read. */
export interface Paced {
  /** Bytes received so far. */
  readonly receivedBytes: number
  /** Monotonic time since when the client is waited for, milliseconds; 0 while it is our own side that waits. */
  readonly waitingSinceMs: number
  /** Time already waited for the client before that, milliseconds. */
  readonly waitedMs: number
  /** Monotonic time of the request's arrival, milliseconds. */
  readonly startedMs: number
  tooSlow(): void
}

/**
 * Ends bodies that trickle: an attacker who sends a byte now and then would otherwise hold memory and concurrency for
 * the price of nothing. One timer for all bodies, and none while there are none.
 */
export class Pace {
  readonly clock: Clock
  readonly #bytesPerSMin: number
  readonly #requestMs: number
  readonly #reading = new Set<Paced>()
  #timer: NodeJS.Timeout | undefined

  constructor(clock: Clock, bounds: Pick<BoundsConfig, 'bodyBytesPerSMin' | 'requestMs'>) {
    this.clock = clock
    this.#bytesPerSMin = bounds.bodyBytesPerSMin
    this.#requestMs = bounds.requestMs
  }

  watch(body: Paced): void {
    this.#reading.add(body)
    this.#timer ??= setInterval(() => this.#check(), CHECK_MS).unref()
  }

  unwatch(body: Paced): void {
    this.#reading.delete(body)
  }

  #check(): void {
    const nowMs = this.clock.monotonicMs()
    for (const body of this.#reading) if (this.#isTooSlow(body, nowMs)) body.tooSlow()
    if (this.#reading.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #isTooSlow(body: Paced, nowMs: number): boolean {
    if (body.waitingSinceMs === 0) return false
    if (nowMs - body.startedMs > this.#requestMs) return true
    const waitedMs = body.waitedMs + nowMs - body.waitingSinceMs
    return waitedMs > GRACE_MS && body.receivedBytes * 1_000 < this.#bytesPerSMin * waitedMs
  }
}
