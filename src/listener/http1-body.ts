import type { BodySink, BodySource } from './body.ts'
import { ChunkedDecoder } from './http1-chunked.ts'

/** What the connection does for the body that comes in over it. */
export interface BodyHost {
  /** Tells the client to go on, where it waits for `100 Continue`. */
  proceed(): void
  /** Bytes are wanted now: those that are there are to be shown to `take`. */
  wanted(): void
}

/** The body of one HTTP/1 request on its way in: knows where it ends, and takes no byte before somebody reads it. */
export class IncomingBody implements BodySource {
  /** True once its last byte has been taken. */
  complete: boolean
  readonly #host: BodyHost
  readonly #chunks: ChunkedDecoder | undefined
  #leftBytes: number
  #sink: BodySink | undefined
  #flowing = false
  #discarding = false

  /** @param bodyBytes Declared length; undefined = chunked. */
  constructor(bodyBytes: number | undefined, host: BodyHost) {
    this.#host = host
    this.#leftBytes = bodyBytes ?? 0
    this.#chunks = bodyBytes === undefined ? new ChunkedDecoder() : undefined
    this.complete = bodyBytes === 0
  }

  /** True once somebody has begun to read it. */
  get begun(): boolean {
    return this.#sink !== undefined
  }

  /** Bytes still to come, undefined when that is not known. */
  get leftBytes(): number | undefined {
    return this.#chunks === undefined ? this.#leftBytes : undefined
  }

  start(sink: BodySink): void {
    this.#sink = sink
    this.#flowing = true
    this.#host.proceed()
    this.#host.wanted()
  }

  pause(): void {
    this.#flowing = false
  }

  resume(): void {
    if (this.#flowing) return
    this.#flowing = true
    this.#host.wanted()
  }

  /** Nobody reads it (any more): what comes is thrown away. */
  discard(): void {
    this.#sink = undefined
    this.#discarding = true
  }

  /** Takes what it may of the bytes that have come: how many, or undefined when they break the framing. */
  take(bytes: Buffer): number | undefined {
    if (this.complete || !(this.#flowing || this.#discarding)) return 0
    if (this.#chunks === undefined) {
      const taken = Math.min(bytes.length, this.#leftBytes)
      this.#leftBytes -= taken
      this.#hand(bytes.subarray(0, taken), this.#leftBytes === 0)
      return taken
    }
    const decoded = this.#chunks.decode(bytes)
    if (decoded === undefined) {
      this.#flowing = false
      this.#discarding = false
      return undefined
    }
    this.#hand(decoded.piece, this.#chunks.done)
    return decoded.taken
  }

  #hand(piece: Buffer | undefined, last: boolean): void {
    this.complete = last
    if (piece !== undefined) this.#sink?.piece(piece)
    if (last) this.#sink?.end()
  }
}
