import { randomBytes } from 'node:crypto'
import type { Http2SecureServer } from 'node:http2'
import { createServer, type Server, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../core/clock.ts'
import type { Config, TlsConfig } from '../core/config.ts'
import type { Observer } from '../core/events.ts'
import type { Answer, Exchange } from '../core/exchange.ts'
import type { ProblemName } from '../problem/problems.ts'
import type { Entry, Tally } from './entry.ts'
import { ignore } from './farewell.ts'
import { createFront } from './front.ts'
import { helmetFields } from './helmet.ts'
import { createIds } from './id.ts'
import { Pace } from './pace.ts'
import { createTrustedPeers, plainAddress } from './peers.ts'
import { Roster } from './roster.ts'
import { sniff, type Sniffing } from './sniff.ts'
import { pairFault, secureOptions, servedNames } from './tls.ts'
import { Traffic } from './traffic.ts'

/** What the listener is given. */
export interface ListenerDeps {
  readonly clock: Clock
  readonly observer: Observer
  /** Takes one exchange to its end. Never rejects. */
  handle(exchange: Exchange): Promise<void>
  /** The whole answer to a fault that is no exchange: tls-required, request-timeout, headers-too-large and the like. */
  renderFault(problem: ProblemName, id: string): Answer
  /** A fault of a connection, for the summaries: a problem's name or a word of the listener's own. */
  onFault(peer: string, what: string, id: string | undefined): void
}

/** What of the configuration the listener reads. */
export type ListenerConfig = Pick<
  Config,
  'listen' | 'tls' | 'trustedPeers' | 'bounds' | 'publicUrl' | 'hosts'
>

/** The one port of the gateway. */
export interface Listener {
  /** Opens the port; rejects with the system's error when it cannot be had. */
  listen(): Promise<{ address: string; port: number }>
  /** Takes a new certificate for new connections. False: it cannot be used, an event says why, and the old one is kept. */
  setTls(tls: TlsConfig): boolean
  /** Takes new authorities; server names of new connections are held to them. */
  setHosts(hosts: readonly string[]): void
  /** No new connections; exchanges in flight may end within `ms` milliseconds, then all connections are destroyed. */
  drain(ms: number): Promise<void>
  /** Ends everything now. */
  close(): Promise<void>
  /** Security fields of the gateway's own answers, names and values in turn. */
  readonly helmetHeaders: readonly string[]
  readonly stats: { readonly connections: number; readonly exchanges: number }
}

/** Makes the listener. Throws when the certificate and its key cannot be used. */
export async function createListener(config: ListenerConfig, deps: ListenerDeps): Promise<Listener> {
  const fault = pairFault(config.tls, deps.clock.wallMs())
  if (fault !== undefined) throw new Error(fault)

  const ticketKeys = randomBytes(48)
  const tally: Tally = { exchanges: 0, draining: false }
  const entry: Entry = {
    clock: deps.clock,
    bounds: config.bounds,
    pace: new Pace(deps.clock, config.bounds),
    tally,
    nextId: createIds(deps.clock),
    handle: (exchange) => deps.handle(exchange),
    renderFault: (problem, id) => deps.renderFault(problem, id),
    onFault: (peer, what, id) => deps.onFault(peer, what, id),
  }
  const served = { names: namesOf(config, config.hosts) }
  const isServed = (servername: string): boolean => served.names.has(servername)
  const roster = new Roster(createTrustedPeers(config.trustedPeers), config.bounds, ({ stage, peer }) => {
    if (stage === 'handshaking' && !tally.draining) deps.onFault(peer, 'tls-handshake', undefined)
  })
  const traffic = new Traffic(entry, roster, isServed)
  const { server, through } = await createFront({ config, ticketKeys, isServed })
  traffic.attach(server, through)
  const helmetHeaders = await helmetFields()
  deps.observer.event('tls-loaded', {})
  return new Port({ config, deps, entry, roster, traffic, inner: server, ticketKeys, helmetHeaders, served })
}

function namesOf({ publicUrl }: ListenerConfig, hosts: readonly string[]): ReadonlySet<string> {
  return servedNames([new URL(publicUrl).host, ...hosts])
}

interface Parts {
  readonly config: ListenerConfig
  readonly deps: ListenerDeps
  readonly entry: Entry
  readonly roster: Roster
  readonly traffic: Traffic
  readonly inner: Http2SecureServer
  readonly ticketKeys: Buffer
  readonly helmetHeaders: readonly string[]
  readonly served: { names: ReadonlySet<string> }
}

class Port implements Listener {
  readonly helmetHeaders: readonly string[]
  readonly #parts: Parts
  readonly #server: Server
  readonly #sniffing: Sniffing
  #closed: Promise<void> | undefined

  constructor(parts: Parts) {
    this.#parts = parts
    this.helmetHeaders = parts.helmetHeaders
    this.#sniffing = {
      entry: parts.entry,
      roster: parts.roster,
      onTls: (raw) => void parts.inner.emit('connection', raw),
      onCredential: (peer) => parts.deps.observer.event('credential-in-cleartext', { peer }),
    }
    this.#server = createServer({ noDelay: true }, (raw) => this.#accept(raw))
    // Out of file descriptors: the system refuses for a while, and accepting goes on by itself. Without a listener the
    // error would end the process.
    this.#server.on('error', (error: NodeJS.ErrnoException) =>
      parts.deps.observer.event('connection-fault', { what: `accept ${error.code ?? ''}` }),
    )
  }

  get stats(): Listener['stats'] {
    return { connections: this.#parts.roster.size, exchanges: this.#parts.entry.tally.exchanges }
  }

  async listen(): Promise<{ address: string; port: number }> {
    const { address: host, port } = this.#parts.config.listen
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen({ host, port, backlog: 4096 }, () => {
        this.#server.removeListener('error', reject)
        resolve()
      })
    })
    const bound = this.#server.address()
    if (bound === null || typeof bound === 'string') throw new Error('the port has no address')
    return { address: bound.address, port: bound.port }
  }

  setTls(tls: TlsConfig): boolean {
    const { deps, inner, ticketKeys } = this.#parts
    const fault = pairFault(tls, deps.clock.wallMs())
    if (fault !== undefined) deps.observer.event('tls-refused', { reason: fault })
    else {
      inner.setSecureContext(secureOptions(tls, ticketKeys))
      deps.observer.event('tls-loaded', {})
    }
    return fault === undefined
  }

  setHosts(hosts: readonly string[]): void {
    this.#parts.served.names = namesOf(this.#parts.config, hosts)
  }

  async drain(ms: number): Promise<void> {
    const { entry, roster, traffic } = this.#parts
    entry.tally.draining = true
    void this.#shut()
    traffic.drain()
    const endMs = performance.now() + ms
    while (roster.size > 0 && performance.now() < endMs) await delay(POLL_MS)
    await this.close()
  }

  async close(): Promise<void> {
    const { entry, inner, roster, traffic } = this.#parts
    entry.tally.draining = true
    const closed = this.#shut()
    for (const connection of roster) connection.raw.destroy()
    traffic.stop()
    inner.close()
    await closed
    // The server counts a connection out a moment before the connection says so itself.
    while (roster.size > 0) await delay(1)
  }

  /** Takes no more connections; resolves when the last one has closed. */
  #shut(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      this.#server.close(() => resolve())
    })
    return this.#closed
  }

  #accept(raw: Socket): void {
    const { entry, roster } = this.#parts
    const connection = roster.enter(raw)
    if (connection !== undefined) return sniff(connection, this.#sniffing)
    raw.on('error', ignore)
    if (raw.remoteAddress !== undefined)
      entry.onFault(plainAddress(raw.remoteAddress), 'connections', undefined)
    raw.destroy()
  }
}

const POLL_MS = 20
