import type { Dispatcher } from 'undici'
import { Denial } from '../problem/problems.ts'
import { type CleanHead, cleanHead } from './answer-head.ts'
import { denialOf, reasonOf } from './faults.ts'
import type { AnswerSink, AnswerSource, Order, SendHooks, UpstreamAnswer } from './upstream.ts'

/** Longest answer that is collected and sent in one write; longer ones, and events, are streamed. */
const WHOLE_BYTES_MAX = 65_536
/** Informational answers relayed before the final one; an upstream that sends more is flooding. */
const INFORM_MAX = 8

type Controller = Dispatcher.DispatchController

/** One try at an exchange with an upstream: undici's handler, without stream plumbing. */
export class Hop implements Dispatcher.DispatchHandler, AnswerSource {
  readonly #order: Order
  readonly #hooks: SendHooks
  readonly #settle: (answer: UpstreamAnswer | Denial) => void
  #controller: Controller | undefined
  #informs = 0
  #status = 0
  #head: CleanHead | undefined
  #collecting = false
  #pieces: Buffer[] = []
  #collectedBytes = 0
  #sink: AnswerSink | undefined
  #settled = false
  #received = false
  #aborted = false
  #timer: NodeJS.Timeout | undefined

  /** @param totalMs Longest time for the whole exchange; 0 = unbounded. */
  constructor(
    order: Order,
    hooks: SendHooks,
    totalMs: number,
    settle: (answer: UpstreamAnswer | Denial) => void,
  ) {
    this.#order = order
    this.#hooks = hooks
    this.#settle = settle
    if (totalMs > 0) this.#timer = setTimeout(() => this.#end(new TotalTimeout()), totalMs)
  }

  /** True while nothing of an answer has come and nobody has given up: then a safe request may be sent again. */
  get untouched(): boolean {
    return !this.#received && !this.#aborted
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller
    if (this.#aborted) controller.abort(new Error('aborted'))
    else this.#hooks.onStart(() => this.abort())
  }

  onResponseStart(controller: Controller, status: number): void {
    this.#received = true
    const raw = rawStrings(controller.rawHeaders)
    if (status < 200) return this.#inform(status, raw)
    const head = cleanHead(status, raw)
    if (head instanceof Denial) return this.#refuse(head)
    this.#status = status
    this.#head = head
    const bodyless = this.#order.method === 'HEAD' || status === 204 || status === 304
    const bodyBytes = bodyless ? 0 : head.bodyBytes
    this.#collecting = bodyBytes !== undefined && bodyBytes <= WHOLE_BYTES_MAX && (bodyless || !head.events)
    if (this.#collecting) return
    controller.pause()
    this.#resolve({ status, headers: head.headers, whole: undefined, source: this, bodyBytes })
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#collecting) {
      this.#collectedBytes += chunk.length
      if (this.#collectedBytes > WHOLE_BYTES_MAX)
        return this.#refuse(new Denial('upstream-invalid', 'body longer than declared'))
      this.#pieces.push(chunk)
    } else if (this.#sink?.data(chunk) === false) controller.pause()
  }

  onResponseEnd(): void {
    clearTimeout(this.#timer)
    if (!this.#collecting) return this.#sink?.end([])
    const whole = this.#pieces.length === 1 ? this.#pieces[0] : Buffer.concat(this.#pieces)
    this.#resolve({
      status: this.#status,
      headers: this.#head?.headers ?? [],
      whole,
      source: undefined,
      bodyBytes: this.#head?.bodyBytes,
    })
  }

  onResponseError(_: Controller, fault: Error): void {
    this.fail(fault)
  }

  /** Ends the hop by a fault, before or in the middle of an answer. */
  fail(fault: Error): void {
    clearTimeout(this.#timer)
    if (this.#settled) this.#sink?.fault(reasonOf(fault))
    else this.#resolve(denialOf(fault))
  }

  pipe(sink: AnswerSink): void {
    this.#sink = sink
    this.#controller?.resume()
  }

  resume(): void {
    this.#controller?.resume()
  }

  abort(): void {
    this.#end(new Error('aborted'))
  }

  #end(reason: Error): void {
    this.#aborted = true
    this.#controller?.abort(reason)
  }

  #inform(status: number, headers: readonly string[]): void {
    this.#informs += 1
    if (status === 101 || this.#informs > INFORM_MAX)
      return this.#refuse(new Denial('upstream-invalid', `unasked ${status}`))
    const head = cleanHead(200, headers)
    if (head instanceof Denial) return this.#refuse(head)
    this.#hooks.onInform({ status, headers: head.headers })
  }

  // The connection is destroyed: what may follow on it is not to be read as the next answer.
  #refuse(denial: Denial): void {
    this.#resolve(denial)
    this.abort()
  }

  #resolve(answer: UpstreamAnswer | Denial): void {
    if (this.#settled) return
    this.#settled = true
    this.#settle(answer)
  }
}

class TotalTimeout extends Error {
  readonly code = 'SALLYPORT_TOTAL_TIMEOUT'
}

// undici gives Buffers in turn over HTTP/1.1 and an object over HTTP/2.
function rawStrings(raw: Controller['rawHeaders']): readonly string[] {
  if (Array.isArray(raw))
    return raw.map((item) => (typeof item === 'string' ? item : item.toString('latin1')))
  const headers: string[] = []
  for (const [name, value] of Object.entries(raw ?? {})) {
    if (name.startsWith(':')) continue
    for (const one of Array.isArray(value) ? value : [value]) headers.push(name, String(one))
  }
  return headers
}
