import { constants, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { Exchange } from '../core/exchange.ts'
import { RequestBody } from './body.ts'
import type { ClientConnection } from './connection.ts'
import type { Entry } from './entry.ts'
import { ignore, PARTING_MS } from './farewell.ts'
import { StreamBody } from './http2-body.ts'
import { Http2Client } from './http2-client.ts'
import { requestFields, type RequestFields } from './http2-fields.ts'
import { FloodGuard } from './http2-guard.ts'
import { TurnBudget } from './turn.ts'

const { NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_FLAG_END_STREAM, NGHTTP2_PROTOCOL_ERROR } = constants

/** One HTTP/2 connection: its streams become exchanges, its floods end it. */
export class Session {
  readonly connection: ClientConnection
  readonly #session: ServerHttp2Session
  readonly #entry: Entry
  readonly #guard: FloodGuard
  readonly #turns: TurnBudget
  readonly #open = new Set<Http2Client>()
  /** Monotonic time since when no stream is open, milliseconds. */
  #idleSinceMs: number
  #begun = false

  constructor(session: ServerHttp2Session, connection: ClientConnection, entry: Entry) {
    this.connection = connection
    this.#session = session
    this.#entry = entry
    this.#guard = new FloodGuard(entry.bounds)
    this.#turns = new TurnBudget(entry.bounds.requestsPerTurnMax)
    this.#idleSinceMs = entry.clock.monotonicMs()
    const onControl = (): void => {
      if (!this.#guard.control(entry.clock.monotonicMs())) this.calm('control-frame-flood')
    }
    session.on('ping', onControl)
    session.on('remoteSettings', onControl)
    session.on('error', ignore)
    session.on('stream', (stream, _headers, flags, raw) => this.#arrive(stream, flags, raw))
  }

  /** Ends a session that has nothing to do; called once a second, for all sessions by one timer. */
  sweep(nowMs: number): void {
    const { idleMs, headersMs } = this.#entry.bounds
    for (const client of this.#open) client.sweep(nowMs, idleMs)
    if (this.#open.size > 0) return
    const idleForMs = nowMs - this.#idleSinceMs
    // Established, and then no request: the same deadline as an HTTP/1.1 head has.
    if (!this.#begun && idleForMs > headersMs) this.#session.destroy()
    else if (idleForMs > idleMs) this.drain()
  }

  /**
   * GOAWAY; streams in flight go on. A request that crosses it on the way is not processed, and its client is told so by the
   * last stream id: it may ask again elsewhere. (RFC 9113 section 6.8 advises a notice with the id 2^31-1 before; Node's
   * nghttp2 ignores new streams after that too, so the client would only learn later.)
   */
  drain(): void {
    if (!this.#session.destroyed && !this.#session.closed) this.#session.close()
  }

  /** The gateway drains since before this session was there: its first request is still answered. */
  drainSoon(): void {
    const leaving = setTimeout(() => this.drain(), PARTING_MS)
    this.#session.once('close', () => clearTimeout(leaving))
  }

  /** Ends the connection for an abuse of the protocol: RFC 9113 section 10.5. */
  calm(what: string): void {
    if (this.#session.destroyed) return
    this.#entry.onFault(this.connection.peer, what, undefined)
    this.#session.destroy(new Error(what), NGHTTP2_ENHANCE_YOUR_CALM)
  }

  #arrive(stream: ServerHttp2Stream, flags: number, raw: readonly string[]): void {
    this.#begun = true
    stream.on('error', ignore)
    const { targetBytesMax, headersMax } = this.#entry.bounds
    const fields = requestFields(raw)
    if (fields === undefined) {
      stream.once('close', () => this.#over(true, undefined))
      stream.close(NGHTTP2_PROTOCOL_ERROR)
      this.#entry.onFault(this.connection.peer, 'malformed-request', undefined)
      return
    }
    const present = (flags & NGHTTP2_FLAG_END_STREAM) === 0
    const client = new Http2Client(stream, fields.method, present && expects(fields), (reset) =>
      this.#over(reset, client),
    )
    this.#open.add(client)
    if (fields.target.length > targetBytesMax || fields.rawHeaders.length > headersMax * 2) {
      const id = this.#entry.nextId()
      this.#entry.onFault(this.connection.peer, 'headers-too-large', id)
      client.reply(this.#entry.renderFault('headers-too-large', id))
      return
    }
    this.#begin(stream, fields, client, present)
  }

  #begin(stream: ServerHttp2Stream, fields: RequestFields, client: Http2Client, present: boolean): void {
    if (client.gone) return
    if (!this.#turns.take()) {
      setImmediate(() => this.#begin(stream, fields, client, present))
      return
    }
    const { clock } = this.#entry
    const startedMs = clock.monotonicMs()
    const bodyBytes = present ? fields.declaredBytes : 0
    const source = new StreamBody(stream, client)
    const body = new RequestBody({ source, bodyBytes, startedMs }, this.#entry.pace)
    this.#entry.tally.exchanges += 1
    stream.once('close', () => {
      this.#entry.tally.exchanges -= 1
    })
    const exchange: Exchange = {
      id: this.#entry.nextId(),
      receivedMs: clock.wallMs(),
      startedMs,
      version: '2',
      method: fields.method,
      target: fields.target,
      authority: fields.authority,
      rawHeaders: fields.rawHeaders,
      connection: this.connection,
      body,
      client,
    }
    void this.#entry.handle(exchange)
  }

  #over(reset: boolean, client: Http2Client | undefined): void {
    const nowMs = this.#entry.clock.monotonicMs()
    if (client !== undefined) this.#open.delete(client)
    if (this.#open.size === 0) this.#idleSinceMs = nowMs
    if (reset && !this.#guard.reset(nowMs)) this.calm('reset-flood')
  }
}

function expects(fields: RequestFields): boolean {
  const at = fields.rawHeaders.indexOf('expect')
  return at >= 0 && at % 2 === 0 && fields.rawHeaders[at + 1]?.toLowerCase() === '100-continue'
}
