import type { UpstreamConfig } from '../core/config.ts'
import type { HttpVersion } from '../core/exchange.ts'
import type { Principal } from '../core/principal.ts'
import { Denial } from '../problem/problems.ts'
import type { Assertion, Assertions } from './assertion.ts'
import { isFieldValue, isToken, namesNoField, readConnection, squash, withoutNamed } from './fields.ts'
import { type IdentityHeader, pushIdentity } from './identity-headers.ts'
import { type Fate, HeaderNames } from './names.ts'

/** What a route adds to every request, made once at load. */
export interface OwnHeaders {
  /** Authority of the upstream. */
  readonly host: string
  readonly names: HeaderNames
  readonly identity: readonly IdentityHeader[]
  readonly assertion: { readonly header: string; readonly by: Assertion } | undefined
}

/** One request, as far as its upstream head goes. */
export interface AssembleInput {
  /** As received: names and values in turn, duplicates standing. */
  readonly rawHeaders: readonly string[]
  readonly own: OwnHeaders
  readonly principal: Principal
  readonly exchangeId: string
  readonly method: string
  /** Authority that the client named, already admitted. */
  readonly host: string
  readonly version: HttpVersion
}

/** @throws {Error} when a configured header name is no token, or is one that frames or routes the message. */
export function ownHeaders(config: UpstreamConfig, assertions: Assertions): OwnHeaders {
  const { assertion } = config
  const identity = config.identityHeaders.map(({ name, from }) => ({ name: name.toLowerCase(), from }))
  const names = identity.map(({ name }) => name)
  if (assertion !== undefined) names.push(assertion.header.toLowerCase())
  for (const name of names) {
    if (!isToken(name) || RESERVED.has(squash(name)))
      throw new Error(`upstream ${config.url}: "${name}" cannot be a header of ours`)
  }
  return {
    host: new URL(config.url).host,
    names: new HeaderNames(names),
    identity,
    assertion: assertion && {
      header: assertion.header.toLowerCase(),
      by: assertions.toward(assertion.audience, assertion.lifetimeMs),
    },
  }
}

const RESERVED: ReadonlySet<string> = new Set(
  'connection,contentencoding,contentlength,contenttype,cookie,expect,forwarded,host,keepalive,te,trailer,transferencoding,upgrade,via,xrequestid'.split(
    ',',
  ),
)

/**
 * Assembles the head that leaves: of the client's headers those that may pass, then ours. Framing (Content-Length,
 * Transfer-Encoding) is left to the connection, which knows the bytes.
 *
 * What is hop-by-hop is removed from the client's own set *before* ours are added: in the other order a client that sends
 * `Connection: x-user` has the proxy remove the identity that it just set (CVE-2026-33805).
 *
 * Cookies pass: the gateway has none of its own, so they are the agent's. Tokens never do.
 *
 * Denials: malformed-request for anything that is not RFC 9110 grammar; not-supported for `Max-Forwards: 0`;
 * token-invalid for an identity that no header can carry.
 */
export function assembleRequest(input: AssembleInput): readonly string[] | Denial {
  const { rawHeaders, own } = input
  const headers: string[] = []
  let apart: Apart | undefined
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const { name, fate } = own.names.judge(rawHeaders[i] ?? '')
    const value = rawHeaders[i + 1]
    // A stripped header is judged too: bytes that break a line were meant to break one.
    if (fate === 'malformed' || value === undefined || !isFieldValue(value))
      return malformed('a header field')
    if (fate === 'pass') headers.push(name, value)
    else if (fate !== 'strip' && !(fate === 'connection' && namesNoField(value))) {
      apart ??= { named: new Set(), via: '', cookie: '', maxForwards: undefined }
      const fault = takeApart(apart, fate, value)
      if (fault !== undefined) return malformed(fault)
    }
  }
  const passed = apart === undefined ? headers : settle(apart, headers, input.method)
  return passed instanceof Denial ? passed : addOwn(passed, apart?.via ?? '', input)
}

/** Fields of the client that do not pass as they are. */
interface Apart {
  /** Lower-case names that Connection lists, hop-by-hop ones left out. */
  readonly named: Set<string>
  via: string
  cookie: string
  maxForwards: string | undefined
}

function takeApart(apart: Apart, fate: Fate, value: string): string | undefined {
  if (fate === 'connection') return readConnection(value, apart.named)
  if (fate === 'via') apart.via = apart.via === '' ? value : `${apart.via}, ${value}`
  // HTTP/2 clients send cookies apart; RFC 9113 section 8.2.3 wants them joined for HTTP/1.1.
  else if (fate === 'cookie') apart.cookie = apart.cookie === '' ? value : `${apart.cookie}; ${value}`
  else if (apart.maxForwards !== undefined) return 'two max-forwards headers'
  else apart.maxForwards = value
  return undefined
}

function settle(apart: Apart, headers: string[], method: string): string[] | Denial {
  const passed = apart.named.size === 0 ? headers : withoutNamed(headers, apart.named)
  if (apart.cookie !== '' && !apart.named.has('cookie')) passed.push('cookie', apart.cookie)
  if (apart.maxForwards === undefined) return passed
  const left = hopsLeft(apart.maxForwards, method)
  if (left instanceof Denial) return left
  passed.push('max-forwards', left)
  return passed
}

// RFC 9110 section 7.6.2: counted down for OPTIONS (and TRACE, which no route allows), of no meaning elsewhere.
function hopsLeft(maxForwards: string, method: string): string | Denial {
  if (!/^\d{1,10}$/.test(maxForwards)) return malformed('max-forwards is not a number')
  if (method !== 'OPTIONS') return maxForwards
  const hops = Number(maxForwards)
  if (hops === 0) return new Denial('not-supported', 'max-forwards: 0 asks the gateway itself')
  return String(hops - 1)
}

function addOwn(headers: string[], via: string, input: AssembleInput): readonly string[] | Denial {
  const { own, principal, host } = input
  if (!AUTHORITY.test(host)) return malformed('the authority')
  // The client's address is not told: RFC 7239 section 8.3 leaves it out unless somebody needs it.
  headers.push(
    'host',
    own.host,
    'forwarded',
    `proto=https;host="${host}"`,
    'via',
    via === '' ? VIA[input.version] : `${via}, ${VIA[input.version]}`,
    'x-request-id',
    input.exchangeId,
  )
  if (own.assertion !== undefined) headers.push(own.assertion.header, own.assertion.by.of(principal))
  for (const header of own.identity) {
    if (!pushIdentity(headers, header, principal))
      return new Denial('token-invalid', `${header.from} has no form that a header can carry`)
  }
  return headers
}

const AUTHORITY = /^[A-Za-z0-9._:[\]-]+$/

const VIA: Readonly<Record<HttpVersion, string>> = {
  '1.0': '1.0 sallyport',
  '1.1': '1.1 sallyport',
  '2': '2 sallyport',
}

function malformed(what: string): Denial {
  return new Denial('malformed-request', `${what} cannot be forwarded`)
}
