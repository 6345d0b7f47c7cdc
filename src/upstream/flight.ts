import type { Dispatcher } from 'undici'
import { Denial } from '../problem/problems.ts'
import { type AnswerFields, checkAnswerHead, type CheckedHead } from './answer-head.ts'
import type { Connection, Connections } from './connections.ts'
import type { Deadlines } from './deadlines.ts'
import { denialOf, Ended, isLostConnection } from './faults.ts'
import { StreamedAnswer } from './streamed-answer.ts'
import type { Order, SendHooks, UpstreamAnswer } from './upstream.ts'

/** Answers of known length up to this are collected and leave in one write, bytes. */
const WHOLE_BYTES_MAX = 65_536
/** Informational answers to one request; more is a flood (RFC 9110 section 15.2 sets no bound). */
const INFORMS_MAX = 8

/** What the flights to one upstream share. */
export interface Field {
  readonly connections: Connections
  /** From the order to the first byte that leaves: connecting, and waiting for a stream of HTTP/2. */
  readonly starts: Deadlines<Flight>
  /** Whole exchange. */
  readonly totals: Deadlines<Flight>
  /** Told of each failure of the upstream's own. */
  onFault(denial: Denial): void
}

/** One order on its way to the upstream and its answer on the way back; undici's handler, made once for each. */
export class Flight implements Dispatcher.DispatchHandler {
  readonly #field: Field
  readonly #order: Order
  readonly #hooks: SendHooks
  readonly #settle: (result: UpstreamAnswer | Denial) => void
  #connection: Connection | undefined
  #controller: Dispatcher.DispatchController | undefined
  #state: 'sending' | 'collecting' | 'streaming' | 'over' = 'sending'
  /** A byte of the answer came. */
  #begun = false
  #reused = false
  #retried = false
  #ended: Ended | undefined
  #informs = 0
  #head: CheckedHead | undefined
  #chunks: Uint8Array[] = []
  #source: StreamedAnswer | undefined

  constructor(
    field: Field,
    order: Order,
    hooks: SendHooks,
    settle: (result: UpstreamAnswer | Denial) => void,
  ) {
    this.#field = field
    this.#order = order
    this.#hooks = hooks
    this.#settle = settle
  }

  go(): void {
    this.#hooks.onStart(() => this.stop(new Denial('upstream-unreachable', 'the client is gone')))
    if (this.#state === 'over') return
    this.#field.totals.begin(this)
    this.#dispatch(false)
  }

  /** Ends the exchange early: the connection (or the HTTP/2 stream) is destroyed. */
  stop(denial: Denial): void {
    if (this.#state === 'over') return
    const ended = new Ended(denial)
    this.#ended = ended
    const connection = this.#connection
    if (this.#controller !== undefined) this.#controller.abort(ended)
    // Not written yet. Alone on its connection, it takes that along; in HTTP/2 it is dropped when its turn comes.
    else if (connection?.capacity === 1) connection.client.destroy(ended).catch(() => {})
    else this.onResponseError(undefined, ended)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    this.#field.starts.end(this)
    if (this.#connection !== undefined) {
      this.#reused = this.#connection.written > 0
      this.#connection.written += 1
    }
    if (this.#ended !== undefined) controller.abort(this.#ended)
  }

  onResponseStarted(): void {
    this.#begun = true
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, fields: AnswerFields): void {
    const head = checkAnswerHead(status, fields, this.#order.method)
    if (typeof head === 'string') return this.#refuse(controller, head)
    if (status < 200) {
      this.#informs += 1
      if (this.#informs > INFORMS_MAX) return this.#refuse(controller, 'too many informational answers')
      return this.#hooks.onInform({ status, headers: head.headers })
    }
    this.#head = head
    if (
      head.bodyBytes !== undefined &&
      head.bodyBytes <= WHOLE_BYTES_MAX &&
      (!head.events || head.bodyBytes === 0)
    ) {
      this.#state = 'collecting'
      return
    }
    this.#state = 'streaming'
    this.#source = new StreamedAnswer(controller)
    const { headers, bodyBytes } = head
    this.#settle({ status, headers, whole: undefined, source: this.#source, bodyBytes })
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#source !== undefined) this.#source.push(chunk)
    else this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    const head = this.#head
    if (this.#state === 'over' || head === undefined) return
    this.#leave(false)
    if (this.#source !== undefined) return this.#source.end()
    const whole = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks)
    this.#settle({
      status: head.status,
      headers: head.headers,
      whole,
      source: undefined,
      bodyBytes: undefined,
    })
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#state === 'over') return
    if (this.#mayRetry(error)) return this.#retry()
    const denial = denialOf(error, this.#begun)
    this.#leave(true)
    // What the client caused by leaving is not the upstream's fault.
    if (!(error instanceof Ended) || denial.problem !== 'upstream-unreachable') this.#field.onFault(denial)
    if (this.#source !== undefined) this.#source.fail(denial.reason)
    else this.#settle(denial)
  }

  #dispatch(fresh: boolean): void {
    const { method, target, headers, body, bodyBytes } = this.#order
    this.#field.starts.begin(this)
    this.#connection = this.#field.connections.take(fresh)
    this.#connection.client.dispatch(
      {
        method,
        path: target,
        headers: framed(headers, body, bodyBytes),
        // undici streams any async iterable; its types name Readable only.
        body: (body ?? null) as Uint8Array | null,
      },
      this,
    )
  }

  // A kept-alive connection may have been closed by the other side while the request was on its way. Only a request that is
  // safe to repeat is sent again, once, and not on another connection that may be just as old.
  #mayRetry(error: Error): boolean {
    const { method, body } = this.#order
    if (this.#begun || !this.#reused || this.#retried || this.#ended !== undefined) return false
    return (method === 'GET' || method === 'HEAD') && body === undefined && isLostConnection(error)
  }

  #retry(): void {
    this.#retried = true
    if (this.#connection !== undefined) this.#field.connections.give(this.#connection, true)
    this.#controller = undefined
    this.#dispatch(true)
  }

  #refuse(controller: Dispatcher.DispatchController, reason: string): void {
    this.#begun = true
    controller.abort(new Ended(new Denial('upstream-invalid', reason)))
  }

  #leave(fault: boolean): void {
    this.#state = 'over'
    this.#field.starts.end(this)
    this.#field.totals.end(this)
    if (this.#connection !== undefined) this.#field.connections.give(this.#connection, fault)
    // What is over may be held for long by whoever could have ended it early: the head and the means go now.
    this.#connection = undefined
    this.#controller = undefined
  }
}

// A streamed body of declared length keeps it; without, it is chunked. Known bytes are measured by the connection.
function framed(headers: readonly string[], body: Order['body'], bodyBytes: number | undefined): string[] {
  // Read only: undici's types ask for a mutable list.
  if (body === undefined || body instanceof Uint8Array || bodyBytes === undefined) return headers as string[]
  return [...headers, 'content-length', String(bodyBytes)]
}
