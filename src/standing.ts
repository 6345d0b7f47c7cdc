import { isDeepStrictEqual } from 'node:util'
import type { AuditLog } from './audit/audit.ts'
import type { Clock } from './core/clock.ts'
import type { Config } from './core/config.ts'
import type { Observer } from './core/events.ts'
import type { Meter } from './core/meter.ts'
import { type Authenticator, createAuthenticator } from './identity/authenticator.ts'
import type { Load } from './limit/load.ts'
import type { PeerBudget } from './limit/peers.ts'
import { publicDocuments } from './pipeline/documents.ts'
import type { Gate } from './pipeline/gate.ts'
import type { ReadBounds } from './pipeline/read.ts'
import { type Route, routeTable } from './pipeline/route.ts'
import { loadPolicies } from './policy/load.ts'
import { makeRoutes, type RouteDeps } from './routes.ts'
import type { Screen } from './screen/screen.ts'
import { createFetch } from './upstream/fetch.ts'

/** What one gateway has from its start to its end, whatever is reloaded. */
export interface Lasting extends RouteDeps {
  readonly clock: Clock
  readonly observer: Observer
  readonly audit: AuditLog
  readonly meter: Meter
  readonly screen: Screen
  readonly load: Load
  readonly peers: PeerBudget
  readonly bounds: ReadBounds
  /** Security headers of our own answers. */
  readonly ownHeaders: readonly string[]
}

/** One configuration as it runs: a gate, and what was made for it alone. */
export interface Standing {
  readonly config: Config
  readonly gate: Gate
  readonly identity: Authenticator
  readonly routes: readonly Route[]
}

/**
 * Makes a configuration run, whole or not at all: what was made by then is closed again. What is the same as in the one before is
 * taken over with all that it knows: connections, counts of limits, keys, tokens.
 *
 * @throws {Error} on policies that do not load; in place of another one also when signing keys cannot be had, since the old ones can.
 */
export async function makeStanding(config: Config, lasting: Lasting, before?: Standing): Promise<Standing> {
  await using made = new AsyncDisposableStack()
  const policies = loadPolicies(config.routes, config.policies)
  const identity = identityOf(config, lasting, before)
  if (identity !== before?.identity) {
    made.defer(() => identity.close())
    await identity.start()
    if (before !== undefined && !identity.ready) throw new Error('signing keys of an issuer cannot be had')
  }
  const routes = makeRoutes(config, lasting, before?.routes)
  made.defer(() => closeRoutes(routes, before?.routes ?? []))
  const gate: Gate = {
    entry: {
      routes: routeTable(routes),
      hosts: new Set(config.hosts),
      documents: publicDocuments(config, lasting.assertions.jwks, lasting.ownHeaders),
      peers: lasting.peers,
      load: lasting.load,
    },
    identity,
    policies,
    bounds: lasting.bounds,
    screen: lasting.screen,
    audit: lasting.audit,
    observer: lasting.observer,
    meter: lasting.meter,
    ownHeaders: lasting.ownHeaders,
    revision: config.revision,
  }
  made.move()
  return { config, gate, identity, routes }
}

/** Closes what a standing has and none of the others. */
export async function retire(standing: Standing, others: readonly Standing[]): Promise<void> {
  if (others.every(({ identity }) => identity !== standing.identity)) standing.identity.close()
  await closeRoutes(
    standing.routes,
    others.flatMap(({ routes }) => routes),
  )
}

async function closeRoutes(routes: readonly Route[], kept: readonly Route[]): Promise<void> {
  const used = new Set(kept.map(({ upstream }) => upstream))
  await Promise.all(
    routes.filter(({ upstream }) => !used.has(upstream)).map(({ upstream }) => upstream.close()),
  )
}

// Keys of a file are read when they are made: another revision may mean another file.
function identityOf(config: Config, lasting: Lasting, before: Standing | undefined): Authenticator {
  const { clock, observer } = lasting
  const isKept =
    before !== undefined &&
    isDeepStrictEqual(config.issuers, before.config.issuers) &&
    config.issuers.every(({ keys }) => keys.kind !== 'file')
  return isKept
    ? before.identity
    : createAuthenticator(config.issuers, { clock, observer, fetch: createFetch() })
}
