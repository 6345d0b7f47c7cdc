import { hash } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import type { IssuerConfig } from '../core/config.ts'
import type { Observer } from '../core/events.ts'
import type { Fetch } from '../core/fetch.ts'
import { readKeySet, type KeySet } from './keyset.ts'
import { printable } from './shape.ts'
import { openSource, type Source } from './source.ts'

/** What a key ring is handed: time, network, somebody to tell, and chance. */
export interface KeyRingDeps {
  readonly clock: Clock
  readonly fetch: Fetch
  readonly observer: Observer
  /** Uniform in [0, 1): keeps replicas from fetching all at once. Default `Math.random`. */
  readonly random?: () => number
}

/**
 * The keys of one issuer over time.
 *
 * They are read anew in the background, and once more when a token names an unknown key, at most once in the source's
 * cooldown. When a reading fails the last good keys stay, for `staleMsMax` after the last good reading (monotonic time, so
 * that a stepped clock neither ages nor saves them). After that there are none: a key that its issuer has withdrawn would
 * otherwise be good for as long as an attacker keeps us from asking.
 */
export class KeyRing {
  private readonly source: Source
  private readonly issuer: IssuerConfig
  private readonly deps: KeyRingDeps
  private keys: KeySet | undefined
  private digest = ''
  private goodMs = Number.NEGATIVE_INFINITY
  private failures = 0
  private readonly told = new Set<string>()
  private flight: Promise<void> | undefined
  private waiting = 0
  private mayAskMs = Number.NEGATIVE_INFINITY
  private timer: NodeJS.Timeout | undefined
  private closed = false

  constructor(issuer: IssuerConfig, deps: KeyRingDeps) {
    this.issuer = issuer
    this.deps = deps
    this.source = openSource(issuer, deps.fetch)
  }

  /** The keys to use; undefined when there never were any, or the last good reading is too long ago. */
  current(monotonicMs: number): KeySet | undefined {
    if (monotonicMs - this.goodMs <= this.issuer.staleMsMax) return this.keys
    if (this.keys !== undefined) this.tell('keys-stale', `no good reading for ${this.issuer.staleMsMax} ms`)
    return undefined
  }

  /** True when the last reading failed: then an unknown key may be a new one that we could not fetch. */
  get failing(): boolean {
    return this.failures > 0
  }

  /** Reads the keys once and goes on doing so in the background. Never rejects. */
  start(): Promise<void> {
    return this.load()
  }

  /**
   * Asks for new keys because a token names one that we do not have. Resolves when they were read, or could not be.
   *
   * @returns undefined when it would be too soon, or when too many wait already: a flood of made-up names must neither load
   *   the issuer nor pile up exchanges that wait for a slow one.
   */
  ask(monotonicMs: number): Promise<void> | undefined {
    if (this.waiting >= WAITING_MAX || this.closed) return undefined
    if (this.flight === undefined) {
      if (monotonicMs < this.mayAskMs) return undefined
      this.mayAskMs = monotonicMs + this.source.cooldownMs
    }
    this.waiting++
    return this.load().then(() => {
      this.waiting--
    })
  }

  close(): void {
    this.closed = true
    clearTimeout(this.timer)
  }

  private load(): Promise<void> {
    this.flight ??= this.read().then(() => {
      this.flight = undefined
      this.schedule()
    })
    return this.flight
  }

  private async read(): Promise<void> {
    const startedMs = this.deps.clock.monotonicMs()
    try {
      this.take(await this.source.read())
      this.goodMs = startedMs
      this.failures = 0
      this.told.clear()
    } catch (error) {
      this.failures++
      this.tell('keys-unavailable', error instanceof Error ? error.message : 'unknown fault')
    }
  }

  /** Throws when the document is no good; then nothing has changed. */
  private take(document: Uint8Array): void {
    const digest = hash('sha256', document)
    if (digest === this.digest) return
    const reading = readKeySet(document, this.issuer.algorithms)
    if (typeof reading === 'string') throw new Error(reading)

    // Tokens remembered under the old set die with it: the cache compares sets by identity.
    this.keys = reading.keys
    this.digest = digest
    const { issuer } = this.issuer
    for (const key of reading.refused) this.deps.observer.event('key-refused', { issuer, ...key })
    this.deps.observer.event('keys-loaded', { issuer, keys: reading.keys.size })
  }

  /** Tells each thing once until a reading succeeds: an outage is one event, not one for every try. */
  private tell(event: 'keys-unavailable' | 'keys-stale', text: string): void {
    const reason = printable(text)
    if (this.told.has(event)) return
    this.told.add(event)
    this.deps.observer.event(event, { issuer: this.issuer.issuer, reason })
  }

  private schedule(): void {
    if (this.closed) return
    const { random = Math.random } = this.deps
    const retryMs = RETRY_MS * 2 ** Math.min(this.failures - 1, DOUBLINGS_MAX)
    const delayMs = this.failing ? Math.min(retryMs, this.source.refreshMs) : this.source.refreshMs
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.load(), delayMs * (0.9 + 0.2 * random())).unref()
  }
}

/** Exchanges that wait for one reading at once. */
const WAITING_MAX = 256
/** First retry after a failed reading; doubles up to 32 s. */
const RETRY_MS = 1_000
const DOUBLINGS_MAX = 5
