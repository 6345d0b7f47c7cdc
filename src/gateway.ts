import type { AuditLog } from './audit/audit.ts'
import type { Disk } from './audit/disk.ts'
import { openAuditLog } from './audit/writer.ts'
import { type Clock, systemClock } from './core/clock.ts'
import type { BoundsConfig, Config } from './core/config.ts'
import type { Observer } from './core/events.ts'
import type { Exchange } from './core/exchange.ts'
import { createAuthenticator } from './identity/authenticator.ts'
import { descriptorsMax, withinDescriptors } from './limit/descriptors.ts'
import { watchLoad } from './limit/load.ts'
import { bodyMemory } from './limit/memory.ts'
import { peerBudget } from './limit/peers.ts'
import { createListener, type ListenerDeps } from './listener/listener.ts'
import { type Gateway, Life, type Parts } from './life.ts'
import { publicDocuments } from './pipeline/documents.ts'
import type { Gate } from './pipeline/gate.ts'
import { handle } from './pipeline/handle.ts'
import { routeTable } from './pipeline/route.ts'
import { loadPolicies } from './policy/load.ts'
import { Denial } from './problem/problems.ts'
import { render } from './problem/render.ts'
import { makeRoutes } from './routes.ts'
import { createScreen, type Screen } from './screen/screen.ts'
import { openLog } from './telemetry/log.ts'
import { createMetrics, type Metrics } from './telemetry/metrics.ts'
import { createAssertions } from './upstream/assertion.ts'
import { createFetch } from './upstream/fetch.ts'
import { warmUp } from './warm.ts'

export type { Gateway } from './life.ts'

/** What tests turn: the clock, a second observer beside log and metrics, the disk below the log, and the screen. */
export interface GatewayDeps {
  readonly clock?: Clock
  readonly observer?: Observer
  readonly disk?: Disk
  readonly screen?: Screen
}

/**
 * Puts a gateway together and starts it. The only place where parts meet.
 *
 * @throws {Error} when the certificate, a policy, the log's folder or a port cannot be had: a gateway stands whole or not at all,
 * and what was opened by then is closed again.
 */
export async function startGateway(given: Config, deps: GatewayDeps = {}): Promise<Gateway> {
  const clock = deps.clock ?? systemClock
  const metrics = createMetrics()
  const guards = watchGuards(clock)
  const others = deps.observer === undefined ? [] : [deps.observer]
  await using opened = new AsyncDisposableStack()
  const log = opened.adopt(openLog(given.log), (it) => it.close())
  const observer = together([log, metrics.observer, guards, ...others])
  const config = { ...given, bounds: affordable(given.bounds, observer) }

  const policies = loadPolicies(config.routes, config.policies)
  const screen = deps.screen ?? createScreen()
  screen.selfTest()
  const audit = opened.adopt(await openAuditLog(config.audit, { ...deps, clock, observer }), (log) =>
    log.close(),
  )
  const identity = opened.adopt(
    createAuthenticator(config.issuers, { clock, observer, fetch: createFetch() }),
    (authenticator) => authenticator.close(),
  )
  const assertions = createAssertions(config.publicUrl, clock)
  const exchanges = { count: 0, max: config.bounds.exchangesMax }
  const routes = await makeRoutes(config, { clock, observer, assertions, exchanges })
  opened.defer(async () => void (await Promise.all(routes.map((route) => route.upstream.close()))))
  await identity.start()
  // Watched from here on: loading is late work that no request waits for.
  const load = opened.adopt(watchLoad(config.bounds.loopDelayMsMax, observer), (watch) => watch.close())

  const door = new Door()
  // Closed after the listener: an exchange that it cut off still writes its outcome, and the log closes last.
  opened.defer(() => door.empty())
  const listener = opened.adopt(
    await createListener(config, listenerDeps(door, { clock, observer, audit })),
    (it) => it.close(),
  )
  door.gate = {
    entry: {
      routes: routeTable(routes),
      hosts: new Set(config.hosts),
      documents: publicDocuments(config, assertions.jwks, listener.helmetHeaders),
      peers: peerBudget(config.bounds.requestsPerPeerPerS),
      load,
    },
    identity,
    policies,
    bounds: {
      memory: bodyMemory(config.bounds.bodyMemoryBytesMax),
      jsonDepthMax: config.bounds.jsonDepthMax,
      textsMax: config.bounds.textsMax,
    },
    screen,
    audit,
    observer,
    meter: metrics.meter,
    ownHeaders: listener.helmetHeaders,
    revision: config.revision,
  }
  if (deps.screen === undefined) await warmUp(routes, door.gate.bounds, screen)
  return await open(
    config,
    { metrics, gate: door.gate, parts: { observer, listener, audit, identity, load, guards } },
    opened,
  )
}

