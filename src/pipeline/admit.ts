import type { Answer, Exchange } from '../core/exchange.ts'
import type { Load } from '../limit/load.ts'
import type { PeerBudget } from '../limit/peers.ts'
import { Denial } from '../problem/problems.ts'
import { corsHeaders, isPreflight, preflightAnswer } from './cors.ts'
import { type Head, readHead } from './head.ts'
import { readTarget, TargetFault } from './path.ts'
import type { Route, RouteTable } from './route.ts'

/** What phase 1 judges with. */
export interface Entry {
  readonly routes: RouteTable
  /** Authorities served, lower case. */
  readonly hosts: ReadonlySet<string>
  /** Documents that anybody may read (keys, resource metadata), by path. */
  readonly documents: ReadonlyMap<string, Answer>
  readonly peers: PeerBudget
  readonly load: Load
}

/** Proof that a request is well-formed, for us, and for a known route. Made only here. */
class Admission {
  declare protected readonly proof: true
  readonly exchange: Exchange
  readonly route: Route
  readonly head: Head
  /** Canonical path, the route's prefix included, and the raw query. */
  readonly path: string
  readonly query: string

  constructor(exchange: Exchange, route: Route, head: Head, target: { path: string; query: string }) {
    this.exchange = exchange
    this.route = route
    this.head = head
    this.path = target.path
    this.query = target.query
  }
}
export type { Admission }

/** A request that is answered before anybody needs to be known: a CORS preflight or a public document. */
export class Answered {
  readonly answer: Answer
  /** What the summary of the peer counts it as: it is on record like a refusal before authentication. */
  readonly what: 'preflight' | 'public-document'

  constructor(answer: Answer, what: Answered['what']) {
    this.answer = answer
    this.what = what
  }
}

/** A refusal by a known route: the answer needs its CORS headers and its disclosure. */
export class RouteDenial extends Denial {
  readonly route: Route
  readonly origin: string | undefined

  constructor(denial: Denial, route: Route, origin: string | undefined) {
    super(denial.problem, denial.reason, denial.more)
    this.route = route
    this.origin = origin
  }
}

/**
 * Phase 1: takes the request apart, once, and refuses what is malformed, not for us, or too much, before any work is done
 * for a caller whom nobody knows.
 */
export function admit(entry: Entry, exchange: Exchange): Admission | Answered | Denial {
  const waitMs = entry.peers.take(exchange.connection, exchange.startedMs)
  if (waitMs > 0) return new Denial('rate-exceeded', 'budget of the peer address', { retryAfterMs: waitMs })
  if (entry.load.shedding) return new Denial('overloaded', 'event loop delay')

  const head = readHead(exchange.rawHeaders)
  if (head instanceof Denial) return head
  const target = readTarget(exchange.target)
  if (target instanceof TargetFault) return new Denial('malformed-request', target.reason, CLOSE)
  const misdirected = judgeAuthority(entry.hosts, exchange, head.host, target.authority)
  if (misdirected !== undefined) return misdirected

  const document = entry.documents.get(target.path)
  if (document !== undefined) return publicDocument(document, exchange.method)
  const route = entry.routes.find(target.path)
  if (route === undefined) return new Denial('route-unknown', 'no route has this path')
  if (isPreflight(exchange.method, head) && route.origins.has(head.origin ?? '')) {
    return new Answered(preflightAnswer(route, head), 'preflight')
  }
  const refused = judgeMethodAndLength(route, exchange, head)
  if (refused !== undefined) return new RouteDenial(refused, route, head.origin)
  return new Admission(exchange, route, head, target)
}

/** CORS headers of an admitted request's answers. */
export function admittedCors(admission: Admission): readonly string[] {
  return corsHeaders(admission.route, admission.head.origin)
}

function judgeMethodAndLength(route: Route, exchange: Exchange, head: Head): Denial | undefined {
  if (!route.methods.has(exchange.method)) {
    return new Denial('method-not-allowed', 'method', { headers: ['allow', route.allow] })
  }
  if (head.contentLength !== undefined && head.contentLength > route.config.limits.bodyBytesMax) {
    return new Denial('content-too-large', 'declared length', CLOSE)
  }
  return undefined
}

// RFC 9112 section 3.2, RFC 9113 section 8.3.1: every place that names the host must name the same one, and it must be ours.
// Otherwise a balancer or an agent that reads another place than we do serves a host that was not judged.
function judgeAuthority(
  hosts: ReadonlySet<string>,
  exchange: Exchange,
  host: string | undefined,
  absolute: string | undefined,
): Denial | undefined {
  const named = exchange.authority ?? host
  if (named === undefined) return new Denial('malformed-request', 'no host', CLOSE)
  const authority = withoutDefaultPort(named.toLowerCase())
  for (const other of [host, absolute]) {
    if (other !== undefined && withoutDefaultPort(other.toLowerCase()) !== authority) {
      return new Denial('malformed-request', 'two authorities', CLOSE)
    }
  }
  if (!hosts.has(authority)) return new Denial('misdirected-request', 'host is not configured')
  const { servername } = exchange.connection
  if (servername !== undefined && servername !== hostname(authority)) {
    return new Denial('misdirected-request', 'TLS server name and host differ')
  }
  return undefined
}

function withoutDefaultPort(authority: string): string {
  return authority.endsWith(':443') ? authority.slice(0, -4) : authority
}

function hostname(authority: string): string {
  const colon = authority.lastIndexOf(':')
  return colon > authority.lastIndexOf(']') ? authority.slice(0, colon) : authority
}

function publicDocument(document: Answer, method: string): Answered | Denial {
  if (method === 'GET' || method === 'HEAD') return new Answered(document, 'public-document')
  return new Denial('method-not-allowed', 'method', { headers: ['allow', 'GET, HEAD'] })
}

const CLOSE = { close: true } as const
