import type { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2SecureServer, ServerHttp2Session } from 'node:http2'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import type { ProblemName } from '../problem/problems.ts'
import type { Entry } from './entry.ts'
import { encodeLast } from './encode.ts'
import { farewell, ignore } from './farewell.ts'
import { Lane, type Arrival } from './http1.ts'
import { Session } from './http2.ts'
import type { Roster } from './roster.ts'

const SWEEP_MS = 1_000

/** What goes on inside TLS: the lanes of HTTP/1.1 connections and the sessions of HTTP/2 ones. */
export class Traffic {
  readonly #entry: Entry
  readonly #roster: Roster
  readonly #isServed: (servername: string) => boolean
  readonly #lanes = new Map<Duplex, Lane>()
  readonly #sessions = new Set<Session>()
  #sweeper: NodeJS.Timeout | undefined

  constructor(entry: Entry, roster: Roster, isServed: (servername: string) => boolean) {
    this.#entry = entry
    this.#roster = roster
    this.#isServed = isServed
  }

  /** @param through Takes an HTTP/1 request through Fastify, and back to `enter`. */
  attach(
    server: Http2SecureServer,
    through: (request: IncomingMessage, response: ServerResponse) => void,
  ): void {
    // Before the server's own listener, so that the connection is known when its first request comes.
    server.prependListener('secureConnection', (socket) => this.#secured(socket, through))
    server.on('secureConnection', (socket) => this.#lanes.get(socket)?.adopt())
    server.on('session', (session) => this.#opened(session))
    // Node's types know the HTTP/2 side of these events only; with allowHTTP1 they are those of node:http.
    const events: EventEmitter = server
    events.on('request', (request: IncomingMessage, response: ServerResponse) =>
      this.#arrived({ request, response, expectation: 'none' }),
    )
    events.on('checkContinue', (request: IncomingMessage, response: ServerResponse) =>
      this.#arrived({ request, response, expectation: 'continue' }),
    )
    events.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) =>
      this.#arrived({ request, response, expectation: 'unknown' }),
    )
    events.on('connect', (_request: IncomingMessage, socket: Duplex) => this.#tunnel(socket))
    events.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => this.#failed(error, socket))
    // The listener for `request` has switched on the layer that makes HTTP/2 look like HTTP/1: streams are taken as they are.
    server.removeAllListeners('stream')
    // What `listen` would have told it: only now are headersTimeout and requestTimeout enforced.
    server.emit('listening')
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS).unref()
  }

  /** An HTTP/1 request came back from Fastify. */
  enter(request: IncomingMessage): void {
    this.#lanes.get(request.socket)?.enter()
  }

  /** Idle connections end in a moment, the others after the answers they owe. */
  drain(): void {
    for (const lane of this.#lanes.values()) lane.leave()
    for (const session of this.#sessions) session.drain()
  }

  stop(): void {
    clearInterval(this.#sweeper)
  }

  #secured(socket: TLSSocket, through: (request: IncomingMessage, response: ServerResponse) => void): void {
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
    if (socket.alpnProtocol === 'h2') return
    const lane = new Lane(socket, connection, this.#entry, ({ request, response }) =>
      through(request, response),
    )
    this.#lanes.set(socket, lane)
    socket.once('close', () => {
      lane.lose()
      this.#lanes.delete(socket)
    })
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

  #arrived(arrival: Arrival): void {
    this.#lanes.get(arrival.request.socket)?.arrive(arrival)
  }

  // TRACE is a method like any other and no route may list it; CONNECT makes a tunnel of the connection, so Node hands
  // over the socket instead of a request.
  #tunnel(socket: Duplex): void {
    this.#refuse(socket, 'method-not-allowed')
  }

  #failed(error: NodeJS.ErrnoException, socket: Duplex): void {
    const lane = this.#lanes.get(socket)
    if (lane !== undefined && socket.writable && error.code !== 'ECONNRESET') lane.fail(problemOf(error))
    else socket.destroy()
  }

  #refuse(socket: Duplex, problem: ProblemName): void {
    const id = this.#entry.nextId()
    const answer = this.#entry.renderFault(problem, id)
    farewell(socket, encodeLast(answer, '', this.#entry.clock.wallMs()))
  }

  #sweep(): void {
    const nowMs = this.#entry.clock.monotonicMs()
    for (const session of this.#sessions) session.sweep(nowMs)
    for (const lane of this.#lanes.values()) lane.sweep(nowMs)
  }
}

function problemOf(error: NodeJS.ErrnoException): ProblemName {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request-timeout'
  if (error.code === 'HPE_HEADER_OVERFLOW') return 'headers-too-large'
  return 'malformed-request'
}
