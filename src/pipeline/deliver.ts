import type { AuditLog } from '../audit/audit.ts'
import type { AnswerHead, AnswerStream, Client } from '../core/exchange.ts'
import type { Ending } from '../core/record.ts'
import { Denial, type ProblemName } from '../problem/problems.ts'
import { renderStreamError } from '../problem/render.ts'
import type { AnswerSink, AnswerSource, UpstreamAnswer } from '../upstream/upstream.ts'
import type { Route } from './route.ts'
import type { Story } from './story.ts'

/**
 * Phases 10 and 11: hands the answer to the client, once it comes, and writes the outcome before its last byte leaves, so that
 * nobody holds a whole answer that is not on record.
 */
export async function deliver(
  audit: AuditLog,
  story: Story,
  coming: UpstreamAnswer | Denial | Promise<UpstreamAnswer | Denial>,
): Promise<Denial | undefined> {
  const answer = await coming
  if (answer instanceof Denial) return answer
  const { client } = story.exchange
  const { status } = answer
  const headers = answerHeaders(story, answer)
  story.upstreamStatus = status
  if (answer.source === undefined) {
    const body = answer.whole ?? NO_BYTES
    story.answerBytes = body.length
    story.lap('forward')
    if (!(await audit.outcome(story.outcome('completed', status)))) return unrecorded()
    client.reply({ status, headers, body, close: false })
    return undefined
  }
  await new Delivery(audit, story, answer.source).run({ status, headers }, answer.bodyBytes)
  return undefined
}

/** One streamed answer on its way. */
class Delivery implements AnswerSink {
  readonly #audit: AuditLog
  readonly #story: Story
  readonly #client: Client
  readonly #source: AnswerSource
  readonly #done = Promise.withResolvers<void>()
  #stream: AnswerStream | undefined
  #leftBytes = Number.POSITIVE_INFINITY
  /** Last piece of an answer of known length: it waits until the outcome is written. */
  #last: Uint8Array | undefined
  #ended = false

  constructor(audit: AuditLog, story: Story, source: AnswerSource) {
    this.#audit = audit
    this.#story = story
    this.#client = story.exchange.client
    this.#source = source
  }

  run(head: AnswerHead, bodyBytes: number | undefined): Promise<void> {
    this.#leftBytes = bodyBytes ?? Number.POSITIVE_INFINITY
    try {
      this.#stream = this.#client.open(head)
      this.#stream.onDrain(() => this.#source.resume())
      this.#client.onGone(() => void this.#finish('client-aborted'))
      this.#source.pipe(this)
    } catch (fault) {
      // The source is paused and nobody would ever go on with it.
      this.#source.abort()
      throw fault
    }
    return this.#done.promise
  }

  data(chunk: Uint8Array): boolean {
    this.#story.answerBytes += chunk.length
    this.#leftBytes -= chunk.length
    if (this.#leftBytes === 0) {
      this.#last = chunk
      return true
    }
    return this.#stream?.write(chunk) ?? false
  }

  end(trailers: readonly string[]): void {
    void this.#finish('completed', trailers)
  }

  fault(): void {
    void this.#finish(this.#client.gone ? 'client-aborted' : 'upstream-aborted')
  }

  async #finish(ending: Ending, trailers: readonly string[] = []): Promise<void> {
    if (this.#ended) return
    this.#ended = true
    this.#story.result = ending
    this.#story.lap('deliver')
    if (ending === 'client-aborted') this.#source.abort()
    const problem: ProblemName | undefined = ending === 'upstream-aborted' ? 'upstream-invalid' : undefined
    const written = await this.#audit.outcome(
      this.#story.outcome(ending, this.#story.upstreamStatus ?? 0, problem),
    )
    if (ending === 'completed' && written) {
      if (this.#last !== undefined) this.#stream?.write(this.#last)
      this.#stream?.end(trailers)
    } else if (ending !== 'client-aborted') {
      // A cut answer must not look whole: no final chunk, and where the client reads events, a last one that says so.
      this.#client.abort(this.#lastWords(written))
    }
    this.#done.resolve()
  }

  #lastWords(written: boolean): Uint8Array | undefined {
    const { route, exchange } = this.#story
    if (route === undefined || this.#leftBytes !== Number.POSITIVE_INFINITY || !this.#events) return undefined
    const message = written
      ? 'The agent stopped in the middle of its answer'
      : 'The outcome could not be recorded'
    const problem = written ? 'upstream-invalid' : 'audit-unavailable'
    return renderStreamError(route.protocol.shape, problem, `${message} (decision ${exchange.id})`)
  }

  get #events(): boolean {
    return this.#story.eventStream
  }
}

// The upstream's own headers stay, but for CORS: which origins may read an answer is the route's to say, not the agent's.
function answerHeaders(story: Story, answer: UpstreamAnswer): readonly string[] {
  const { id } = story.exchange
  const headers: string[] = []
  let requestId = false
  for (let i = 0; i + 1 < answer.headers.length; i += 2) {
    const name = answer.headers[i] ?? ''
    const value = answer.headers[i + 1] ?? ''
    if (name.startsWith('access-control-') || name.startsWith('sallyport-')) continue
    if (name === 'x-request-id' || name === 'request-id') requestId = true
    if (name === 'content-type') story.eventStream = value.toLowerCase().startsWith('text/event-stream')
    headers.push(name, LOCATIONS.has(name) ? outward(story.route, value) : value)
  }
  if (!requestId) headers.push('x-request-id', id, 'request-id', id)
  headers.push('sallyport-decision', `permit; id=${id}`, ...story.limitFields, ...story.cors)
  return headers
}

const LOCATIONS: ReadonlySet<string> = new Set(['location', 'content-location'])

// An agent that redirects to itself names the host that we called it by: an address of the inside, which is nobody's business
// and which no client could reach.
function outward(route: Route | undefined, location: string): string {
  const [, host, rest = ''] = ABSOLUTE.exec(location) ?? []
  if (route === undefined || host?.toLowerCase() !== route.ownHeaders.host) return location
  const { upstreamPath, publicUrl } = route
  const below = rest.startsWith(upstreamPath) ? rest.slice(upstreamPath.length) : undefined
  if (below !== undefined && /^(?:[/?#]|$)/.test(below)) return publicUrl + below
  return rest.startsWith('/') ? rest : `/${rest}`
}

const ABSOLUTE = /^https?:\/\/([^/?#]*)(.*)$/i

// The agent has acted already: a client that tries again would make it act twice.
function unrecorded(): Denial {
  return new Denial('audit-unavailable', 'the outcome could not be written', { retry: false })
}

const NO_BYTES = new Uint8Array(0)
