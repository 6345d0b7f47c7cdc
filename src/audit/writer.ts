import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../core/clock.ts'
import type { AuditConfig } from '../core/config.ts'
import type { Observer } from '../core/events.ts'
import type { DecisionRecord, LogRecord, OutcomeRecord, RefusalRecord } from '../core/record.ts'
import type { AuditLog } from './audit.ts'
import type { Disk } from './disk.ts'
import { recordMembers } from './format.ts'
import { openStore, type Store } from './store.ts'
import type { Segment } from './segment.ts'
import { Summaries } from './summaries.ts'

/** `group` mode: how long after a write its fdatasync starts. Well within the 100 ms that are promised. */
const SYNC_MS = 50
/** How long after a fault, and after each failed try, the log tries to go on. */
const PROBE_MS = 250
/** An operation of the disk that takes longer is a fault. Looked at every second. */
const HANG_MS = 5_000
const WATCH_MS = 1_000
/**
 * When records come in crowds, each write first waits so long for more of them. A write costs some 20 µs of CPU in the thread pool
 * whatever is in it, which is a tenth of a request when there is one for each; whoever is alone does not wait.
 */
const GATHER_MS = 1
const CROWD_MIN = 4
/** Records in one write: bounds the time that sealing them takes on the event loop (about 3 ms). */
const BATCH_MAX = 1_024
/** Summaries in one write, beside the records that somebody waits for. */
const BATCH_SUMMARIES_MAX = 256

interface Waiting {
  readonly members: string
  readonly resolve: (written: boolean) => void
}

/**
 * Opens the log in `config.dir`, at a new segment after what is there. A torn tail is marked, never rewritten.
 *
 * @throws AuditLogError when the folder is another process's, open to other users, or its last segment has no header.
 *   Errors of the disk as they come.
 */
export async function openAuditLog(
  config: AuditConfig,
  deps: { readonly clock: Clock; readonly observer: Observer; readonly disk?: Disk },
): Promise<AuditLog> {
  const store = await openStore(config, deps)
  return new JsonLinesLog(config, store, deps)
}

class JsonLinesLog implements AuditLog {
  readonly #config: AuditConfig
  readonly #store: Store
  readonly #clock: Clock
  readonly #observer: Observer
  readonly #summaries: Summaries

  #segment: Segment
  #healthy = true
  #closing = false
  /** The last write held a crowd: the next one waits for its own. */
  #crowded = false
  /** Records that somebody waits for, and those of them that the write in flight holds. */
  #waiting: Waiting[] = []
  #inFlight: readonly Waiting[] = []
  /** Records that nobody waits for. They have a place of their own: a flood of them takes none from the others. */
  #reserve: string[] = []
  /** The loop that writes, or the probe that heals: at most one of them, so no file has two writes in flight. */
  #work: Promise<void> | undefined
  #workSinceMs: number | undefined
  #syncing: Promise<void> | undefined
  #syncSinceMs: number | undefined
  #syncTimer: NodeJS.Timeout | undefined
  #probeTimer: NodeJS.Timeout | undefined
  #windowTimer: NodeJS.Timeout | undefined
  readonly #watchTimer: NodeJS.Timeout
  /** Sequence number that the next record had when the last good fdatasync began. */
  #syncedTo: number
  /** Since the log became unhealthy. */
  #outage = { cause: '', refused: 0, summariesLost: 0 }

  constructor(
    config: AuditConfig,
    store: Store,
    deps: { readonly clock: Clock; readonly observer: Observer },
  ) {
    this.#config = config
    this.#store = store
    this.#segment = store.first
    this.#syncedTo = this.#segment.written.sequence
    this.#clock = deps.clock
    this.#observer = deps.observer
    this.#summaries = new Summaries(config.summaryPeersMax)
    this.#watchTimer = setInterval(() => this.#watch(), WATCH_MS).unref()
  }

  get healthy(): boolean {
    return this.#healthy
  }

  decision(record: DecisionRecord): Promise<boolean> {
    return this.#enqueue(record)
  }

  outcome(record: OutcomeRecord): Promise<boolean> {
    return this.#enqueue(record)
  }

  refusal(record: RefusalRecord): Promise<boolean> {
    return this.#enqueue(record)
  }

