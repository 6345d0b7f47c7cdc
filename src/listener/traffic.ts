import type { Http2SecureServer, ServerHttp2Session } from 'node:http2'
import type { TLSSocket } from 'node:tls'
import { keepAlive } from './encode.ts'
import type { Entry } from './entry.ts'
import { ignore } from './farewell.ts'
import type { Front } from './front.ts'
import { Lane } from './http1.ts'
import { Session } from './http2.ts'
import type { Roster } from './roster.ts'

const SWEEP_MS = 1_000

/** What goes on inside TLS: the lanes of HTTP/1.1 connections and the sessions of HTTP/2 ones. */
export class Traffic {
  readonly #entry: Entry
  readonly #keepAlive: string
  readonly #roster: Roster
  readonly #isServed: (servername: string) => boolean
  readonly #lanes = new Set<Lane>()
  readonly #sessions = new Set<Session>()
  #sweeper: NodeJS.Timeout | undefined

  constructor(entry: Entry, roster: Roster, isServed: (servername: string) => boolean) {
    this.#entry = entry
    this.#keepAlive = keepAlive(entry.bounds.idleMs)
    this.#roster = roster
    this.#isServed = isServed
  }

  /** @param through Takes an HTTP/1 request through Fastify. */
  attach(server: Http2SecureServer, through: Front['through']): void {
    // Before the server's own listener, so that the connection is known when its first request comes.
    server.prependListener('secureConnection', (socket) => this.#secured(socket))
    // A handshake that failed or took too long.
    server.on('tlsClientError', (_error, socket) => socket.destroy())
    server.on('session', (session) => this.#opened(session))
    // To node:http2 whatever is not HTTP/2 is unknown: HTTP/1 is read by ourselves.
    server.on('unknownProtocol', (socket) => this.#entered(socket, through))
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS).unref()
  }

  /** Idle connections end in a moment, the others after the answers they owe. */
  drain(): void {
    for (const lane of this.#lanes) lane.leave()
    for (const session of this.#sessions) session.drain()
  }

  stop(): void {
    clearInterval(this.#sweeper)
  }

  #secured(socket: TLSSocket): void {
    const connection = this.#roster.find(socket)
    const servername = socket.servername === false ? undefined : socket.servername?.toLowerCase()
    // Checked again: a resumed session does not ask the server-name callback.
    if (connection === undefined || (servername !== undefined && !this.#isServed(servername))) {
      socket.on('error', ignore)
      setImmediate(() => socket.destroy())
      return
    }
    connection.stage = 'secure'
    connection.servername = servername
    connection.tlsVersion = socket.getProtocol() ?? ''
  }

  #entered(socket: TLSSocket, through: Front['through']): void {
    const connection = this.#roster.find(socket)
    // One that was refused a moment ago is on its way out.
    if (connection?.stage !== 'secure') return
    const lane = new Lane({ socket, connection, entry: this.#entry, keepAlive: this.#keepAlive, through })
    this.#lanes.add(lane)
    socket.once('close', () => this.#lanes.delete(lane))
    if (this.#entry.tally.draining) lane.leave()
  }

  #opened(session: ServerHttp2Session): void {
    const connection = this.#roster.find(session.socket)
    if (connection === undefined) return session.destroy()
    const entered = new Session(session, connection, this.#entry)
    this.#sessions.add(entered)
    session.once('close', () => this.#sessions.delete(entered))
    if (this.#entry.tally.draining) entered.drainSoon()
  }

  #sweep(): void {
    const nowMs = this.#entry.clock.monotonicMs()
    for (const session of this.#sessions) session.sweep(nowMs)
    for (const lane of this.#lanes) lane.sweep(nowMs)
  }
}
