import type { TLSSocket } from 'node:tls'
import type { Answer, Exchange } from '../core/exchange.ts'
import type { ProblemName } from '../problem/problems.ts'
import { Denial } from '../problem/problems.ts'
import { RequestBody } from './body.ts'
import type { ClientConnection } from './connection.ts'
import { encodeAnswer, CLOSE } from './encode.ts'
import type { Entry } from './entry.ts'
import { farewell, ignore, PARTING_MS } from './farewell.ts'
import { readFraming, type Framing } from './framing.ts'
import type { Passing } from './front.ts'
import { IncomingBody } from './http1-body.ts'
import { Http1Client, type Line } from './http1-client.ts'
import { headEnd, parseHead, type RequestHead } from './http1-head.ts'
import { TurnBudget } from './turn.ts'

/** What a lane runs on. */
export interface LaneParts {
  readonly socket: TLSSocket
  readonly connection: ClientConnection
  readonly entry: Entry
  /** What a head says after which the connection goes on. */
  readonly keepAlive: string
  /** Takes a request through Fastify, which ends in its `enter`. */
  readonly through: (passing: Passing) => void
}

/** The exchange that a lane is in. */
interface Current {
  readonly id: string
  readonly startedMs: number
  readonly incoming: IncomingBody
  readonly body: RequestBody
  readonly client: Http1Client
  /** The last byte of its answer is written. */
  answered: boolean
}

/**
 * Bytes that are kept unread while an exchange goes on, its own body or requests behind it; then the socket is paused. Until
 * then it is read, for only who reads sees that a client has gone.
 */
const KEPT_BYTES_MAX = 65_536
const NOTHING = new Uint8Array(0)
const NO_FIELDS = {}

/**
 * One HTTP/1.1 connection: bytes in, one exchange at a time, in order. Nothing behind a request is parsed before that request
 * is answered and has come in whole, so that what a client sends in advance costs its bytes, which are bounded, and no more.
 */
