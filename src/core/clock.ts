/** Time, handed in so that tests can turn it. */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. For claims and records only. */
  wallMs(): number
  /** Monotonic, milliseconds. For deadlines, limits and durations. */
  monotonicMs(): number
}

/** The machine's clocks. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
}
