import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer, AnswerHead, AnswerStream, Client } from '../core/exchange.ts'
import { withLength } from './encode.ts'
import { ignore } from './farewell.ts'

/** What the connection does for the one exchange that it is in. */
export interface Line {
  readonly draining: boolean
  /** The last answer of the connection, then its end. */
  part(answer: Answer, method: string): void
  /** The end of the connection after an answer whose request is still coming in. */
  linger(): void
  /** A TCP reset. */
  reset(): void
  /** The exchange is over, in whatever way: the next one may begin. */
  over(): void
}

/** What the client has said of its body. */
export interface Sending {
  /** Length in bytes; 0 = none, undefined = not declared (chunked). */
  readonly bodyBytes: number | undefined
  /** True: it waits for `100 Continue` before it sends any. */
  readonly awaitsContinue: boolean
}

/** An unread body up to this length is read away so that the connection can stay, bytes. */
const DISCARD_BYTES_MAX = 65_536

/** How long the last words of a broken answer may wait for a client that does not read. */
export const LAST_WORDS_MS = 1_000

/** The client of an exchange over HTTP/1. */
export class Http1Client implements Client, AnswerStream {
  gone = false
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #line: Line
  readonly #sending: Sending
  #goneListeners: (() => void)[] | undefined
  #onLeft: (() => void) | undefined
  #left = false
  /** Monotonic time since when the client is seen to take nothing of what waits for it, milliseconds; 0 = it does. */
  #stalledSinceMs = 0
  #informed = 0
  #reading = false
  #chunked = false
  #over = false

  constructor(request: IncomingMessage, response: ServerResponse, line: Line, sending: Sending) {
    this.#request = request
    this.#response = response
    this.#line = line
    this.#sending = sending
    response.on('error', ignore)
    response.once('close', () => this.#closed())
  }

  /** True once bytes of an answer have left or are about to. */
  get answering(): boolean {
    return this.#response.headersSent
  }

  /** True once the last byte of the request has been parsed. */
  complete(): boolean {
    return this.#sending.bodyBytes === 0 || this.#request.complete
  }

  /** Sends `100 Continue` if the client waits for it. */
  proceed(): void {
    this.#reading = true
    if (this.#sending.awaitsContinue && !this.#response.headersSent) this.#response.writeContinue()
  }

  onGone(listener: () => void): void {
    if (this.gone) return listener()
    this.#goneListeners ??= []
    this.#goneListeners.push(listener)
  }

  onLeft(listener: () => void): void {
    if (this.#left) return listener()
    this.#onLeft = listener
  }

  /** Gives up a client that takes nothing of its answer for `idleMs`; called once a second. */
  sweep(nowMs: number, idleMs: number): void {
    const { writableNeedDrain, writableEnded } = this.#response
    if (!writableNeedDrain && !writableEnded) return
    if (this.#stalledSinceMs === 0) this.#stalledSinceMs = nowMs
    else if (nowMs - this.#stalledSinceMs > idleMs) this.#line.reset()
  }

  reply(answer: Answer): void {
    if (this.#over || this.#response.headersSent) return
    if (answer.close || this.#mustClose()) {
      this.#line.part(answer, this.#request.method ?? '')
      this.#over = true
      this.#leave()
      return
    }
    this.#response.writeHead(answer.status, flat(withLength(answer, this.#request.method ?? '')))
    this.#response.end(answer.body)
  }

  open(head: AnswerHead): AnswerStream {
    if (this.#over || this.#response.headersSent) return this
    const response = this.#response
    if (this.#line.draining) response.shouldKeepAlive = false
    response.writeHead(head.status, flat(head.headers))
    this.#chunked = this.#request.httpVersion === '1.1' && !hasLength(head.headers)
    // The first chunk usually follows at once, and then leaves together with the head.
    process.nextTick(() => response.flushHeaders())
    return this
  }

  write(chunk: Uint8Array): boolean {
    return this.gone || this.#over ? true : this.#response.write(chunk)
  }

  onDrain(listener: () => void): void {
    this.#response.on('drain', () => {
      this.#stalledSinceMs = 0
      listener()
    })
  }

  end(trailers?: readonly string[]): void {
    if (this.gone || this.#over) return
    if (trailers !== undefined && trailers.length > 0) this.#response.addTrailers(pairs(trailers))
    this.#response.end()
    // What the client still sends of its body belongs to a request that is answered.
    if (!this.complete()) this.#response.once('finish', () => this.#line.linger())
  }

  abort(lastWords?: Uint8Array): void {
    // Ended is ended: the connection may serve another exchange by now.
    if (this.#over || this.#response.writableEnded) return
    this.#over = true
    this.gone = true
    // A chunked answer without its final chunk is cut for whoever reads it (RFC 9112 section 8). Any other needs a reset,
    // and has no room for words that its length did not count.
    if (lastWords === undefined || !this.#chunked) return this.#line.reset()
    const late = setTimeout(() => this.#line.reset(), LAST_WORDS_MS)
    this.#response.write(lastWords, () => {
      clearTimeout(late)
      this.#line.linger()
    })
  }

  inform(head: AnswerHead): void {
    if (this.gone || this.#over || this.#response.headersSent || this.#request.httpVersion !== '1.1') return
    // A bound, for an upstream may send as many as it likes (RFC 9110 section 15.2).
    if (head.status < 102 || head.status > 199 || ++this.#informed > 16) return
    this.#response.writeInformation(head.status, flat(head.headers))
  }

  /** The connection broke or misbehaved: nobody is there to be answered. */
  lose(): void {
    if (this.#over) return
    this.#over = true
    this.gone = true
    for (const listener of this.#goneListeners ?? []) listener()
  }

  #closed(): void {
    if (!this.#response.writableFinished) this.lose()
    this.#line.over()
    this.#leave()
  }

  #leave(): void {
    this.#left = true
    this.#onLeft?.()
    this.#onLeft = undefined
  }

  // An unread body (or the rest of one that was given up) must be got out of the way before the next request can be found. A short one is; of one without an
  // end in sight, or one that the client may or may not send after its Expect, nobody knows where the next begins.
  #mustClose(): boolean {
    if (this.#line.draining) return true
    const { awaitsContinue, bodyBytes } = this.#sending
    if (bodyBytes === 0 || this.#request.complete) return false
    return this.#reading || awaitsContinue || bodyBytes === undefined || bodyBytes > DISCARD_BYTES_MAX
  }
}

function hasLength(headers: readonly string[]): boolean {
  return headers.some((name, i) => i % 2 === 0 && name.toLowerCase() === 'content-length')
}

/** Node's types ask for a mutable list; it does not change it. */
function flat(headers: readonly string[]): string[] {
  return headers as string[]
}

function pairs(headers: readonly string[]): [string, string][] {
  const list: [string, string][] = []
  for (let i = 0; i + 1 < headers.length; i += 2) list.push([headers[i] ?? '', headers[i + 1] ?? ''])
  return list
}
