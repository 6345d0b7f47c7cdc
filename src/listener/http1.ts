import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { Answer, Exchange, HttpVersion } from '../core/exchange.ts'
import type { ProblemName } from '../problem/problems.ts'
import { RequestBody } from './body.ts'
import type { ClientConnection } from './connection.ts'
import { encodeLast } from './encode.ts'
import type { Entry } from './entry.ts'
import { farewell, PARTING_MS } from './farewell.ts'
import { lengthOf, judgeFraming } from './framing.ts'
import { Http1Client, type Line } from './http1-client.ts'
import { TurnBudget } from './turn.ts'
import { Valve } from './valve.ts'

/** A request that was parsed and waits for its turn. */
export interface Arrival {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly expectation: 'none' | 'continue' | 'unknown'
}

const NOTHING = new Uint8Array(0)

/**
 * The requests of one HTTP/1.1 connection: one at a time, in order, the rest waiting. Parsing stops at `pipelinedMax`
 * of them, and what one packet of at most 16 KiB holds may come on top.
 */
export class Lane implements Line {
  readonly #socket: TLSSocket
  readonly #connection: ClientConnection
  readonly #entry: Entry
  readonly #deliver: (arrival: Arrival) => void
  readonly #turns: TurnBudget
  #waiting: Arrival[] = []
  #current: { readonly client: Http1Client; readonly body: RequestBody; readonly id: string } | undefined
  /** Handed to Fastify and not back yet. */
  #arrival: Arrival | undefined
  #busy = false
  #parted = false
  /** True from the time that enough requests wait until half of them are done. */
  #full = false
  #valve: Valve | undefined
  #leaving: NodeJS.Timeout | undefined
  /** A fault behind requests that are still to be answered: said after them. */
  #fault: ProblemName | undefined

  /** @param deliver Takes the request through Fastify, which ends in `enter`. */
  constructor(
    socket: TLSSocket,
    connection: ClientConnection,
    entry: Entry,
    deliver: (arrival: Arrival) => void,
  ) {
    this.#socket = socket
    this.#connection = connection
    this.#entry = entry
    this.#deliver = deliver
    this.#turns = new TurnBudget(entry.bounds.requestsPerTurnMax)
  }

  get draining(): boolean {
    return this.#entry.tally.draining
  }

  /** Node's parser listens now: from here on it gets what the lane can take. */
  adopt(): void {
    this.#valve = new Valve(this.#socket, () => this.#full)
  }

  /** True while no request is in flight or waiting. */
  get idle(): boolean {
    return !this.#busy && this.#waiting.length === 0
  }