/** How long exchanges that were cut off may take to write their outcomes. */
const OUTCOMES_MS = 2_000

/** Where exchanges go in; shut until the gate stands. */
class Door {
  gate: Gate | undefined
  #inside = 0
  #emptied: (() => void) | undefined

  async handle(exchange: Exchange): Promise<void> {
    if (this.gate === undefined) {
      exchange.client.abort()
      return
    }
    this.#inside += 1
    await handle(this.gate, exchange)
    this.#inside -= 1
    if (this.#inside === 0) this.#emptied?.()
  }

  /** Resolves once nobody is inside, in two seconds at the latest. */
  async empty(): Promise<void> {
    if (this.#inside === 0) return
    const late = setTimeout(() => this.#emptied?.(), OUTCOMES_MS)
    await new Promise<void>((resolve) => (this.#emptied = resolve))
    clearTimeout(late)
  }
}

interface Standing {
  readonly metrics: Metrics
  readonly gate: Gate
  readonly parts: Parts
}

async function open(
  config: Config,
  { metrics, gate, parts }: Standing,
  opened: AsyncDisposableStack,
): Promise<Gateway> {
  const life = new Life(config, parts)
  metrics.observe({
    connections: () => parts.listener.stats.connections,
    exchanges: () => parts.listener.stats.exchanges,
    bodyBytes: () => gate.bounds.memory.usedBytes,
    auditHealthy: () => parts.audit.healthy,
    ready: () => life.unready().length === 0,
    revision: () => config.revision,
  })
  await life.open({ metrics: () => metrics.page(), metricsType: metrics.contentType }, opened)
  parts.observer.event('gateway-ready', { address: life.address, port: life.port, revision: config.revision })
  return life
}

function listenerDeps(
  door: Door,
  { clock, observer, audit }: { clock: Clock; observer: Observer; audit: AuditLog },
): ListenerDeps {
  return {
    clock,
    observer,
    handle: (exchange) => door.handle(exchange),
    renderFault: (problem, id) =>
      faultAnswer(door.gate, new Denial(problem, 'connection fault', { close: true }), id),
    onFault: (peer, what, id) => audit.anonymous(peer, what, id),
  }
}

// Clients must not be able to use up the descriptors that the audit log and the admin listener need.
function affordable(bounds: BoundsConfig, observer: Observer): BoundsConfig {
  const lowered = withinDescriptors(bounds, descriptorsMax())
  const { connectionsMax, exchangesMax } = lowered
  if (lowered !== bounds) observer.event('bounds-lowered', { connectionsMax, exchangesMax })
  return lowered
}

/** How long after a safeguard failed the gateway says that it is not ready. */
const GUARD_FAILED_MS = 30_000

// A safeguard that fails refuses what it guards; a balancer should send that to another replica meanwhile.
function watchGuards(clock: Clock): Observer & { readonly failing: boolean } {
  let failedMs = Number.NEGATIVE_INFINITY
  return {
    event(name) {
      if (name === 'guard-failed') failedMs = clock.monotonicMs()
    },
    get failing() {
      return clock.monotonicMs() - failedMs < GUARD_FAILED_MS
    },
  }
}

function faultAnswer(gate: Gate | undefined, denial: Denial, id: string): ReturnType<typeof render> {
  return render(denial, {
    id,
    authenticated: false,
    disclosure: 'category',
    ownHeaders: gate?.ownHeaders ?? [],
    corsHeaders: [],
    resourceMetadata: undefined,
    scopes: [],
  })
}

function together(observers: readonly Observer[]): Observer {
  return {
    event(name, detail) {
      for (const observer of observers) observer.event(name, detail)
    },
  }
}
