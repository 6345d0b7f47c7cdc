/** How many records of each kind a log holds. */
export interface Counts {
  readonly decisions: number
  readonly outcomes: number
  readonly refusals: number
  readonly summaries: number
  readonly logs: number
  /** Decisions without an outcome: exchanges that run, or that a crash or a full disk ended. No failure of the log. */
  readonly open: number
  /** Outcomes whose decision is not in the log: it stands in a segment that was taken away. */
  readonly unpaired: number
}

/** Far more than exchanges that run at once: about 20 MB of ids. */
const OPEN_MAX = 262_144

const KIND = /^\{"seq":\d+,"prev":"[\w-]+","kind":"(\w+)","(?:id|event)":"([^"]*)"/

/** Counts records, and pairs decisions with outcomes, in bounded memory. */
export class Tally {
  records = 0
  readonly #kinds = new Map<string, number>()
  readonly #waiting = new Set<string>()
  readonly #openMax: number
  #open = 0
  #unpaired = 0

  /** @param openMax Decisions that may wait for their outcome at once; the oldest beyond it are taken for open. */
  constructor(openMax = OPEN_MAX) {
    this.#openMax = openMax
  }

  /** Adds one verified line. Gives the event of a log record, else the kind. */
  add(line: string): string {
    this.records++
    const [, kind = 'summary', id = ''] = KIND.exec(line) ?? []
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1)
    if (kind === 'decision') this.#decision(id)
    if (kind === 'outcome' && !this.#waiting.delete(id)) this.#unpaired++
    if (kind !== 'log') return kind

    // A gateway that starts has no exchange of its predecessor's.
    if (id === 'opened') {
      this.#open += this.#waiting.size
      this.#waiting.clear()
    }
    return id
  }

  counts(): Counts {
    const count = (kind: string): number => this.#kinds.get(kind) ?? 0
    return {
      decisions: count('decision'),
      outcomes: count('outcome'),
      refusals: count('refusal'),
      summaries: count('summary'),
      logs: count('log'),
      open: this.#open + this.#waiting.size,
      unpaired: this.#unpaired,
    }
  }

  #decision(id: string): void {
    this.#waiting.add(id)
    if (this.#waiting.size <= this.#openMax) return

    for (const oldest of this.#waiting) {
      this.#waiting.delete(oldest)
      this.#open++
      return
    }
  }
}
