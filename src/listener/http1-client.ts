import type { Answer, AnswerHead, AnswerStream, Client } from '../core/exchange.ts'
import { CLOSE, encodeAnswer, encodeHead, hasLength, isBodiless } from './encode.ts'
import type { IncomingBody } from './http1-body.ts'

/** What the connection does for the one exchange that it is in. */
export interface Line {
  readonly draining: boolean
  /** Now, milliseconds since the epoch. */
  readonly wallMs: number
  /** What a head says after which the connection goes on. */
  readonly keepAlive: string
  /** Writes; false = wait for `drained`. `sent` is called when the bytes have left, or never can. */
  send(bytes: Uint8Array, sent?: () => void): boolean
  /** The last answer of the connection, then its end. */
  part(answer: Answer, method: string): void
  /** The end of the connection after an answer whose request is still coming in. */
  linger(): void
  /** A TCP reset. */
  reset(): void
  /** The last byte of the answer is written: the next exchange may begin once the request has come in whole. */
  over(): void
}

/** What the request says of how it is to be answered. */
export interface Asked {
  readonly method: string
  readonly version: '1.0' | '1.1'
  /** True: the client wants no other request answered on this connection. */
  readonly close: boolean
  /** True: it waits for `100 Continue` before it sends any of its body. */
  readonly awaitsContinue: boolean
}

/** An unread body up to this length is read away so that the connection can stay, bytes. */
const DISCARD_BYTES_MAX = 65_536

/** How long the last words of a broken answer may wait for a client that does not read. */
export const LAST_WORDS_MS = 1_000

/** A chunk up to this length is copied so that it leaves in one piece with its frame, bytes. */
const COPY_BYTES_MAX = 16_384

const CONTINUE = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n', 'latin1')
const CRLF = Buffer.from('\r\n', 'latin1')

/** The client of an exchange over HTTP/1. */
export class Http1Client implements Client, AnswerStream {
  gone = false
  readonly #line: Line
  readonly #asked: Asked
  readonly #incoming: IncomingBody
  #goneListeners: (() => void)[] | undefined
  #onLeft: (() => void) | undefined
  #onDrain: (() => void) | undefined
  #left = false
  #informed = 0
  /** An answer has begun: its status is chosen. */
  #answering = false
  /** Head of a streamed answer until it leaves, with the first chunk if that comes at once. */
  #head: string | undefined
  /** How the end of the body is told: by a final chunk, by its declared length or the connection's end, or there is none. */
  #body: 'chunked' | 'plain' | 'none' = 'none'
  #closing = false
  #ended = false
  #over = false

  constructor(line: Line, asked: Asked, incoming: IncomingBody) {
    this.#line = line
    this.#asked = asked
    this.#incoming = incoming
  }

  /** True once bytes of an answer have left or are about to. */
  get answering(): boolean {
    return this.#answering
  }