  /** The gateway drains: the next answer is the last one, and a client that asks nothing more is left in a moment. */
  leave(): void {
    if (!this.idle) return
    this.#leaving ??= setTimeout(() => {
      if (this.idle) this.#socket.end()
    }, PARTING_MS)
  }

  /** Looks after the answer that is on its way; called once a second. */
  sweep(nowMs: number): void {
    this.#current?.client.sweep(nowMs, this.#entry.bounds.idleMs)
  }

  /** A request was parsed. */
  arrive(arrival: Arrival): void {
    if (this.#parted) return
    if (!this.#busy && this.#waiting.length === 0) return this.#start(arrival)
    this.#waiting.push(arrival)
    const { pipelinedMax } = this.#entry.bounds
    this.#full ||= this.#waiting.length >= pipelinedMax
  }

  /** Comes back from Fastify: here the exchange begins. */
  enter(): void {
    // Fastify comes here by its route, its not-found path or its error path; an exchange is begun once.
    const arrival = this.#arrival
    if (arrival === undefined) return
    this.#arrival = undefined
    const { request, response } = arrival
    const { clock } = this.#entry
    const id = this.#entry.nextId()
    const bodyBytes = lengthOf(request.rawHeaders)
    const awaitsContinue = arrival.expectation === 'continue'
    const client = new Http1Client(request, response, this, { bodyBytes, awaitsContinue })
    const startedMs = clock.monotonicMs()
    const body = new RequestBody({ source: request, sender: client, bodyBytes, startedMs }, this.#entry.pace)
    this.#current = { client, body, id }
    this.#entry.tally.exchanges += 1
    const exchange: Exchange = {
      id,
      receivedMs: clock.wallMs(),
      startedMs,
      version: versionOf(request),
      method: request.method ?? '',
      target: request.url ?? '',
      authority: undefined,
      rawHeaders: request.rawHeaders,
      connection: this.#connection,
      body,
      client,
    }
    void this.#entry.handle(exchange)
  }

  /** The parser or a deadline found a fault in what follows the requests that arrived. */
  fail(problem: ProblemName): void {
    if (this.#parted) return
    if (!this.#busy && this.#waiting.length === 0) return this.#refuse(problem)
    const current = this.#current
    // The fault is in the body of the request in flight: it cannot be answered for what it asked.
    if (current !== undefined && this.#waiting.length === 0 && current.body.incomplete) {
      current.body.fail('aborted')
      if (!current.client.answering) return this.#refuse(problem, current.id)
      return this.reset()
    }
    this.#fault = problem
  }

  part(answer: Answer, method: string): void {
    if (this.#parted) return
    const lastWords = encodeLast(answer, method, this.#entry.clock.wallMs())
    this.lose()
    farewell(this.#socket, lastWords)
    this.over()
  }

  linger(): void {
    this.lose()
    farewell(this.#socket, NOTHING)
  }

  reset(): void {
    this.lose()
    this.#connection.raw.resetAndDestroy()
    this.#socket.destroy()
  }

  over(): void {
    if (!this.#busy) return
    this.#busy = false
    if (this.#current !== undefined) this.#entry.tally.exchanges -= 1
    this.#current = undefined
    // What waited behind a client that has gone would be done for nobody.
    if (this.#socket.destroyed) this.lose()
    else if (!this.#parted) this.#next()
  }

  /** The connection has closed. */
  lose(): void {
    this.#parted = true
    this.#waiting = []
    this.#valve?.shut()
    clearTimeout(this.#leaving)
  }

  #next(): void {
    const arrival = this.#waiting[0]
    if (arrival === undefined) {
      if (this.#fault !== undefined) this.#refuse(this.#fault)
      else if (this.draining) this.leave()
      return
    }
    if (!this.#turns.take()) {
      setImmediate(() => {
        if (!this.#busy && !this.#parted) this.#next()
      })
      return
    }
    this.#waiting.shift()
    this.#start(arrival)
    if (!this.#full || this.#waiting.length > this.#entry.bounds.pipelinedMax / 2) return
    this.#full = false
    this.#valve?.open()
  }

  #start(arrival: Arrival): void {
    const { request } = arrival
    const head = { version: request.httpVersion, target: request.url ?? '', rawHeaders: request.rawHeaders }
    const denial = judgeFraming(head, this.#entry.bounds)
    if (denial !== undefined) return this.#refuse(denial.problem)
    // An expectation that we cannot meet (RFC 9110 section 10.1.1); the client would wait for a 417 that says no more.
    if (arrival.expectation === 'unknown') return this.#refuse('malformed-request')
    this.#busy = true
    this.#arrival = arrival
    this.#deliver(arrival)
    // Whatever Fastify thinks of the request, it is ours to answer.
    this.enter()
  }

  #refuse(problem: ProblemName, id = this.#entry.nextId()): void {
    this.#entry.onFault(this.#connection.peer, problem, id)
    const lost = this.#current?.client
    this.part(this.#entry.renderFault(problem, id), '')
    lost?.lose()
  }
}

function versionOf(request: IncomingMessage): HttpVersion {
  return request.httpVersion === '1.0' ? '1.0' : '1.1'
}
