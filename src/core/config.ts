import type { Origin } from './call.ts'

/**
 * The configuration as the gateway uses it: validated, defaults filled in, units in names, secrets read.
 * src/config/schema.ts is the source of truth for what the file may say; it is the only maker of these.
 */
export interface Config {
  /** `https://host[:port]`, no path: the only source of advertised URLs. */
  readonly publicUrl: string
  /** Authorities that requests may name, lower case, port included unless 443; `publicUrl`'s own comes first. */
  readonly hosts: readonly string[]
  readonly listen: { readonly address: string; readonly port: number }
  readonly tls: TlsConfig
  /** CIDR blocks of balancers in front: their PROXY protocol header is read, and nothing else of theirs believed. */
  readonly trustedPeers: readonly string[]
  readonly issuers: readonly IssuerConfig[]
  readonly routes: readonly RouteConfig[]
  readonly policies: readonly PolicySource[]
  readonly bounds: BoundsConfig
  readonly audit: AuditConfig
  readonly admin: { readonly address: string; readonly port: number } | undefined
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent' }
  /** SHA-256 over configuration, policies and key files as read; base64url, 16 characters. */
  readonly revision: string
}

/** Certificate of the listener. */
export interface TlsConfig {
  /** PEM chain, leaf first. */
  readonly cert: string
  /** PEM private key. */
  readonly key: string
  readonly versionMin: 'TLSv1.2' | 'TLSv1.3'
}

/** One issuer of tokens. */
export interface IssuerConfig {
  readonly issuer: string
  readonly audiences: readonly string[]
  /** Asymmetric JWS algorithms accepted from this issuer. */
  readonly algorithms: readonly string[]
  readonly keys: KeySource
  /** Accepted `typ` header values, lower case, `application/` prefix removed. */
  readonly tokenTypes: readonly string[]
  readonly preset: 'keycloak' | 'entra' | 'auth0' | 'okta' | undefined
  /** Path of member names to the roles claim. */
  readonly rolesPath: readonly string[]
  /** Claim value → role; values that it does not name are dropped. Absent = values are roles. */
  readonly roleMap: Readonly<Record<string, string>> | undefined
  /** Clock difference forgiven, 0 to 60,000. */
  readonly leewayMs: number
  /** Longest `exp - iat` accepted; longer tokens are refused. */
  readonly lifetimeMsMax: number
  /** How long keys are used after the last good fetch while the issuer is down. */
  readonly staleMsMax: number
  /** Shortest time between two fetches that an unknown `kid` may cause. */
  readonly cooldownMs: number
}

/** Where an issuer's keys come from. */
export type KeySource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string; readonly ca: string | undefined }
  | { readonly kind: 'discovery'; readonly url: string; readonly ca: string | undefined }

/** One route: a path prefix, who may use it, and the agent behind it. */
export interface RouteConfig {
  readonly name: string
  /** Canonical path prefix, begins with `/`, no `/` at its end unless it is all of it. Matches whole segments. */
  readonly path: string
  readonly protocol: 'http' | 'openai' | 'anthropic'
  /** True: bodies stream unscreened and unparsed; only for `http`. */
  readonly opaque: boolean
  readonly methods: readonly string[]
  readonly upstream: UpstreamConfig
  readonly allow: readonly AllowRule[]
  /** Scopes that a token must hold, all of them. */
  readonly scopes: readonly string[]
  readonly cors: CorsConfig | undefined
  readonly limits: RouteLimits
  readonly screen: ScreenConfig
  /** How much a refusal tells. */
  readonly disclosure: 'id' | 'category' | 'full'
  /** Callers may be believed when they write system and developer messages. */
  readonly trustSystem: boolean
}

/** RBAC shorthand: one permit. Absent lists permit any. `line` is where it stands in the file, for explanations. */
export interface AllowRule {
  readonly roles: readonly string[]
  readonly methods: readonly string[] | undefined
  readonly operations: readonly string[] | undefined
  readonly models: readonly string[] | undefined
  readonly tools: readonly string[] | undefined
  readonly file: string
  readonly line: number
}

