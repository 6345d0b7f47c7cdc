import type { UpstreamConfig } from '../core/config.ts'
import type { HttpVersion } from '../core/exchange.ts'
import type { Principal } from '../core/principal.ts'
import { Denial } from '../problem/problems.ts'
import type { Assertions } from './assertion.ts'

/** What a route's own headers are made with; worked out once, at load. */
export interface OwnHeaders {
  /** Authority of the upstream, as its Host header names it. */
  readonly host: string
  readonly assertion: { readonly name: string; sign(principal: Principal, nowMs: number): string } | undefined
  readonly identity: UpstreamConfig['identityHeaders']
  /** Names that only we may set, without `-` and `_`, lower case: every spelling that some upstream reads as ours. */
  readonly names: ReadonlySet<string>
}

/** Works out a route's own headers. */
export function ownHeaders(config: UpstreamConfig, assertions: Assertions): OwnHeaders {
  const { assertion, identityHeaders } = config
  const names = [
    ...identityHeaders.map(({ name }) => name),
    ...(assertion === undefined ? [] : [assertion.header]),
  ]
  return {
    host: new URL(config.url).host,
    assertion: assertion && {
      name: assertion.header,
      sign: (principal, nowMs) => assertions.sign(principal, assertion, nowMs),
    },
    identity: identityHeaders,
    names: new Set(names.map(squeezed)),
  }
}

/** One request's part in its head. */
export interface Assembly {
  readonly rawHeaders: readonly string[]
  readonly own: OwnHeaders
  readonly principal: Principal
  readonly exchangeId: string
  readonly peer: string
  /** Authority that the client named. */
  readonly host: string
  readonly nowMs: number
  readonly version: HttpVersion
}

/**
 * Makes the head that the upstream receives (RFC 9110 section 7.6). What is hop-by-hop is worked out on the client's own set
 * before anything of ours is added: otherwise `Connection: x-identity` takes our identity header off the request.
 */
export function assembleRequest(assembly: Assembly): readonly string[] | Denial {
  const { rawHeaders, own } = assembly
  const named = connectionOptions(rawHeaders)
  const headers: string[] = ['host', own.host]
  let via = ''
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase()
    const value = rawHeaders[i + 1] ?? ''
    if (!TOKEN.test(name) || !FIELD_VALUE.test(value))
      return new Denial('malformed-request', 'header grammar', CLOSE)
    if (name === 'via') via = via === '' ? value : `${via}, ${value}`
    else if (passes(name, own, named)) headers.push(name, value)
  }
  return addOwn(headers, assembly, via)
}

function addOwn(headers: string[], assembly: Assembly, via: string): readonly string[] | Denial {
  const { own, principal } = assembly
  const hop = `${assembly.version} sallyport`
  headers.push('via', via === '' ? hop : `${via}, ${hop}`)
  headers.push('forwarded', forwarded(assembly.peer, assembly.host))
  headers.push('x-request-id', assembly.exchangeId)
  if (own.assertion !== undefined)
    headers.push(own.assertion.name, own.assertion.sign(principal, assembly.nowMs))
  for (const { name, from } of own.identity) {
    const value = identityValue(principal, from)
    // An identity that cannot be written without a change is somebody else's: refuse instead of repairing.
    if (!IDENTITY_VALUE.test(value))
      return new Denial('policy-forbids', `identity header ${name} cannot hold this identity`)
    headers.push(name, value)
  }
  return headers
}

function passes(name: string, own: OwnHeaders, named: ReadonlySet<string> | undefined): boolean {
  if (DROPPED.has(name) || named?.has(name) === true) return false
  const squeezedName = squeezed(name)
  return !DROPPED_SQUEEZED.has(squeezedName) && !own.names.has(squeezedName) && !DROPPED_PREFIX.test(name)
}

// RFC 9110 section 7.6.1: what Connection names goes no further.
function connectionOptions(rawHeaders: readonly string[]): ReadonlySet<string> | undefined {
  let named: Set<string> | undefined
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? ''
    if (name.length !== 10 || name.toLowerCase() !== 'connection') continue
    for (const option of (rawHeaders[i + 1] ?? '').split(','))
      (named ??= new Set()).add(option.trim().toLowerCase())
  }
  return named
}

function squeezed(name: string): string {
  return name.includes('-') || name.includes('_')
    ? name.replace(/[-_]/g, '').toLowerCase()
    : name.toLowerCase()
}

// RFC 7239: an IPv6 address stands in brackets and quotes.
function forwarded(peer: string, host: string): string {
  const node = peer.includes(':') ? `"[${peer}]"` : peer
  return `for=${node};host="${host.replace(/[^A-Za-z0-9.\-:[\]]/g, '')}";proto=https`
}

function identityValue(
  principal: Principal,
  from: UpstreamConfig['identityHeaders'][number]['from'],
): string {
  if (from === 'subject') return principal.subject
  if (from === 'issuer') return principal.issuer
  if (from === 'roles') return principal.roles.join(',')
  return principal.clientId ?? ''
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/
// RFC 9110 section 5.5, obs-text included; no edge whitespace can arrive, parsers cut it off.
const FIELD_VALUE = /^[\t\x20-\x7E\x80-\xFF]*$/
const IDENTITY_VALUE = /^[\x21-\x7E](?:[\x20-\x7E]*[\x21-\x7E])?$|^$/

/** Hop-by-hop, the client's credential, and what is made anew for the upstream. */
const DROPPED: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
  'http2-settings',
  'expect',
  'authorization',
  'x-request-id',
  'forwarded',
  'cookie2',
])

/** Dropped in every spelling that some upstream reads as the same name (`content_length`, `x_forwarded_for`). */
const DROPPED_SQUEEZED: ReadonlySet<string> = new Set(
  [
    'host',
    'content-length',
    'transfer-encoding',
    'authorization',
    'x-api-key',
    'x-real-ip',
    'x-client-ip',
    'true-client-ip',
    'cf-connecting-ip',
    'x-cluster-client-ip',
    'x-original-url',
    'x-original-uri',
    'x-original-host',
    'x-original-path',
    'x-rewrite-url',
    'x-override-url',
    'x-http-method',
    'x-http-method-override',
    'x-method-override',
    'x-envoy-original-path',
    'x-envoy-external-address',
    'x-host',
    'client-ip',
    'forwarded',
    'via',
    'x-request-id',
  ].map((name) => name.replaceAll('-', '')),
)
const DROPPED_PREFIX = /^(?:proxy[-_]|x[-_]forwarded(?:[-_]|$)|sallyport[-_])/
const CLOSE = { close: true } as const
