import { isDeepStrictEqual } from 'node:util'
import type { Config } from './core/config.ts'
import type { Observer } from './core/events.ts'
import type { Door } from './door.ts'
import type { Listener } from './listener/listener.ts'
import { type Lasting, makeStanding, retire } from './standing.ts'
import { warmUp } from './warm.ts'

/** What became of a reload. */
export interface Reloaded {
  readonly ok: boolean
  /** Of the configuration in force now. */
  readonly revision: string
  /** Why it was refused; undefined when it was not. */
  readonly reason: string | undefined
  /** Milliseconds since the epoch. */
  readonly atMs: number
}

/** Settings that are bound to what a process holds from its start to its end. */
const LASTING = [
  ['public_url', 'publicUrl'],
  ['listen', 'listen'],
  ['trusted_peers', 'trustedPeers'],
  ['bounds', 'bounds'],
  ['audit', 'audit'],
  ['admin', 'admin'],
  ['log', 'log'],
] as const

/** What reloads work on. */
export interface ReloadParts {
  readonly door: Door
  readonly lasting: Lasting
  readonly listener: Listener
  readonly observer: Observer
  /** As given at the start, before bounds were lowered to what the system affords. */
  readonly started: Config
}

/** Puts new configurations in the place of old ones, one after the other. */
export class Reloads {
  readonly #parts: ReloadParts
  #last: Reloaded | undefined
  #work: Promise<unknown> = Promise.resolve()

  constructor(parts: ReloadParts) {
    this.#parts = parts
  }

  /** The last one; undefined when there was none. */
  get last(): Reloaded | undefined {
    return this.#last
  }

  /**
   * Whole or not at all: on any fault what stands goes on as it is. Exchanges inside end by what they came in by.
   *
   * @param load Reads the configuration; what it throws is the reason of the refusal.
   */
  reload(load: () => Config): Promise<Reloaded> {
    const work = this.#work.then(() => this.#attempt(load))
    this.#work = work
    return work
  }

  async #attempt(load: () => Config): Promise<Reloaded> {
    const { observer, lasting, door } = this.#parts
    let reason: string | undefined
    try {
      const config = load()
      const isSame = config.revision === door.standing?.config.revision
      if (!isSame) await this.#replace(config)
      // Said again when a refused one was taken back: whoever was alarmed wants to know.
      if (!isSame || this.#last?.ok === false)
        observer.event('config-reloaded', { revision: config.revision })
    } catch (fault) {
      reason = fault instanceof Error ? fault.message : String(fault)
      observer.event('config-refused', { reason })
    }
    const revision = door.standing?.config.revision ?? ''
    this.#last = { ok: reason === undefined, revision, reason, atMs: lasting.clock.wallMs() }
    return this.#last
  }

  async #replace(config: Config): Promise<void> {
    const { door, lasting, listener, started } = this.#parts
    const fixed = LASTING.filter(([, name]) => !isDeepStrictEqual(config[name], started[name]))
    if (fixed.length > 0)
      throw new Error(`a restart is needed for ${fixed.map(([setting]) => setting).join(', ')}`)

    const before = door.standing
    const next = await makeStanding(config, lasting, before)
    try {
      await warmUp(next.routes, lasting.bounds, lasting.screen, 1)
      if (!isDeepStrictEqual(config.tls, before?.config.tls) && !listener.setTls(config.tls))
        throw new Error('the certificate or its key cannot be used')
    } catch (fault) {
      await retire(next, before === undefined ? [] : [before])
      throw fault
    }
    listener.setHosts(config.hosts)
    door.stand(next)
  }
}