export class Lane implements Line {
  readonly keepAlive: string
  readonly #parts: LaneParts
  readonly #turns: TurnBudget
  #kept: Buffer[] = []
  #keptBytes = 0
  /** Bytes of the head at the front that were searched for its end. */
  #searchedBytes = 0
  #current: Current | undefined
  #running = false
  #paused = false
  #parted = false
  #fresh = true
  /** Since when the next head is waited for: since its first byte, if there is one. Monotonic, milliseconds. */
  #sinceMs: number
  /** Writes that have not left, and since when none has, as seen by the sweep; 0 = not seen. */
  #unsent = 0
  #stalledSinceMs = 0
  #leaving: NodeJS.Timeout | undefined
  readonly #sent = (): void => {
    this.#unsent -= 1
    this.#stalledSinceMs = 0
  }

  constructor(parts: LaneParts) {
    this.#parts = parts
    this.keepAlive = parts.keepAlive
    this.#turns = new TurnBudget(parts.entry.bounds.requestsPerTurnMax)
    this.#sinceMs = parts.entry.clock.monotonicMs()
    const { socket } = parts
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('drain', () => this.#drained())
    socket.on('end', () => this.#finished())
    socket.on('error', ignore)
    socket.once('close', () => this.#closed())
  }

  get draining(): boolean {
    return this.#parts.entry.tally.draining
  }

  get wallMs(): number {
    return this.#parts.entry.clock.wallMs()
  }

  /** True while no request is in flight or on its way in. */
  get idle(): boolean {
    return this.#current === undefined && this.#keptBytes === 0
  }

  /** The gateway drains: the next answer is the last one, and a client that asks nothing more is left in a moment. */
  leave(): void {
    if (!this.idle || this.#parted) return
    this.#leaving ??= setTimeout(() => {
      if (this.idle) this.linger()
    }, PARTING_MS)
  }

  /** Looks after deadlines; called once a second. */
  sweep(nowMs: number): void {
    if (this.#parted) return
    const { bounds } = this.#parts.entry
    const current = this.#current
    if (this.#unsent > 0) {
      if (this.#stalledSinceMs === 0) this.#stalledSinceMs = nowMs
      else if (nowMs - this.#stalledSinceMs > bounds.idleMs) this.reset()
      return
    }
    if (current !== undefined) {
      // Answered, and the rest of a short body that nobody read does not come.
      if (current.answered && nowMs - current.startedMs > bounds.requestMs) this.reset()
    } else if (this.#keptBytes > 0 || this.#fresh) {
      if (nowMs - this.#sinceMs > Math.min(bounds.headersMs, bounds.requestMs))
        this.#refuse('request-timeout')
    } else if (nowMs - this.#sinceMs > bounds.idleMs) this.linger()
  }

  send(bytes: Uint8Array, sent?: () => void): boolean {
    this.#unsent += 1
    if (sent === undefined) return this.#parts.socket.write(bytes, this.#sent)
    return this.#parts.socket.write(bytes, () => {
      this.#sent()
      sent()
    })
  }

  part(answer: Answer, method: string): void {
    if (this.#parted) return
    const lastWords = encodeAnswer(answer, method, this.wallMs, CLOSE)
    this.#lose()
    farewell(this.#parts.socket, lastWords)
    this.over()
  }

  linger(): void {
    if (this.#parted) return
    this.#lose()
    farewell(this.#parts.socket, NOTHING)
    this.over()
  }

  reset(): void {
    this.#lose()
    this.#parts.connection.raw.resetAndDestroy()
    this.#parts.socket.destroy()
  }

  over(): void {
    const current = this.#current
    if (current === undefined || current.answered) return
    current.answered = true
    this.#parts.entry.tally.exchanges -= 1
    if (!current.incoming.complete) current.incoming.discard()
    this.#run()
  }

  #receive(chunk: Buffer): void {
    if (this.#parted) return
    if (this.#keptBytes === 0 && this.#current === undefined && !this.#fresh)
      this.#sinceMs = this.#parts.entry.clock.monotonicMs()
    this.#kept.push(chunk)
    this.#keptBytes += chunk.length
    this.#run()
  }

  #drained(): void {
    this.#current?.client.drained()
    this.#run()
  }

  // The client has said its last byte: nobody waits for an answer, and what it left unfinished never will be.
  #finished(): void {
    if (this.#parted) return
    if (this.#current === undefined && this.#keptBytes > 0) return this.#refuse('malformed-request')
    if (this.#current === undefined) this.#lose()
    else this.#parts.socket.destroy()
  }

  #closed(): void {
    this.#lose()
    const current = this.#current
    if (current === undefined) return
    current.body.fail('aborted')
    current.client.lose()
    this.over()
    this.#current = undefined
  }

  /** What comes on this connection from now on is nobody's. */
  #lose(): void {
    this.#parted = true
    this.#keep(undefined)
    clearTimeout(this.#leaving)
  }

  /** Goes on with what has come, as far as that leads. Calls within are no new run: each exchange would nest in the one before. */
  #run(): void {
    if (this.#running) return
    this.#running = true
    let goesOn = true
    while (goesOn && !this.#parted)
      goesOn = this.#current === undefined ? this.#readHead() : this.#readBody(this.#current)
    this.#running = false
    if (this.#parted) return
    const full = this.#keptBytes >= KEPT_BYTES_MAX
    if (full === this.#paused) return
    this.#paused = full
    if (full) this.#parts.socket.pause()
    else this.#parts.socket.resume()
  }

  /** True when something was done, and more may be. */
  #readBody(current: Current): boolean {
    const { incoming, answered } = current
    if (incoming.complete) {
      if (answered) this.#next()
      return answered
    }
    if (this.#keptBytes === 0) return false
    const bytes = this.#joined()
    const taken = incoming.take(bytes)
    if (taken === undefined) {
      // Not now: whoever asked for the bytes is on the stack, and is not made for the end of its exchange in between.
      process.nextTick(() => this.#broken(current))
      return false
    }
    this.#keep(bytes.subarray(taken))
    return taken > 0
  }

  // The request in flight cannot be answered for what it asked: where it ends is not known.
  #broken({ client, body, answered, id }: Current): void {
    if (this.#parted) return
    body.fail('aborted')
    if (answered || client.answering) return this.reset()
    this.#refuse('malformed-request', id)
    client.lose()
  }

  #next(): void {
    this.#current = undefined
    this.#fresh = false
    this.#sinceMs = this.#parts.entry.clock.monotonicMs()
    if (this.draining) this.leave()
  }

  #readHead(): boolean {
    const { socket, entry } = this.#parts
    // A client that takes no answers asks for no more of them.
    if (this.#keptBytes === 0 || socket.writableNeedDrain) return false
    const bytes = this.#joined()
    // "SHOULD ignore at least one empty line (CRLF) received prior to the request-line" (RFC 9112 section 2.2).
    const start = bytes[0] === CR && bytes[1] === LF ? 2 : 0
    const end = headEnd(bytes, start, this.#searchedBytes)
    const fault = this.#headFault(bytes, end)
    if (fault !== undefined) {
      this.#refuse(fault)
      return false
    }
    if (end === undefined || end < 0) {
      this.#searchedBytes = bytes.length
      return false
    }
    if (!this.#turns.take()) {
      setImmediate(() => this.#run())
      return false
    }
    this.#keep(bytes.subarray(end + 4))
    const head = parseHead(bytes.toString('latin1', start, end))
    const framing = head === undefined ? undefined : readFraming(head, entry.bounds)
    if (head === undefined || framing === undefined) this.#refuse('malformed-request')
    else if (framing instanceof Denial) this.#refuse(framing.problem)
    // It would make a tunnel of the connection; no route may list it.
    else if (head.method === 'CONNECT') this.#refuse('method-not-allowed')
    else this.#begin(head, framing)
    return true
  }

  #headFault(bytes: Buffer, end: number | undefined): ProblemName | undefined {
    if (end === undefined) return 'malformed-request'
    const length = end < 0 ? bytes.length : end + 4
    return length > this.#parts.entry.bounds.headBytesMax ? 'headers-too-large' : undefined
  }

  #begin(head: RequestHead, framing: Framing): void {
    const { entry, through } = this.#parts
    const startedMs = entry.clock.monotonicMs()
    const incoming = new IncomingBody(framing.bodyBytes, {
      proceed: () => client.proceed(),
      wanted: () => this.#run(),
    })
    const client = new Http1Client(this, { method: head.method, ...framing }, incoming)
    const body = new RequestBody({ source: incoming, bodyBytes: framing.bodyBytes, startedMs }, entry.pace)
    const current: Current = { id: entry.nextId(), startedMs, incoming, body, client, answered: false }
    this.#current = current
    entry.tally.exchanges += 1
    let entered = false
    const enter = (): void => {
      // Fastify comes here by its route, its not-found path or its error path; an exchange is begun once.
      if (entered) return
      entered = true
      this.#enter(head, framing, current)
    }
    through({ method: head.method, url: head.target, headers: NO_FIELDS, enter })
    // Whatever Fastify thinks of the request, it is ours to answer.
    enter()
  }

  #enter(head: RequestHead, { version }: Framing, { id, startedMs, body, client }: Current): void {
    const exchange: Exchange = {
      id,
      receivedMs: this.wallMs,
      startedMs,
      version,
      method: head.method,
      target: head.target,
      authority: undefined,
      rawHeaders: head.rawHeaders,
      connection: this.#parts.connection,
      body,
      client,
    }
    void this.#parts.entry.handle(exchange)
  }

  #refuse(problem: ProblemName, id = this.#parts.entry.nextId()): void {
    const { entry, connection } = this.#parts
    entry.onFault(connection.peer, problem, id)
    this.part(entry.renderFault(problem, id), '')
  }

  #joined(): Buffer {
    const bytes = this.#kept.length === 1 ? this.#kept[0] : undefined
    if (bytes !== undefined) return bytes
    const joined = Buffer.concat(this.#kept)
    this.#kept = [joined]
    return joined
  }

  #keep(rest: Buffer | undefined): void {
    this.#searchedBytes = 0
    this.#keptBytes = rest?.length ?? 0
    if (rest === undefined || rest.length === 0) this.#kept.length = 0
    else this.#kept = [rest]
  }
}

const CR = 0x0d
const LF = 0x0a
