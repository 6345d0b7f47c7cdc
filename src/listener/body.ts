import type { Readable } from 'node:stream'
import { BodyFaultError, type Body, type BodyFault } from '../core/exchange.ts'
import type { Pace, Paced } from './pace.ts'

const NOTHING = new Uint8Array(0)

/** What is known of a body before it is read. */
export interface BodyOrigin {
  readonly source: Readable
  /** Declared length in bytes; 0 when there is no body, undefined when its length is not declared. */
  readonly bodyBytes: number | undefined
  /** Monotonic time of the request's arrival, milliseconds. */
  readonly startedMs: number
  readonly sender: BodySender
}

/** The client as the sender of a body. */
export interface BodySender {
  /** True once the last byte has arrived, read or not. */
  complete(): boolean
  /** Tells the client to go on, where it waits for `100 Continue`. */
  proceed(): void
}

/** The body of one request, of either HTTP version. Not a byte is asked of the client before it is read. */
export class RequestBody implements Body, Paced {
  receivedBytes = 0
  waitingSinceMs = 0
  waitedMs = 0
  readonly #origin: BodyOrigin
  readonly #pace: Pace
  #fault: BodyFault | undefined
  /** Wakes the reader that waits for bytes, an end or a fault. */
  #wake: () => void = nothing
  #ended = false

  constructor(origin: BodyOrigin, pace: Pace) {
    this.#origin = origin
    this.#pace = pace
  }

  get present(): boolean {
    return this.#origin.bodyBytes !== 0
  }

  get startedMs(): number {
    return this.#origin.startedMs
  }

  /** True while bytes of it are still to come from the client. */
  get incomplete(): boolean {
    return this.present && !this.#ended && !this.#origin.sender.complete()
  }

  async read(bytesMax: number): Promise<Uint8Array | BodyFault> {
    const { source } = this.#origin
    const refused = this.#begin(bytesMax)
    if (refused !== undefined) return refused

    const pieces: Uint8Array[] = []
    // A flowing stream: with `data` the bytes of a small body arrive without a turn of waiting for each.
    source.on('data', (piece: Uint8Array) => {
      if (this.#fault !== undefined) return
      pieces.push(piece)
      this.#count(piece, bytesMax)
    })
    if (!this.#ended) await this.#wait()
    source.pause()
    this.#finish()
    if (this.#fault !== undefined) return this.#fault
    return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)
  }

  async *chunks(bytesMax: number): AsyncGenerator<Uint8Array, void, undefined> {
    const { source } = this.#origin
    const refused = this.#begin(bytesMax)
    if (typeof refused === 'string') throw new BodyFaultError(refused)
    if (refused !== undefined) return

    // Wakes for every piece; `read` below takes all that is there.
    source.on('readable', () => this.#wake())
    try {
      for (;;) {
        const piece: unknown = source.read()
        if (piece instanceof Uint8Array) this.#count(piece, bytesMax)
        if (this.#fault !== undefined) throw new BodyFaultError(this.#fault)
        if (piece instanceof Uint8Array) yield piece
        else if (this.#ended) return
        else await this.#wait()
      }
    } finally {
      this.#finish()
    }
  }

  /** Ends the reading, now or when it is begun: framing broke, or the connection did. */
  fail(fault: BodyFault): void {
    this.#fault ??= fault
    this.#wake()
  }

  tooSlow(): void {
    this.fail('too-slow')
  }

  /** Undefined: go on and read. */
  #begin(bytesMax: number): Uint8Array | BodyFault | undefined {
    const { source, bodyBytes } = this.#origin
    if (!this.present) return NOTHING
    if (this.#fault !== undefined) return this.#fault
    // Not a byte is read of what is too large by its own account.
    if (bodyBytes !== undefined && bodyBytes > bytesMax) return 'too-large'
    if (source.destroyed && !source.readableEnded) return 'aborted'
    source.on('end', () => {
      this.#ended = true
      this.#wake()
    })
    source.on('error', () => this.fail('aborted'))
    source.on('close', () => {
      if (!this.#ended) this.fail('aborted')
    })
    this.#origin.sender.proceed()
    return undefined
  }

  #count(piece: Uint8Array, bytesMax: number): void {
    this.receivedBytes += piece.length
    if (this.receivedBytes > bytesMax) this.fail('too-large')
  }

  async #wait(): Promise<void> {
    const { clock } = this.#pace
    this.waitingSinceMs = clock.monotonicMs()
    this.#pace.watch(this)
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    this.waitedMs += clock.monotonicMs() - this.waitingSinceMs
    this.waitingSinceMs = 0
  }

  #finish(): void {
    this.#pace.unwatch(this)
    this.#wake = nothing
  }
}

function nothing(): void {}
