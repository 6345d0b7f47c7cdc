import type { AnswerHead } from '../core/exchange.ts'
import type { Denial } from '../problem/problems.ts'

/** One request to an upstream, assembled: what is here is what is sent. */
export interface Order {
  readonly method: string
  /** Origin-form target: path and query. */
  readonly target: string
  /** Names and values in turn: complete, grammar-checked, exactly one Host, framing left to the connection. */
  readonly headers: readonly string[]
  /** Undefined: no body. Known bytes leave in one write; chunks are streamed with back-pressure. */
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | undefined
  /** Content-Length of streamed chunks when declared; undefined = chunked. Ignored for known bytes. */
  readonly bodyBytes: number | undefined
}

/** The upstream's answer: its head checked and cleaned of hop-by-hop fields, names in lower case; its body whole or still to come. */
export interface UpstreamAnswer extends AnswerHead {
  /** Whole body, when it was short and of known length (or there is none); then `source` is undefined. */
  readonly whole: Uint8Array | undefined
  readonly source: AnswerSource | undefined
  /** Content-Length, when the answer is streamed and declares it. */
  readonly bodyBytes: number | undefined
}

/** The rest of a streamed answer. Paused until `pipe`; each method is called at most once, save `resume`. */
export interface AnswerSource {
  pipe(sink: AnswerSink): void
  /** Goes on after `data` returned false. */
  resume(): void
  /** The client is gone or the answer is withheld: the upstream connection is destroyed. */
  abort(): void
}

/** Where a streamed answer goes. */
export interface AnswerSink {
  /** Returns false to ask for a pause. */
  data(chunk: Uint8Array): boolean
  end(trailers: readonly string[]): void
  /** The upstream died, stalled or broke framing in the middle: what was sent must not look complete. */
  fault(reason: string): void
}

/** One upstream with its connections. */
export interface Upstream {
  /**
   * Sends and waits for the head (and for the body when it is short). Denials: upstream-unreachable, upstream-timeout,
   * upstream-invalid. `onInform` gets 1xx heads. `signal.aborted` ends the upstream connection.
   */
  send(order: Order, hooks: SendHooks): Promise<UpstreamAnswer | Denial>
  close(): Promise<void>
}

/** What the caller of `send` wants to hear early. */
export interface SendHooks {
  onInform(head: AnswerHead): void
  /** Hands out the means to end the exchange early; called once, before anything is sent. */
  onStart(abort: () => void): void
}
