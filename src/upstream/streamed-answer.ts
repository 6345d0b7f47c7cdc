import type { Dispatcher } from 'undici'
import { Denial } from '../problem/problems.ts'
import { Ended } from './faults.ts'
import type { AnswerSink, AnswerSource } from './upstream.ts'

/** The rest of a streamed answer: what undici pushes, handed on with back-pressure. */
export class StreamedAnswer implements AnswerSource {
  readonly #controller: Dispatcher.DispatchController
  #sink: AnswerSink | undefined
  /** What came before the sink did: a read or two of the socket, for it pauses at the first. */
  #held: Uint8Array[] = []
  #over: 'no' | 'ended' | 'aborted' = 'no'
  #fault: string | undefined

  constructor(controller: Dispatcher.DispatchController) {
    this.#controller = controller
  }

  pipe(sink: AnswerSink): void {
    if (this.#over === 'aborted') return
    this.#sink = sink
    let room = true
    for (const chunk of this.#held) room = sink.data(chunk)
    this.#held = []
    if (this.#fault !== undefined) sink.fault(this.#fault)
    else if (this.#over === 'ended') sink.end(NO_TRAILERS)
    else if (room) this.#controller.resume()
  }

  resume(): void {
    if (this.#over === 'no') this.#controller.resume()
  }

  abort(): void {
    if (this.#over !== 'no' || this.#fault !== undefined) return
    this.#over = 'aborted'
    this.#held = []
    this.#controller.abort(new Ended(new Denial('upstream-unreachable', 'the answer was given up')))
  }

  /** From the connection: a piece of the body. */
  push(chunk: Uint8Array): void {
    if (this.#over === 'aborted') return
    if (this.#sink !== undefined) {
      if (!this.#sink.data(chunk)) this.#controller.pause()
      return
    }
    this.#held.push(chunk)
    this.#controller.pause()
  }

  /** From the connection: the clean end. Trailers are dropped: none is known to be harmless (RFC 9110 section 6.5.1). */
  end(): void {
    if (this.#over !== 'no') return
    this.#over = 'ended'
    this.#sink?.end(NO_TRAILERS)
  }

  /** From the connection: it broke. */
  fail(reason: string): void {
    if (this.#over !== 'no') return
    this.#fault = reason
    this.#over = 'ended'
    this.#sink?.fault(reason)
  }
}

const NO_TRAILERS: readonly string[] = []