  /** Sends `100 Continue` if the client waits for it. */
  proceed(): void {
    if (this.#asked.awaitsContinue && !this.#answering && !this.#over) this.#line.send(CONTINUE)
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

  reply(answer: Answer): void {
    if (this.#over || this.#answering) return
    const { method } = this.#asked
    if (answer.close || this.#mustClose()) {
      this.#line.part(answer, method)
      this.#answering = true
      this.#over = true
      this.#leave()
      return
    }
    const bytes = encodeAnswer(answer, method, this.#line.wallMs, this.#line.keepAlive)
    this.#answering = true
    this.#ended = true
    this.#line.send(bytes, () => this.#leave())
    this.#line.over()
  }

  open(head: AnswerHead): AnswerStream {
    if (this.#over || this.#answering) return this
    const { method, version } = this.#asked
    const bodiless = isBodiless(head.status, method)
    const chunked = !bodiless && version === '1.1' && !hasLength(head.headers)
    // To HTTP/1.0 an answer of unknown length ends with the connection.
    this.#closing = this.#asked.close || this.#line.draining
    const ending = this.#closing ? CLOSE : this.#line.keepAlive
    const coding = chunked ? 'transfer-encoding: chunked\r\n' : ''
    this.#head = encodeHead(head, this.#line.wallMs, ending + coding)
    this.#body = bodiless ? 'none' : chunked ? 'chunked' : 'plain'
    this.#answering = true
    // The first chunk usually follows at once, and then leaves together with the head.
    process.nextTick(() => this.#flushHead())
    return this
  }

  write(chunk: Uint8Array): boolean {
    if (this.gone || this.#over || this.#ended || chunk.length === 0 || this.#body === 'none') return true
    const head = this.#takeHead()
    const size = this.#body === 'chunked' ? `${chunk.length.toString(16)}\r\n` : ''
    if (chunk.length > COPY_BYTES_MAX) return this.#writeLong(head + size, chunk)
    const front = head.length + size.length
    const bytes = Buffer.allocUnsafe(front + chunk.length + (size === '' ? 0 : 2))
    bytes.write(head + size, 0, 'latin1')
    bytes.set(chunk, front)
    if (size !== '') bytes.set(CRLF, front + chunk.length)
    return this.#line.send(bytes)
  }

  onDrain(listener: () => void): void {
    this.#onDrain = listener
  }

  /** The connection takes more again. */
  drained(): void {
    this.#onDrain?.()
  }

  end(trailers: readonly string[] = []): void {
    if (this.gone || this.#over || this.#ended) return
    const last = this.#takeHead() + (this.#body === 'chunked' ? lastChunk(trailers) : '')
    this.#ended = true
    // What the client still sends of its body belongs to a request that is answered.
    const parting = this.#closing || !this.#incoming.complete
    this.#line.send(Buffer.from(last, 'latin1'), () => {
      this.#leave()
      if (parting) this.#line.linger()
    })
    if (!parting) this.#line.over()
  }

  abort(lastWords?: Uint8Array): void {
    // Ended is ended: the connection may serve another exchange by now.
    if (this.#over || this.#ended) return
    // A chunked answer without its final chunk is cut for whoever reads it (RFC 9112 section 8). Any other needs a reset,
    // and has no room for words that its length did not count.
    const speaks = lastWords !== undefined && this.#body === 'chunked'
    if (speaks) this.write(lastWords)
    this.#over = true
    this.gone = true
    if (!speaks) return this.#line.reset()
    const late = setTimeout(() => this.#line.reset(), LAST_WORDS_MS)
    this.#line.send(NOTHING, () => {
      clearTimeout(late)
      this.#line.linger()
    })
  }

  inform(head: AnswerHead): void {
    if (this.gone || this.#over || this.#answering || this.#asked.version !== '1.1') return
    // A bound, for an upstream may send as many as it likes (RFC 9110 section 15.2).
    if (head.status < 102 || head.status > 199 || ++this.#informed > 16) return
    this.#line.send(Buffer.from(encodeHead(head, 0, ''), 'latin1'))
  }

  /** The connection broke or misbehaved: nobody is there to be answered. */
  lose(): void {
    this.#leave()
    if (this.#over || this.#ended) return
    this.#over = true
    this.gone = true
    for (const listener of this.#goneListeners ?? []) listener()
  }

  #writeLong(front: string, chunk: Uint8Array): boolean {
    if (front !== '') this.#line.send(Buffer.from(front, 'latin1'))
    const more = this.#line.send(chunk)
    return this.#body === 'chunked' ? this.#line.send(CRLF) : more
  }

  #takeHead(): string {
    const head = this.#head ?? ''
    this.#head = undefined
    return head
  }

  #flushHead(): void {
    if (this.#head === undefined || this.#over) return
    this.#line.send(Buffer.from(this.#takeHead(), 'latin1'))
  }

  #leave(): void {
    this.#left = true
    this.#onLeft?.()
    this.#onLeft = undefined
  }

  // An unread body (or the rest of one that was given up) must be got out of the way before the next request can be found. A short one is; of one without an
  // end in sight, or one that the client may or may not send after its Expect, nobody knows where the next begins.
  #mustClose(): boolean {
    if (this.#line.draining || this.#asked.close) return true
    const { complete, begun, leftBytes } = this.#incoming
    if (complete) return false
    return begun || this.#asked.awaitsContinue || leftBytes === undefined || leftBytes > DISCARD_BYTES_MAX
  }
}

// Encoded like a head: a trailer that breaks its line would be a second answer.
function lastChunk(trailers: readonly string[]): string {
  if (trailers.length === 0) return '0\r\n\r\n'
  const fields = encodeHead({ status: 100, headers: trailers }, 0, '')
  return `0\r\n${fields.slice(fields.indexOf('\r\n') + 2)}`
}

const NOTHING = new Uint8Array(0)
