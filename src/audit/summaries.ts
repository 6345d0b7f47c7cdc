import type { SummaryRecord } from '../core/record.ts'

/** Name of the peer under which those over the bound are counted together. */
export const OTHER_PEERS = '*'

const NAMES_MAX = 64
const OTHER_NAMES = 'other'
const PEER_UNITS_MAX = 64
const NAME_UNITS_MAX = 64

interface Tally {
  readonly fromMs: number
  readonly counts: Map<string, number>
  readonly firstId: string | undefined
}

/**
 * Counts what happens before authentication, by peer, until the window is taken. An attacker chooses how often and
 * from how many addresses: memory and records are bounded by `peersMax` + 1, whatever comes.
 */
export class Summaries {
  readonly #peersMax: number
  readonly #tallies = new Map<string, Tally>()

  constructor(peersMax: number) {
    this.#peersMax = peersMax
  }

  /** Counts one. `what` is a problem name or a connection fault. */
  add(seen: { peer: string; what: string; id: string | undefined; nowMs: number }): void {
    const { counts } = this.#tallyOf(seen)
    const what = seen.what.slice(0, NAME_UNITS_MAX)
    const name = counts.has(what) || counts.size < NAMES_MAX ? what : OTHER_NAMES
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }

  /** The records of the window, which thereby ends. */
  take(nowMs: number): SummaryRecord[] {
    const records: SummaryRecord[] = []
    for (const [peer, { fromMs, counts, firstId }] of this.#tallies) {
      // `fromEntries` makes own members: a name like `__proto__` is no trap.
      records.push({
        kind: 'summary',
        peer,
        fromMs,
        toMs: nowMs,
        counts: Object.fromEntries(counts),
        firstId,
      })
    }
    this.#tallies.clear()
    return records
  }

  #tallyOf({ peer, id, nowMs }: { peer: string; id: string | undefined; nowMs: number }): Tally {
    const capped = peer.slice(0, PEER_UNITS_MAX)
    const known = this.#tallies.get(capped)
    if (known !== undefined) return known

    const name = this.#tallies.size < this.#peersMax ? capped : OTHER_PEERS
    const others = this.#tallies.get(name)
    if (others !== undefined) return others

    const tally = { fromMs: nowMs, counts: new Map<string, number>(), firstId: id }
    this.#tallies.set(name, tally)
    return tally
  }
}
