import type { AuditConfig, BoundsConfig, Config } from '../../core/config.ts'
import { checkCovers, isDemoChain, readPair } from '../certificates.ts'
import type { Reader } from '../reader.ts'
import { isLoopback, type Address } from '../schema/addresses.ts'
import type { BoundsSetting } from '../schema/bounds.ts'
import type { Setting } from '../schema.ts'
import { makeIssuers } from './issuers.ts'
import { readPolicies } from './policies.ts'
import { makeRoutes } from './routes.ts'

/** What is allowed besides the ordinary. */
export interface Allowances {
  /** The demo's throw-away certificates and names. */
  readonly demo: boolean
  readonly nowMs: number
}

/** The configuration as the gateway uses it. Errors go to the reader; with any, the result must not be used. */
export function makeConfig(reader: Reader, setting: Setting, { demo, nowMs }: Allowances): Config {
  const { public_url: publicUrl, admin } = setting
  const hosts = [...new Set([new URL(publicUrl).host, ...setting.hosts])]
  const tls = readPair(reader, setting.tls, ['tls'], nowMs)
  if (tls.cert !== '') checkCovers(reader, tls.cert, hosts, ['tls', 'cert'])
  if (!demo) checkFitForUse(reader, setting, tls.cert)
  const config = {
    publicUrl,
    hosts,
    listen: setting.listen,
    tls: {
      ...tls,
      versionMin: setting.tls.version_min === '1.3' ? ('TLSv1.3' as const) : ('TLSv1.2' as const),
    },
    trustedPeers: setting.trusted_peers,
    issuers: makeIssuers(reader, setting.auth),
    routes: makeRoutes(reader, setting.routes, nowMs),
    policies: readPolicies(reader, setting.policies),
    bounds: makeBounds(setting.bounds),
    audit: makeAudit(reader, setting.audit),
    admin: admin === false ? undefined : admin,
    log: setting.log,
  }
  checkTogether(reader, setting)
  return { ...config, revision: reader.revision() }
}

/** Names that stand for somebody's own (RFC 2606): a gateway that is reached under one of them was not configured. */
const PLACEHOLDER = /(?:^|\.)example(?:\.(?:com|net|org))?$/
const NOBODY = /\.invalid$/

function checkFitForUse(reader: Reader, { public_url: publicUrl, auth }: Setting, cert: string): void {
  if (isDemoChain(cert))
    reader.complain(
      ['tls', 'cert'],
      'this certificate was made by the demo',
      'use one of your own authority; for the demo itself: sallyport demo',
    )
  const own = new URL(publicUrl).hostname
  // On loopback nobody but this machine calls: a sample may be tried out as it is.
  const isSample = reader.template || isLoopback(own)
  if (!isSample && PLACEHOLDER.test(own))
    reader.complain(['public_url'], `${own} is a placeholder`, 'write the URL that your clients call')
  for (const [index, { issuer }] of auth.entries()) {
    const { hostname } = new URL(issuer)
    if (NOBODY.test(hostname) || (!isSample && PLACEHOLDER.test(hostname)))
      reader.complain(
        ['auth', index, 'issuer'],
        `${hostname} is a placeholder`,
        'write the issuer of your tokens (`iss`)',
      )
  }
}

/** Rules over several sections. */
function checkTogether(reader: Reader, setting: Setting): void {
  const { listen, admin, routes, bounds } = setting
  if (
    admin !== false &&
    admin.port !== 0 &&
    admin.port === listen.port &&
    overlap(admin.address, listen.address)
  )
    reader.complain(['admin'], 'the gateway listens there already', 'choose another port, such as 9901')
  for (const [index, { upstream, limits }] of routes.entries()) {
    const url = new URL(upstream.url)
    const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
    if (upstream.socket === undefined && isLoopback(url.hostname) && port === listen.port)
      reader.complain(
        ['routes', index, 'upstream'],
        'this is the gateway itself',
        'name the port of the agent',
      )
    if (limits.body_max > bounds.body_memory_max)
      reader.complain(
        ['routes', index, 'limits', 'body_max'],
        'no such body fits into bounds.body_memory_max',
        'raise body_memory_max, or lower body_max',
      )
  }
  checkRoles(reader, setting)
}

function overlap(one: Address['address'], other: Address['address']): boolean {
  return one === other || [one, other].some((address) => address === '0.0.0.0' || address === '::')
}

/** Where every issuer maps its values to roles, a role that no map gives is misspelt. */
function checkRoles(reader: Reader, { auth, routes }: Setting): void {
  if (auth.some(({ role_map: map }) => map === undefined)) return
  const given = new Set(auth.flatMap(({ role_map: map }) => Object.values(map ?? {})))
  for (const [index, { allow }] of routes.entries()) {
    for (const [number, { roles }] of allow.entries()) {
      for (const role of roles.filter((role) => !given.has(role)))
        reader.complain(
          ['routes', index, 'allow', number, 'roles'],
          `no role_map gives the role ${role}`,
          `use one of ${[...given].join(', ')}, or add it to a role_map`,
        )
    }
  }
}

function makeAudit(reader: Reader, setting: Setting['audit']): AuditConfig {
  return {
    dir: reader.locate(setting.dir),
    durability: setting.durability,
    segmentBytesMax: setting.segment_max,
    segmentMsMax: setting.segment_age_max,
    summaryPeersMax: setting.summary_peers_max,
    summaryWindowMs: setting.summary_window,
    queueMax: setting.queue_max,
  }
}

function makeBounds(setting: BoundsSetting): BoundsConfig {
  return {
    connectionsMax: setting.connections_max,
    connectionsPerPeerMax: setting.connections_per_peer_max,
    requestsPerPeerPerS: setting.requests_per_peer_per_s,
    silentMs: setting.silent,
    handshakeMs: setting.handshake,
    headersMs: setting.headers,
    idleMs: setting.idle,
    requestMs: setting.request,
    bodyBytesPerSMin: setting.body_per_s_min,
    headBytesMax: setting.head_max,
    headersMax: setting.headers_max,
    targetBytesMax: setting.target_max,
    streamsMax: setting.streams_max,
    resetsPerSMax: setting.resets_per_s_max,
    controlFramesPerSMax: setting.control_frames_per_s_max,
    requestsPerTurnMax: setting.requests_per_turn_max,
    bodyMemoryBytesMax: setting.body_memory_max,
    exchangesMax: setting.exchanges_max,
    loopDelayMsMax: setting.loop_delay_max,
    drainMs: setting.drain,
    drainNoticeMs: setting.drain_notice,
    textsMax: setting.texts_max,
    jsonDepthMax: setting.json_depth_max,
  }
}
