import { setTimeout as delay } from 'node:timers/promises'
import { type AdminListener, listenAdmin } from './admin/listener.ts'
import type { AuditLog } from './audit/audit.ts'
import type { Config } from './core/config.ts'
import type { Observer } from './core/events.ts'
import type { Door } from './door.ts'
import type { Listener } from './listener/listener.ts'
import type { Reloaded, Reloads } from './reload.ts'

/** A running gateway. */
export interface Gateway {
  /** Where it listens. */
  readonly address: string
  readonly port: number
  readonly admin: { readonly address: string; readonly port: number } | undefined
  /** Of the configuration in force. */
  readonly revision: string
  /** Empty when ready; else what is missing. */
  unready(): readonly string[]
  /** Puts another configuration in force, whole or not at all, between two exchanges; `load` reads it, and may throw why not. */
  reload(load: () => Config): Promise<Reloaded>
  /** Says that it is not ready; when balancers saw it takes no more work, lets what is inside end, writes the rest of the log. */
  close(drainMs?: number): Promise<void>
}

/** What a running gateway looks after. */
export interface Parts {
  readonly observer: Observer
  readonly listener: Listener
  readonly audit: AuditLog
  readonly door: Door
  readonly reloads: Reloads
  readonly load: { readonly shedding: boolean; close(): void }
  readonly guards: { readonly failing: boolean }
}

/** From the opened port to the last line of the log. */
export class Life implements Gateway {
  readonly #config: Config
  readonly #parts: Parts
  #admin: AdminListener | undefined
  #opened: AsyncDisposableStack | undefined
  #draining = false
  address = ''
  port = 0

  constructor(config: Config, parts: Parts) {
    this.#config = config
    this.#parts = parts
  }

  get revision(): string {
    return this.#parts.door.standing?.config.revision ?? this.#config.revision
  }

  reload(load: () => Config): Promise<Reloaded> {
    return this.#parts.reloads.reload(load)
  }

  get admin(): AdminListener | undefined {
    return this.#admin
  }

  /**
   * Opens the ports.
   *
   * @param opened What is to be closed at the end. It is taken over once the ports are open; before that it stays the caller's.
   */
  async open(
    pages: { metrics(): Promise<string>; metricsType: string },
    opened: AsyncDisposableStack,
  ): Promise<void> {
    if (this.#config.admin !== undefined) {
      const state = {
        unready: () => this.unready(),
        revision: () => this.revision,
        reloaded: () => this.#parts.reloads.last,
      }
      const admin = { ...state, ...pages }
      this.#admin = opened.adopt(await listenAdmin(this.#config.admin, admin), (listener) => listener.close())
    }
    const at = await this.#parts.listener.listen()
    this.address = at.address
    this.port = at.port
    this.#opened = opened.move()
  }

  unready(): readonly string[] {
    const { door, audit, load, guards } = this.#parts
    const missing: string[] = []
    if (this.#draining) missing.push('draining')
    if (door.standing?.identity.ready !== true) missing.push('signing keys of every issuer')
    if (!audit.healthy) missing.push('a writable audit log')
    if (guards.failing) missing.push('safeguards that can judge')
    if (load.shedding) missing.push('an event loop on time')
    return missing
  }

  async close(drainMs = this.#config.bounds.drainMs): Promise<void> {
    if (this.#draining) return
    this.#draining = true
    const { observer, listener } = this.#parts
    observer.event('gateway-draining', { drainMs })
    const noticeMs = Math.min(this.#config.bounds.drainNoticeMs, drainMs)
    if (noticeMs > 0) await delay(noticeMs)
    await listener.drain(drainMs - noticeMs)
    await this.#opened?.disposeAsync()
  }
}
