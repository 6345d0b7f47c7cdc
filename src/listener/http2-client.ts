import { constants, type ServerHttp2Stream } from 'node:http2'
import type { Answer, AnswerHead, AnswerStream, Client } from '../core/exchange.ts'
import { withLength } from './encode.ts'
import { ignore } from './farewell.ts'
import { LAST_WORDS_MS } from './http1-client.ts'

const { NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR } = constants

/** "Connection-specific header fields" must not be in an answer (RFC 9113 section 8.2.2). */
const CONNECTION_SPECIFIC: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
])

/** The client of an exchange over HTTP/2: one stream. */
export class Http2Client implements Client, AnswerStream {
  gone = false
  readonly #stream: ServerHttp2Stream
  readonly #method: string
  readonly #awaitsContinue: boolean
  readonly #over: (reset: boolean) => void
  #goneListeners: (() => void)[] | undefined
  #onLeft: (() => void) | undefined
  #left = false
  /** Monotonic time since when the client is seen to take nothing of what waits for it, milliseconds; 0 = it does. */
  #stalledSinceMs = 0
  #trailers: readonly string[] = []
  #informed = 0
  #aborted = false

  /** @param over Told when the stream has ended, and whether the client reset it. */
  constructor(
    stream: ServerHttp2Stream,
    method: string,
    awaitsContinue: boolean,
    over: (reset: boolean) => void,
  ) {
    this.#stream = stream
    this.#method = method
    this.#awaitsContinue = awaitsContinue
    this.#over = over
    stream.on('error', ignore)
    stream.once('close', () => this.#closed())
  }

  complete(): boolean {
    return this.#stream.readableEnded || this.#stream.endAfterHeaders
  }

  proceed(): void {
    if (this.#awaitsContinue && this.#open()) this.#stream.additionalHeaders({ ':status': 100 })
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
    const { writableNeedDrain, writableEnded } = this.#stream
    if (!writableNeedDrain && !writableEnded) return
    if (this.#stalledSinceMs === 0) this.#stalledSinceMs = nowMs
    else if (nowMs - this.#stalledSinceMs > idleMs) this.#stream.close(NGHTTP2_CANCEL)
  }

  reply(answer: Answer): void {
    if (!this.#open()) return
    const headers = list(answer.status, withLength(answer, this.#method))
    if (answer.body.length === 0) this.#stream.respond(headers, { endStream: true })
    else {
      this.#stream.respond(headers)
      this.#stream.end(answer.body)
    }
    // "A server can send a complete response prior to the client sending an entire request … RST_STREAM with NO_ERROR"
    // (RFC 9113 section 8.1).
    if (!this.complete()) this.#stream.once('finish', () => this.#stream.close(NGHTTP2_NO_ERROR))
    // `answer.close` says that framing is in doubt, which it cannot be between streams.
  }

  open(head: AnswerHead): AnswerStream {
    if (!this.#open()) return this
    const stream = this.#stream
    stream.once('wantTrailers', () => stream.sendTrailers(pairs(this.#trailers)))
    stream.respond(list(head.status, head.headers), { waitForTrailers: true })
    return this
  }

  write(chunk: Uint8Array): boolean {
    return this.#stream.writable ? this.#stream.write(chunk) : true
  }

  onDrain(listener: () => void): void {
    this.#stream.on('drain', () => {
      this.#stalledSinceMs = 0
      listener()
    })
  }

  end(trailers: readonly string[] = []): void {
    this.#trailers = trailers
    if (!this.#stream.writable) return
    if (!this.complete()) this.#stream.once('finish', () => this.#stream.close(NGHTTP2_NO_ERROR))
    this.#stream.end()
  }

  abort(lastWords?: Uint8Array): void {
    if (this.#stream.writableEnded) return
    this.#aborted = true
    this.gone = true
    const reset = (): void => this.#stream.close(NGHTTP2_INTERNAL_ERROR)
    if (lastWords === undefined || !this.#stream.headersSent || !this.#stream.writable) return reset()
    const late = setTimeout(reset, LAST_WORDS_MS)
    this.#stream.write(lastWords, () => {
      clearTimeout(late)
      reset()
    })
  }

  inform(head: AnswerHead): void {
    if (!this.#open() || head.status < 102 || head.status > 199 || ++this.#informed > 16) return
    this.#stream.additionalHeaders({ ':status': head.status, ...pairs(head.headers) })
  }

  #open(): boolean {
    return !this.gone && !this.#stream.destroyed && !this.#stream.closed && !this.#stream.headersSent
  }

  #closed(): void {
    // A reset before our answer was out is one whatever its code: Node then ends the stream itself and calls it aborted. By
    // the code alone NO_ERROR would pass for a whole answer, and the agent would go on for nobody.
    const { aborted, rstCode, writableFinished } = this.#stream
    const reset = !this.#aborted && (aborted || rstCode !== NGHTTP2_NO_ERROR)
    const whole = writableFinished && !reset
    if (!whole && !this.gone) {
      this.gone = true
      for (const listener of this.#goneListeners ?? []) listener()
    }
    this.#over(reset)
    this.#left = true
    this.#onLeft?.()
  }
}

/** Status and fields as Node takes them raw: names lower case, what belongs to a connection left out. */
function list(status: number, headers: readonly string[]): string[] {
  const fields: string[] = [':status', String(status)]
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = (headers[i] ?? '').toLowerCase()
    if (!CONNECTION_SPECIFIC.has(name)) fields.push(name, headers[i + 1] ?? '')
  }
  return fields
}

function pairs(headers: readonly string[]): Record<string, string[]> {
  const fields: Record<string, string[]> = {}
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = (headers[i] ?? '').toLowerCase()
    if (CONNECTION_SPECIFIC.has(name)) continue
    fields[name] ??= []
    fields[name].push(headers[i + 1] ?? '')
  }
  return fields
}
