/** Counts turns of the event loop, while somebody asks. */
let turn = 0
let counting = false

/** Number of the current turn: the same for everything that one round of I/O caused. */
function currentTurn(): number {
  if (!counting) {
    counting = true
    setImmediate(() => {
      counting = false
      turn += 1
    })
  }
  return turn
}

/**
 * What one connection may start in one turn of the event loop. Whoever sends a thousand requests in one packet waits
 * for their own, and everybody else goes on in between.
 */
export class TurnBudget {
  readonly #max: number
  #turn = -1
  #taken = 0

  /** @param max Requests started per turn, at least 1. */
  constructor(max: number) {
    this.#max = max
  }

  /** False when this turn's share is spent: ask again in the next one. */
  take(): boolean {
    const now = currentTurn()
    if (now !== this.#turn) {
      this.#turn = now
      this.#taken = 0
    }
    if (this.#taken >= this.#max) return false
    this.#taken += 1
    return true
  }
}
