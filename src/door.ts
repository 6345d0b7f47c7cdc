import type { Exchange } from './core/exchange.ts'
import { handle } from './pipeline/handle.ts'
import type { Standing } from './standing.ts'

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
  readonly #retire = new Map<Standing, () => void>()
  #emptied: (() => void) | undefined

  get standing(): Standing | undefined {
    return this.#standing
  }

  /** From now on exchanges go in by this one. `retire` is called when the last exchange of the one before has ended. */
  stand(standing: Standing, retire: () => void = nothing): void {
    const before = this.#standing
    this.#standing = standing
    if (before === undefined) return
    if (this.#inside.has(before)) this.#retire.set(before, retire)
    else retire()
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
    this.#retire.get(standing)?.()
    this.#retire.delete(standing)
    if (this.#inside.size === 0) this.#emptied?.()
  }
}

function nothing(): void {}
