import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../core/clock.ts'

/** How long one turn of the event loop may be worked, in milliseconds; the step at hand is ended first. */
const TURN_MS = 8

/** Leave to work in this turn of the event loop. */
export interface Turn {
  isOver(): boolean
}

/**
 * Turns of the event loop, given out one at a time, first come, first served: a hundred large calls hold up others no longer
 * at a stretch than one does.
 */
export class Turns {
  readonly #clock: Clock
  #last: Promise<void> = Promise.resolve()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves in a turn that nobody else was given. */
  async next(): Promise<Turn> {
    this.#last = this.#last.then(() => setImmediate())
    await this.#last
    const endMs = this.#clock.monotonicMs() + TURN_MS
    return { isOver: () => this.#clock.monotonicMs() >= endMs }
  }
}
