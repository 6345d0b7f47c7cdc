import type { BoundsConfig } from '../core/config.ts'

const WINDOW_MS = 1_000

/**
 * Counts what a client may do for free on one HTTP/2 connection: reset streams that it has just opened
 * (CVE-2023-44487), or make us answer SETTINGS and PING (CVE-2019-9512, -9515). Windows of one second.
 */
export class FloodGuard {
  readonly #bounds: Pick<BoundsConfig, 'resetsPerSMax' | 'controlFramesPerSMax'>
  #sinceMs = 0
  #resets = 0
  #controls = 0

  constructor(bounds: Pick<BoundsConfig, 'resetsPerSMax' | 'controlFramesPerSMax'>) {
    this.#bounds = bounds
  }

  /** A stream ended by a reset that we did not decide. False: too many. */
  reset(nowMs: number): boolean {
    this.#turn(nowMs)
    this.#resets += 1
    return this.#resets <= this.#bounds.resetsPerSMax
  }

  /** A SETTINGS or PING frame arrived. False: too many. */
  control(nowMs: number): boolean {
    this.#turn(nowMs)
    this.#controls += 1
    return this.#controls <= this.#bounds.controlFramesPerSMax
  }

  #turn(nowMs: number): void {
    if (nowMs - this.#sinceMs < WINDOW_MS) return
    this.#sinceMs = nowMs
    this.#resets = 0
    this.#controls = 0
  }
}
