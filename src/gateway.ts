import { setTimeout as delay } from 'node:timers/promises'
import { type AdminListener, listenAdmin } from './admin/listener.ts'
import type { AuditLog } from './audit/audit.ts'
import type { Disk } from './audit/disk.ts'
import { openAuditLog } from './audit/writer.ts'
import { type Clock, systemClock } from './core/clock.ts'
import type { Config } from './core/config.ts'
import type { Observer } from './core/events.ts'
import { createAuthenticator } from './identity/authenticator.ts'
import { watchLoad } from './limit/load.ts'
import { bodyMemory } from './limit/memory.ts'
import { peerBudget } from './limit/peers.ts'
import { createListener, type Listener } from './listener/listener.ts'
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
import { createMetrics } from './telemetry/metrics.ts'
import { createAssertions } from './upstream/assertion.ts'
import { createFetch } from './upstream/fetch.ts'

/** A running gateway. */
export interface Gateway {
  /** Where it listens. */
  readonly address: string
  readonly port: number
  readonly admin: { readonly address: string; readonly port: number } | undefined
  /** Empty when ready; else what is missing. */
  unready(): readonly string[]
  /** Says that it is not ready; when balancers saw it takes no more work, lets what is inside end, writes the rest of the log. */
  close(drainMs?: number): Promise<void>
}

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
 * @throws {Error} when the certificate, a policy, the log's folder or a port cannot be had: a gateway stands whole or not at all.
 */
export async function startGateway(config: Config, deps: GatewayDeps = {}): Promise<Gateway> {
  const clock = deps.clock ?? systemClock
  const metrics = createMetrics()
  const guards = watchGuards(clock)
  const observer = together([
    openLog(config.log),
    metrics.observer,
    guards,
    ...(deps.observer ? [deps.observer] : []),
  ])
  const audit = await openAuditLog(config.audit, { ...deps, clock, observer })
  const identity = createAuthenticator(config.issuers, { clock, observer, fetch: createFetch() })
  const assertions = createAssertions(config.publicUrl, clock)
  const memory = bodyMemory(config.bounds.bodyMemoryBytesMax)
  const exchanges = { count: 0, max: config.bounds.exchangesMax }
  const routes = await makeRoutes(config, { clock, observer, assertions, exchanges })
  const screen = deps.screen ?? createScreen()
  screen.selfTest()

  const policies = loadPolicies(config.routes, config.policies)
  await identity.start()
  // Watched from here on: loading is late work that no request waits for.
  const load = watchLoad(config.bounds.loopDelayMsMax, observer)

  let gate: Gate | undefined
  const listener = await createListener(config, {
    clock,
    observer,
    handle: (exchange) =>
      gate === undefined ? Promise.resolve(exchange.client.abort()) : handle(gate, exchange),
    renderFault: (problem, id) =>
      faultAnswer(gate, new Denial(problem, 'connection fault', { close: true }), id),
    onFault: (peer, what, id) => audit.anonymous(peer, what, id),
  })
  gate = {
    entry: {
      routes: routeTable(routes),
      hosts: new Set(config.hosts),
      documents: publicDocuments(config, assertions.jwks, listener.helmetHeaders),
      peers: peerBudget(config.bounds.requestsPerPeerPerS),
      load,
    },
    identity,
    policies,
    bounds: { memory, jsonDepthMax: config.bounds.jsonDepthMax, textsMax: config.bounds.textsMax },
    screen,
    audit,
    observer,
    meter: metrics.meter,
    ownHeaders: listener.helmetHeaders,
    revision: config.revision,
  }
  const life = new Life(config, { observer, listener, audit, identity, load, guards, routes })
  metrics.observe({
    connections: () => listener.stats.connections,
    exchanges: () => listener.stats.exchanges,
    bodyBytes: () => memory.usedBytes,
    auditHealthy: () => audit.healthy,
    ready: () => life.unready().length === 0,
    revision: () => config.revision,
  })
  await life.open({ metrics: () => metrics.page(), metricsType: metrics.contentType })
  observer.event('gateway-ready', { address: life.address, port: life.port, revision: config.revision })
  return life
}

interface Parts {
  readonly observer: Observer
  readonly listener: Listener
  readonly audit: AuditLog
  readonly identity: { readonly ready: boolean; close(): void }
  readonly load: { readonly shedding: boolean; close(): void }
  readonly guards: { readonly failing: boolean }
  readonly routes: readonly { readonly upstream: { close(): Promise<void> } }[]
}

/** From the opened port to the last line of the log. */
class Life implements Gateway {
  readonly #config: Config
  readonly #parts: Parts
  #admin: AdminListener | undefined
  #draining = false
  address = ''
  port = 0

  constructor(config: Config, parts: Parts) {
    this.#config = config
    this.#parts = parts
  }

  get admin(): AdminListener | undefined {
    return this.#admin
  }

  async open(pages: { metrics(): Promise<string>; metricsType: string }): Promise<void> {
    const at = await this.#parts.listener.listen()
    this.address = at.address
    this.port = at.port
    if (this.#config.admin === undefined) return
    this.#admin = await listenAdmin(this.#config.admin, {
      unready: () => this.unready(),
      revision: () => this.#config.revision,
      ...pages,
    })
  }

  unready(): readonly string[] {
    const { identity, audit, load, guards } = this.#parts
    const missing: string[] = []
    if (this.#draining) missing.push('draining')
    if (!identity.ready) missing.push('signing keys of every issuer')
    if (!audit.healthy) missing.push('a writable audit log')
    if (guards.failing) missing.push('safeguards that can judge')
    if (load.shedding) missing.push('an event loop on time')
    return missing
  }

  async close(drainMs = this.#config.bounds.drainMs): Promise<void> {
    if (this.#draining) return
    this.#draining = true
    const { observer, listener, audit, identity, load, routes } = this.#parts
    observer.event('gateway-draining', { drainMs })
    const noticeMs = Math.min(this.#config.bounds.drainNoticeMs, drainMs)
    if (noticeMs > 0) await delay(noticeMs)
    await listener.drain(drainMs - noticeMs)
    await listener.close()
    await Promise.all(routes.map((route) => route.upstream.close()))
    identity.close()
    load.close()
    await audit.close()
    await this.#admin?.close()
  }
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
