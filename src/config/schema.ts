import { z } from 'zod'
import { authority, listenAddress, publicUrl, trustedPeers } from './schema/addresses.ts'
import { auth } from './schema/auth.ts'
import { bounds } from './schema/bounds.ts'
import { route } from './schema/route.ts'
import {
  bytes,
  count,
  distinct,
  duration,
  list,
  oneOrMore,
  secret,
  section,
  text,
  word,
} from './schema/values.ts'

const tls = section({
  cert: secret('file:/run/secrets/tls.crt').describe('Certificate chain in PEM, leaf first.'),
  key: secret('file:/run/secrets/tls.key').describe(
    'Its private key in PEM, without a passphrase. A file must not be readable by others.',
  ),
  version_min: word(['1.2', '1.3'])
    .default('1.2')
    .describe('Lowest TLS version accepted, in quotes. 1.2 is limited to AEAD and ECDHE.'),
})

const audit = section({
  dir: text('/var/lib/sallyport/audit', 1_024)
    .default('/var/lib/sallyport/audit')
    .describe("Folder of the log, relative to this file's; made when missing."),
  durability: word(['group', 'sync'])
    .default('group')
    .describe(
      '`group`: a decision is written before anything is forwarded, and on the disk within 100 ms. `sync`: it is on the disk before anything is forwarded.',
    ),
  segment_max: bytes('64MiB', { min: '1MiB', max: '4GiB' }).describe('Size at which a new file is begun.'),
  segment_age_max: duration('24h', { min: '1m', max: '30d' }).describe('Age at which a new file is begun.'),
  summary_peers_max: count(1_024, 16, 1_000_000).describe(
    'Peers whose refusals before authentication are counted apart; further ones are counted together.',
  ),
  summary_window: duration('60s', { min: '1s', max: '1h' }).describe('Time that one such count covers.'),
  queue_max: count(4_096, 16, 1_000_000).describe(
    'Records that may wait to be written. More: `audit-unavailable`.',
  ),
})

const log = section({
  level: word(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least important operational messages written.'),
})

/** The whole file. Source of truth: the editor's schema and the reference page are printed from it. */
export const configuration = section({
  version: z
    .literal(1, { error: 'expected version 1' })
    .describe('Version of this format.')
    .meta({ examples: [1] }),
  public_url: publicUrl.describe(
    'What clients call: the only source of the URLs that the gateway tells anybody.',
  ),
  hosts: distinct(authority, 256)
    .prefault([])
    .describe('Further authorities that requests may name. Others: `misdirected-request`.'),
  listen: listenAddress('0.0.0.0')
    .prefault(8443)
    .describe(
      'Where clients connect: HTTPS only. A port alone: on every IPv4 address. Port 0 takes any free one.',
    ),
  tls: tls.describe('Certificate of the listener.'),
  trusted_peers: trustedPeers
    .prefault([])
    .describe(
      'Balancers in front: addresses and blocks whose PROXY protocol header is read. Their `Forwarded` and `X-Forwarded-For` are not: anybody behind them can write those.',
    ),
  auth: list(auth, 64)
    .min(1, { error: 'expected at least one issuer' })
    .describe('Whose tokens are accepted.'),
  routes: list(route, 1_024)
    .min(1, { error: 'expected at least one route' })
    .describe('Where requests go, and who may send them.'),
  policies: oneOrMore(text('./policies', 1_024))
    .optional()
    .describe(
      "Cedar files (`*.cedar`) or folders of them, relative to this file's folder: conditions and forbids that `allow` cannot say.",
    ),
  bounds: bounds.prefault({}).describe('Bounds of the gateway as a whole. The defaults are safe.'),
  audit: audit.prefault({}).describe('The record of every decision.'),
  admin: z
    .union([z.literal(false), listenAddress('127.0.0.1')], {
      error: 'expected false, a port, or an address with a port, such as 9901',
    })
    .prefault(9901)
    .describe(
      'Where `/livez`, `/readyz` and `/metrics` are served, in plain HTTP and to whoever can connect. A port alone: on 127.0.0.1. `false`: nowhere.',
    ),
  log: log.prefault({}).describe('Operational messages.'),
})

/** What a valid file says, defaults filled in, units resolved. */
export type Setting = z.output<typeof configuration>

/** The file's JSON Schema (2020-12), as written and not as used: text with units, defaults, examples, ranges. */
export function configurationSchema(): JsonSchema {
  printed ??= print()
  return printed
}

let printed: JsonSchema | undefined

function print(): JsonSchema {
  // zod's own type has members that are unions of all kinds; this is the part of it that we walk.
  return z.toJSONSchema(configuration, { io: 'input', unrepresentable: 'any' }) as JsonSchema
}

/** The part of JSON Schema that the configuration's uses. */
export interface JsonSchema {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  /** Our own: lowest and highest value of a setting with a unit. */
  readonly range?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: JsonSchema | boolean
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
}
