import type { Exchange } from './core/exchange.ts'
import { handle } from './pipeline/handle.ts'
import { retire, type Standing } from './standing.ts'

/** How long exchanges that were cut off may take to write their outcomes. */
const OUTCOMES_MS = 2_000

/**
 * Where exchanges go in; shut until a gate stands. An exchange keeps the gate that it came in by, to its end: nothing is judged
 * by a mixture of two configurations. What a new gate replaced is retired with its last exchange.
 */
export class Door {
  #standing: Standing | undefined
  /** Exchanges inside, by what they came in by. */
  readonly #inside = new Map<Standing, number>()
  #emptied: (() => void) | undefined

  get standing(): Standing | undefined {
    return this.#standing
  }

  /** From now on exchanges go in by this one. The one before is retired with its last exchange. */
  stand(standing: Standing): void {
    const before = this.#standing
    this.#standing = standing
    if (before !== undefined && !this.#inside.has(before)) void retire(before, this.#living())
  }

  /** Retires all that is left, used or not. */
  async close(): Promise<void> {
    for (const standing of this.#living()) await retire(standing, [])
  }

  async handle(exchange: Exchange): Promise<void> {
    const standing = this.#standing
    if (standing === undefined) {
      exchange.client.abort()
      return
    }
    this.#inside.set(standing, (this.#inside.get(standing) ?? 0) + 1)
    await handle(standing.gate, exchange)
    this.#leave(standing)
  }

  /** Resolves once nobody is inside, in two seconds at the latest. */
  async empty(): Promise<void> {
    if (this.#inside.size === 0) return
    const late = setTimeout(() => this.#emptied?.(), OUTCOMES_MS)
    await new Promise<void>((resolve) => (this.#emptied = resolve))
    clearTimeout(late)
  }

  #leave(standing: Standing): void {
    const left = (this.#inside.get(standing) ?? 1) - 1
    if (left > 0) {
      this.#inside.set(standing, left)
      return
    }
    this.#inside.delete(standing)
    if (standing !== this.#standing) void retire(standing, this.#living())
    if (this.#inside.size === 0) this.#emptied?.()
  }

  /** What exchanges go in by, or are inside by: two of them may share a connection, and so may those between, which are gone. */
  #living(): readonly Standing[] {
    const current = this.#standing === undefined ? [] : [this.#standing]
    return [...new Set([...current, ...this.#inside.keys()])]
  }
}
