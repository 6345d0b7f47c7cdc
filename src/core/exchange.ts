/**
 * One request with its response, as the listener hands it over. The listener is the only maker;
 * everything here is what arrived, unread and unjudged.
 */
export interface Exchange {
  /** Names the exchange everywhere: answer, record, log. 26 characters, sortable by time, unguessable. */
  readonly id: string
  /** Time of arrival, milliseconds since the epoch. Taken once, so that every phase sees the same time. */
  readonly receivedMs: number
  /** Monotonic time of arrival in milliseconds; durations are differences from it. */
  readonly startedMs: number
  readonly version: HttpVersion
  /** As received; not yet known to be a method that any route allows. */
  readonly method: string
  /** Request target as received (`:path` in HTTP/2): origin form, absolute form or `*`. */
  readonly target: string
  /** `:authority` in HTTP/2; undefined in HTTP/1, where the Host header says it. */
  readonly authority: string | undefined
  /** Names and values in turn, as received, pseudo-headers left out. Duplicates stand. */
  readonly rawHeaders: readonly string[]
  readonly connection: Connection
  readonly body: Body
  readonly client: Client
}

/** As negotiated or as the request line says. */
export type HttpVersion = '1.0' | '1.1' | '2'

/** What is known of the connection that an exchange came over. */
export interface Connection {
  /** Address of the peer: the one a trusted peer's PROXY header names, or the socket's own. */
  readonly peer: string
  /** What budgets are kept by: the peer, or in IPv6 its /64, of which one client has every address. */
  readonly network: string
  /** True when the socket's own address is in `trusted_peers`. */
  readonly trusted: boolean
  /** True when that trusted peer's PROXY header named `peer`; else a trusted peer's own address stands there. */
  readonly named: boolean
  /** Server name that the TLS client hello asked for, lower case; undefined when it asked for none. */
  readonly servername: string | undefined
  /** Negotiated TLS version, such as `TLSv1.3`. */
  readonly tlsVersion: string
}

/** Why a body could not be had whole. */
export type BodyFault = 'too-large' | 'too-slow' | 'aborted'

/** The unread request body. It is read at most once, by `read` or by `chunks`. */
export interface Body {
  /** False when the request carries none (no Content-Length, no Transfer-Encoding, HTTP/2 END_STREAM). */
  readonly present: boolean
  /** Reads all of it. Sends `100 Continue` first where the client waits for one. */
  read(bytesMax: number): Promise<Uint8Array | BodyFault>
  /** Reads it piece by piece, with back-pressure. Throws `BodyFaultError` on a fault. */
  chunks(bytesMax: number): AsyncIterable<Uint8Array>
}

/** The client's side of an exchange: how an answer leaves. Heads are names and values in turn. */
export interface Client {
  /** True once the client can no longer be answered (connection closed or stream reset). */
  readonly gone: boolean
  /** Calls back once, as soon as the client is gone before the answer's end. */
  onGone(listener: () => void): void
  /** Calls back once, when nothing of the answer waits for the client any more: it has taken all of it, or is gone. */
  onLeft(listener: () => void): void
  /** Whole answer in one write. `body` is empty for HEAD, 204 and 304. `close` ends the connection after it. */
  reply(answer: Answer): void
  /** Begins a streamed answer. */
  open(head: AnswerHead): AnswerStream
  /**
   * Ends without an answer, or in the middle of one, so that the client never sees a clean end: no final chunk, no FIN that
   * could pass for one (HTTP/1.1: the socket is destroyed; HTTP/2: RST_STREAM INTERNAL_ERROR). `lastWords` are still sent.
   */
  abort(lastWords?: Uint8Array): void
  /** Relays an informational response (103 and the like). Dropped where the client's version has none. */
  inform(head: AnswerHead): void
}

/** Status and headers of an answer. */
export interface AnswerHead {
  /** HTTP status, 100 to 599. */
  readonly status: number
  readonly headers: readonly string[]
}

/** A whole answer. */
export interface Answer extends AnswerHead {
  readonly body: Uint8Array
  readonly close: boolean
}

/** A streamed answer. */
export interface AnswerStream {
  /** Returns false when the client's buffer is full; then wait for `onDrain`. */
  write(chunk: Uint8Array): boolean
  /** Calls back each time that the buffer is empty again after a `write` that returned false. */
  onDrain(listener: () => void): void
  /** Clean end, with trailers if any. */
  end(trailers?: readonly string[]): void
}

/** A body that failed while it was streamed. */
export class BodyFaultError extends Error {
  readonly fault: BodyFault

  constructor(fault: BodyFault) {
    super(fault)
    this.fault = fault
  }
}
