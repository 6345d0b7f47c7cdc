import type { Decision } from '../core/query.ts'

/**
 * Decisions already made, bounded: two generations of at most `max / 2`. A hit in the older one moves up; when the
 * younger one is full it becomes the older, and what nobody asked for again is gone.
 */
export class DecisionCache {
  readonly #generationMax: number
  #young = new Map<string, Decision>()
  #old = new Map<string, Decision>()

  /** @param max Most decisions held, at least 2. */
  constructor(max: number) {
    this.#generationMax = Math.floor(max / 2)
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }

  get(key: string): Decision | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  set(key: string, decision: Decision): void {
    if (this.#young.size >= this.#generationMax) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, decision)
  }
}
