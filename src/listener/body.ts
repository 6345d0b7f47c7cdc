import { BodyFaultError, type Body, type BodyFault } from '../core/exchange.ts'
import type { Pace, Paced } from './pace.ts'

/** A body where it comes in, of either HTTP version. */
export interface BodySource {
  /** True once the last byte has arrived and nothing of the body is left on the connection. */
  readonly complete: boolean
  /** From now on bytes go to the sink, some perhaps at once. Asks the client for them, where it waits to be asked. Called once. */
  start(sink: BodySink): void
  /** No bytes until `resume`; the client is held back. */
  pause(): void
  resume(): void
}

/** Where the bytes of a body go. */
export interface BodySink {
  piece(bytes: Uint8Array): void
  /** All of it has come. */
  end(): void
  fail(fault: BodyFault): void
}

/** What is known of a body before it is read. */
export interface BodyOrigin {
  readonly source: BodySource
  /** Declared length in bytes; 0 when there is no body, undefined when its length is not declared. */
  readonly bodyBytes: number | undefined
  /** Monotonic time of the request's arrival, milliseconds. */
  readonly startedMs: number
}

/** What waits for a slow reader of pieces before the client is held back, bytes. */
const QUEUED_BYTES_MAX = 65_536

/** The body of one request, of either HTTP version. Not a byte is asked of the client before it is read. */
export class RequestBody implements Body, BodySink, Paced {
  receivedBytes = 0
  waitingSinceMs = 0
  waitedMs = 0
  readonly #origin: BodyOrigin
  readonly #pace: Pace
  readonly #pieces = new Pieces()
  #bytesMax = 0
  #fault: BodyFault | undefined
  /** Wakes the reader that waits for bytes, an end or a fault. */
  #wake: (() => void) | undefined
  /** True: the reader takes piece by piece, and wants to be woken by each. */
  #byPiece = false
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
    return this.present && !this.#ended && !this.#origin.source.complete
  }

  async read(bytesMax: number): Promise<Uint8Array | BodyFault> {
    const { source } = this.#origin
    const refused = this.#refusal(bytesMax)
    if (refused !== undefined) return refused

    source.start(this)
    if (!this.#ended && this.#fault === undefined) await this.#wait()
    source.pause()
    return this.#fault ?? this.#pieces.whole()
  }

  async *chunks(bytesMax: number): AsyncGenerator<Uint8Array, void, undefined> {
    const { source } = this.#origin
    const refused = this.#refusal(bytesMax)
    if (typeof refused === 'string') throw new BodyFaultError(refused)
    if (refused !== undefined) return

    this.#byPiece = true
    source.start(this)
    try {
      for (;;) {
        if (this.#fault !== undefined) throw new BodyFaultError(this.#fault)
        const piece = this.#pieces.shift()
        if (piece !== undefined) yield piece
        else if (this.#ended) return
        else await this.#more()
      }
    } finally {
      source.pause()
    }
  }

  piece(bytes: Uint8Array): void {
    if (this.#fault !== undefined) return
    this.receivedBytes += bytes.length
    if (this.receivedBytes > this.#bytesMax) return this.fail('too-large')
    this.#pieces.push(bytes)
    if (!this.#byPiece) return
    if (this.#pieces.bytes >= QUEUED_BYTES_MAX) this.#origin.source.pause()
    this.#wake?.()
  }

  end(): void {
    this.#ended = true
    this.#wake?.()
  }

  /** Ends the reading, now or when it is begun: framing broke, or the connection did. */
  fail(fault: BodyFault): void {
    this.#fault ??= fault
    this.#wake?.()
  }

  tooSlow(): void {
    this.fail('too-slow')
  }

  /** Undefined: go on and read. */
  #refusal(bytesMax: number): Uint8Array | BodyFault | undefined {
    const { bodyBytes } = this.#origin
    if (!this.present) return NOTHING
    if (this.#fault !== undefined) return this.#fault
    // Not a byte is read of what is too large by its own account.
    if (bodyBytes !== undefined && bodyBytes > bytesMax) return 'too-large'
    this.#bytesMax = bytesMax
    return undefined
  }

  async #more(): Promise<void> {
    this.#origin.source.resume()
    if (this.#pieces.bytes === 0 && !this.#ended && this.#fault === undefined) await this.#wait()
  }

  async #wait(): Promise<void> {
    const { clock } = this.#pace
    this.waitingSinceMs = clock.monotonicMs()
    this.#pace.watch(this)
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    this.#wake = undefined
    this.#pace.unwatch(this)
    this.waitedMs += clock.monotonicMs() - this.waitingSinceMs
    this.waitingSinceMs = 0
  }
}

/** A piece shorter than this is copied to where others like it are, bytes. */
const SMALL_BYTES = 2_048
const SLAB_BYTES = 16_384

/**
 * Pieces of a body in order. Small ones are copied together: each piece of its own costs some hundred bytes of memory, and a
 * client that sends a byte at a time would take a hundred times what the budget counts.
 */
class Pieces {
  bytes = 0
  #list: Uint8Array[] = []
  #slab: Buffer | undefined
  #used = 0

  push(piece: Uint8Array): void {
    if (piece.length === 0) return
    this.bytes += piece.length
    if (this.#list.length === 0 || piece.length >= SMALL_BYTES) {
      this.#slab = undefined
      this.#list.push(piece)
      return
    }
    if (this.#slab === undefined || this.#used + piece.length > SLAB_BYTES) {
      this.#slab = Buffer.allocUnsafeSlow(SLAB_BYTES)
      this.#used = 0
      this.#list.push(NOTHING)
    }
    this.#slab.set(piece, this.#used)
    this.#used += piece.length
    this.#list[this.#list.length - 1] = this.#slab.subarray(0, this.#used)
  }

  /** The oldest piece, taken out. */
  shift(): Uint8Array | undefined {
    const piece = this.#list.shift()
    if (piece !== undefined) this.bytes -= piece.length
    // What was given away is not written to again.
    if (this.#list.length === 0) this.#slab = undefined
    return piece
  }

  /** All of them in one. */
  whole(): Uint8Array {
    const [first] = this.#list
    return this.#list.length === 1 && first !== undefined ? first : Buffer.concat(this.#list)
  }
}

const NOTHING = new Uint8Array(0)