  anonymous(peer: string, what: string, exchangeId: string | undefined): void {
    if (this.#closing) return

    this.#summaries.add({ peer, what, id: exchangeId, nowMs: this.#clock.wallMs() })
    this.#windowTimer ??= setTimeout(() => this.#endWindow(), this.#config.summaryWindowMs).unref()
  }

  async close(): Promise<void> {
    if (this.#closing) return

    this.#closing = true
    for (const timer of [this.#probeTimer, this.#windowTimer, this.#syncTimer]) clearTimeout(timer)
    // A disk that hangs must not hold up the end; the lock then stays, and is stale once the process is gone.
    const ended = await Promise.race([this.#drain().then(() => true), after(HANG_MS)])
    clearInterval(this.#watchTimer)
    if (!ended) this.#fail(new Error('closing took too long'))
    else this.#store.release()
  }

  #enqueue(record: DecisionRecord | OutcomeRecord | RefusalRecord): Promise<boolean> {
    if (!this.#healthy || this.#closing || this.#waiting.length >= this.#config.queueMax) {
      this.#outage.refused++
      return Promise.resolve(false)
    }
    const members = recordMembers(record)
    return new Promise((resolve) => {
      this.#waiting.push({ members, resolve })
      this.#start()
    })
  }

  // From the next turn of the event loop on, so that all records of this one go in one write.
  #start(): void {
    this.#work ??= nextTurn().then(() => this.#run())
  }

  async #run(): Promise<void> {
    try {
      while (this.#healthy && this.#waiting.length + this.#reserve.length > 0) {
        if (this.#crowded) await sleep(GATHER_MS)
        await this.#commit()
      }
    } catch (error) {
      this.#fail(error)
    }
    this.#workSinceMs = undefined
    this.#work = undefined
  }

  async #commit(): Promise<void> {
    this.#workSinceMs = this.#clock.monotonicMs()
    if (this.#isFull()) await this.#rotate()
    // Hung for so long that its waiters were told false.
    if (!this.#healthy) return

    const batch = this.#waiting.splice(0, BATCH_MAX)
    this.#crowded = batch.length >= CROWD_MIN
    const summaries = this.#reserve.splice(0, BATCH_SUMMARIES_MAX)
    this.#inFlight = batch
    this.#outage.summariesLost += summaries.length
    await this.#segment.append([...batch.map(({ members }) => members), ...summaries])
    if (this.#config.durability === 'sync') {
      await this.#segment.sync()
      this.#syncedTo = this.#segment.written.sequence
    }
    if (!this.#healthy) return

    this.#outage.summariesLost -= summaries.length
    this.#inFlight = []
    for (const { resolve } of batch) resolve(true)
    this.#syncSoon()
  }

  #isFull(): boolean {
    const { segmentBytesMax, segmentMsMax } = this.#config
    return (
      this.#segment.size >= segmentBytesMax || this.#segment.ageMs(this.#clock.monotonicMs()) >= segmentMsMax
    )
  }

  async #rotate(): Promise<void> {
    await this.#syncing
    if (!this.#healthy) return

    await this.#segment.sync()
    const next = await this.#store.next(this.#segment.written)
    await this.#segment.close()
    this.#segment = next
    this.#syncedTo = next.written.sequence
  }

  #syncSoon(): void {
    if (this.#closing || this.#syncing !== undefined) return
    if (this.#syncedTo === this.#segment.written.sequence) return

    this.#syncTimer ??= setTimeout(() => {
      this.#syncTimer = undefined
      if (this.#healthy) this.#syncing ??= this.#sync()
    }, SYNC_MS)
  }

  async #sync(): Promise<void> {
    this.#syncSinceMs = this.#clock.monotonicMs()
    const segment = this.#segment
    const { sequence } = segment.written
    try {
      await segment.sync()
      this.#syncedTo = Math.max(this.#syncedTo, sequence)
    } catch (error) {
      this.#fail(error)
    }
    this.#syncSinceMs = undefined
    this.#syncing = undefined
    if (this.#healthy) this.#syncSoon()
  }

  #watch(): void {
    const sinceMs = Math.min(this.#workSinceMs ?? Infinity, this.#syncSinceMs ?? Infinity)
    if (this.#clock.monotonicMs() - sinceMs > HANG_MS) this.#fail(new Error('the disk does not answer'))
  }

  /** Closed from here until a new segment could be made: nobody is told true for what may not be there. */
  #fail(error: unknown): void {
    if (!this.#healthy) return

    this.#healthy = false
    const refused = [...this.#inFlight, ...this.#waiting]
    this.#inFlight = []
    this.#waiting = []
    this.#outage.refused += refused.length
    this.#outage.cause = causeOf(error)
    for (const { resolve } of refused) resolve(false)
    this.#observer.event('audit-unavailable', { cause: this.#outage.cause })
    this.#probeSoon()
  }

  #probeSoon(): void {
    if (this.#closing) return

    this.#probeTimer = setTimeout(() => {
      // An operation in flight may still land in the old segment: none is made after it before it settled.
      if (this.#work !== undefined || this.#syncing !== undefined) this.#probeSoon()
      else this.#work = this.#heal()
    }, PROBE_MS).unref()
  }

  // Never the same file again: see Segment.sync.
  async #heal(): Promise<void> {
    const { cause, refused, summariesLost } = this.#outage
    const { written } = this.#segment
    const unsynced = { unsyncedFrom: this.#syncedTo, unsyncedBefore: written.sequence }
    try {
      const segment = await this.#store.resume(written, { cause, refused, summariesLost, ...unsynced })
      await this.#segment.close()
      this.#segment = segment
      this.#syncedTo = segment.written.sequence
      this.#outage = { cause: '', refused: this.#outage.refused - refused, summariesLost: 0 }
      this.#healthy = true
      this.#observer.event('audit-recovered', { refused, segment: segment.written.segment })
    } catch {
      this.#probeSoon()
    }
    this.#work = undefined
  }

  #endWindow(): void {
    this.#windowTimer = undefined
    // While nothing can be written, or the last window still waits, the window goes on: counts grow, memory does not.
    if (this.#healthy && this.#reserve.length === 0) this.#reserveSummaries()
    else this.#windowTimer = setTimeout(() => this.#endWindow(), this.#config.summaryWindowMs).unref()
  }

  #reserveSummaries(): void {
    for (const record of this.#summaries.take(this.#clock.wallMs())) this.#reserve.push(recordMembers(record))
    if (this.#reserve.length > 0) this.#start()
  }

  async #drain(): Promise<void> {
    // Summaries first, the mark of a clean end last.
    await this.#work
    this.#reserveSummaries()
    await this.#work
    if (this.#healthy) {
      const closed: LogRecord = { kind: 'log', event: 'closed', atMs: this.#clock.wallMs(), detail: {} }
      this.#reserve.push(recordMembers(closed))
      this.#start()
      await this.#work
    }
    await this.#syncing
    if (this.#healthy) await this.#segment.sync().catch((error: unknown) => this.#fail(error))
    await this.#segment.close()
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

function after(ms: number): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms, false).unref()
  })
}

/** The errno where there is one: messages name paths. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'

  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