/** An agent, and how it is spoken to. Times in milliseconds. */
export interface UpstreamConfig {
  /** `http://…` (loopback only), `https://…`, with an optional path prefix that replaces the route's. */
  readonly url: string
  /** Path of a unix socket to connect to instead of the URL's host. */
  readonly socket: string | undefined
  readonly tls: UpstreamTlsConfig | undefined
  readonly connectMs: number
  /** From the last byte sent to the first byte of the head. */
  readonly firstByteMs: number
  /** Between two bytes of the answer. */
  readonly idleMs: number
  /** Whole exchange; 0 = unbounded, for streams that live as long as their client. */
  readonly totalMs: number
  readonly headBytesMax: number
  /** HTTP/2 where the upstream offers it by ALPN. */
  readonly http2: boolean
  /** Signed assertion of the principal in this header; undefined = none. */
  readonly assertion:
    | { readonly header: string; readonly audience: string; readonly lifetimeMs: number }
    | undefined
  /** Plain identity headers, lower-case names: which claim each carries. Client-sent twins are stripped. */
  readonly identityHeaders: readonly {
    readonly name: string
    readonly from: 'subject' | 'issuer' | 'roles' | 'client'
  }[]
}

/** How an upstream is recognised, and how we are. */
export interface UpstreamTlsConfig {
  /** PEM bundle that the upstream's certificate must chain to; undefined = the system's store. */
  readonly ca: string | undefined
  readonly servername: string | undefined
  /** Client certificate for mTLS. */
  readonly cert: string | undefined
  readonly key: string | undefined
}

/** Which browser origins may use a route. */
export interface CorsConfig {
  /** Exact origins; `*` is refused by the schema. */
  readonly origins: readonly string[]
  readonly headers: readonly string[]
  readonly maxAgeS: number
}

/** Limits of one route. */
export interface RouteLimits {
  /** Requests of one principal on this route in one window. */
  readonly requests: { readonly max: number; readonly windowMs: number }
  /** Exchanges of one principal on this route at once, streams included. */
  readonly concurrencyPerPrincipalMax: number
  /** Exchanges on this route at once. */
  readonly concurrencyMax: number
  /** Largest body, after decoding. */
  readonly bodyBytesMax: number
}

/** How input is judged on a route. */
export interface ScreenConfig {
  readonly mode: 'enforce' | 'monitor' | 'off'
  /** Score at and above which a text is rejected, by origin, 0 to 1. */
  readonly thresholds: Readonly<Record<Origin, number>>
}

/** Bounds of the gateway as a whole. Every queue, buffer, stream and wait has one. */
export interface BoundsConfig {
  readonly connectionsMax: number
  readonly connectionsPerPeerMax: number
  /** Requests of one peer address in one second, before authentication. Trusted peers are exempt. */
  readonly requestsPerPeerPerS: number
  /** Silent connection: no byte. */
  readonly silentMs: number
  readonly handshakeMs: number
  readonly headersMs: number
  /** Kept-alive connection without a request, and an answer of which the client takes nothing. */
  readonly idleMs: number
  /** Head and body of one request. */
  readonly requestMs: number
  /** Slowest body accepted, after 5 s of grace, bytes a second. */
  readonly bodyBytesPerSMin: number
  readonly headBytesMax: number
  readonly headersMax: number
  readonly targetBytesMax: number
  readonly streamsMax: number
  /** HTTP/2 resets by the peer per connection in one second. */
  readonly resetsPerSMax: number
  /** HTTP/2 SETTINGS and PING frames per connection in one second. */
  readonly controlFramesPerSMax: number
  /** Requests of one connection started in one turn of the event loop. */
  readonly requestsPerTurnMax: number
  /** All request bodies held in memory together. */
  readonly bodyMemoryBytesMax: number
  /** Exchanges at once, all routes. */
  readonly exchangesMax: number
  /** Event loop delay at which new requests are shed with 503. */
  readonly loopDelayMsMax: number
  /** How long a drain waits for exchanges in flight, `drainNoticeMs` included. */
  readonly drainMs: number
  /** How long new connections are still taken after readiness went off, so that balancers see it first. */
  readonly drainNoticeMs: number
  readonly jsonDepthMax: number
  /** Texts of one request that are screened; more = `content-too-large`. */
  readonly textsMax: number
}

/** Where and how decisions are recorded. */
export interface AuditConfig {
  /** Folder of the log; made when missing, mode 0700. */
  readonly dir: string
  /** `group`: written before forwarding, fdatasync within 100 ms. `sync`: fdatasync before forwarding. */
  readonly durability: 'group' | 'sync'
  readonly segmentBytesMax: number
  readonly segmentMsMax: number
  /** Distinct (peer, window) summaries held at once; further peers are counted together. */
  readonly summaryPeersMax: number
  readonly summaryWindowMs: number
  /** Records waiting to be written; more = audit-unavailable. */
  readonly queueMax: number
}

/** One Cedar file. */
export interface PolicySource {
  readonly file: string
  readonly text: string
}
