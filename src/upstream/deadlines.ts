import type { Clock } from '../core/clock.ts'

/**
 * Waits that all last equally long, and so end in the order in which they began: one timer for all of them instead of one
 * each, armed for the oldest.
 */
export class Deadlines<Wait> {
  readonly #afterMs: number
  readonly #clock: Clock
  readonly #expire: (wait: Wait) => void
  readonly #dueMs = new Map<Wait, number>()
  #armed = false

  /**
   * @param afterMs How long each wait may last, milliseconds; 0 = for ever.
   * @param expire Called for a wait that was not ended in time, once.
   */
  constructor(afterMs: number, clock: Clock, expire: (wait: Wait) => void) {
    this.#afterMs = afterMs
    this.#clock = clock
    this.#expire = expire
  }

  begin(wait: Wait): void {
    if (this.#afterMs === 0) return
    this.#dueMs.set(wait, this.#clock.monotonicMs() + this.#afterMs)
    if (!this.#armed) this.#arm(this.#afterMs)
  }

  /** Ends a wait, begun or not. */
  end(wait: Wait): void {
    this.#dueMs.delete(wait)
  }

  // Never disarmed: in a busy second one timer fires for nothing, where arming and clearing would cost on every exchange.
  #arm(inMs: number): void {
    this.#armed = true
    setTimeout(() => this.#fire(), inMs).unref()
  }

  #fire(): void {
    this.#armed = false
    const nowMs = this.#clock.monotonicMs()
    for (const [wait, dueMs] of this.#dueMs) {
      if (dueMs > nowMs) return this.#arm(Math.max(1, dueMs - nowMs))
      this.#dueMs.delete(wait)
      this.#expire(wait)
    }
  }
}
