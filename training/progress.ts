const WIDTH = 30

/** Shows how far a long run has come, on a terminal; says nothing to a file. */
export class Progress {
  readonly #steps: number
  #done = 0

  /** @param steps Calls of `tick` until the end. */
  constructor(steps: number) {
    this.#steps = steps
  }

  /** One step is done; `what` is being done. */
  tick(what: string): void {
    this.#done += 1
    if (!process.stderr.isTTY) return
    const share = Math.min(1, this.#done / this.#steps)
    const bar = '#'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '.')
    process.stderr.write(`\r[${bar}] ${Math.round(100 * share)} % ${what}\x1b[K${share === 1 ? '\n' : ''}`)
  }
}
