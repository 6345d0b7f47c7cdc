import type { AuditLog } from './audit/audit.ts'
import type { Disk } from './audit/disk.ts'
import { openAuditLog } from './audit/writer.ts'
import { type Clock, systemClock } from './core/clock.ts'
import type { BoundsConfig, Config } from './core/config.ts'
import type { Observer } from './core/events.ts'
import { Door } from './door.ts'
import { descriptorsMax, withinDescriptors } from './limit/descriptors.ts'
import { type Load, watchLoad } from './limit/load.ts'
import { bodyMemory } from './limit/memory.ts'
import { peerBudget } from './limit/peers.ts'
import { rateCounters } from './limit/rate.ts'
import { createListener, type ListenerDeps } from './listener/listener.ts'
import { createPluginHost } from './listener/plugin-host.ts'
import { type Gateway, Life, type Parts } from './life.ts'
import type { Gate } from './pipeline/gate.ts'
import { Denial } from './problem/problems.ts'
import { render } from './problem/render.ts'
import { Reloads } from './reload.ts'
import { createScreen, type Screen } from './screen/screen.ts'
import { type Lasting, makeStanding } from './standing.ts'
import { openLog } from './telemetry/log.ts'
import { createMetrics, type Metrics } from './telemetry/metrics.ts'
import { createAssertions } from './upstream/assertion.ts'
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

  const screen = deps.screen ?? createScreen()
  screen.selfTest()
  const audit = opened.adopt(await openAuditLog(config.audit, { ...deps, clock, observer }), (log) =>
    log.close(),
  )
  const door = new Door()
  opened.defer(() => door.close())
  // Closed after the listener: an exchange that it cut off still writes its outcome, and the log closes last.
  opened.defer(() => door.empty())
  const listener = opened.adopt(
    await createListener(config, listenerDeps(door, { clock, observer, audit })),
    (it) => it.close(),
  )
  const exchanges = { count: 0, max: config.bounds.exchangesMax }
  const load = opened.adopt(new LoadLater(), (watch) => watch.close())
  const lasting: Lasting = {
    clock,
    observer,
    audit,
    screen,
    load,
    exchanges,
    meter: metrics.meter,
    assertions: createAssertions(config.publicUrl, clock),
    counters: await rateCounters(createPluginHost()),
    peers: peerBudget(config.bounds.requestsPerPeerPerS),
    bounds: {
      memory: bodyMemory(config.bounds.bodyMemoryBytesMax),
      jsonDepthMax: config.bounds.jsonDepthMax,
      textsMax: config.bounds.textsMax,
    },
    ownHeaders: listener.helmetHeaders,
  }
  const standing = await makeStanding(config, lasting)
  door.stand(standing)
  load.begin(watchLoad(config.bounds.loopDelayMsMax, observer))
  if (deps.screen === undefined) await warmUp(standing.routes, lasting.bounds, screen)
  const reloads = new Reloads({ door, lasting, listener, observer, started: given })
  const parts = { observer, listener, audit, door, load, guards, reloads }
  return await open(config, { metrics, lasting, parts }, opened)
}

/** Nothing is late before the watch begins: loading is late work that no request waits for. */
class LoadLater implements Load {
  #watch: Load | undefined

  get shedding(): boolean {
    return this.#watch?.shedding ?? false
  }

  begin(watch: Load): void {
    this.#watch = watch
  }

  close(): void {
    this.#watch?.close()
  }
}

async function open(
  config: Config,
  { metrics, lasting, parts }: { metrics: Metrics; lasting: Lasting; parts: Parts },
  opened: AsyncDisposableStack,
): Promise<Gateway> {
  const life = new Life(config, parts)
  metrics.observe({
    connections: () => parts.listener.stats.connections,
    exchanges: () => parts.listener.stats.exchanges,
    bodyBytes: () => lasting.bounds.memory.usedBytes,
    auditHealthy: () => parts.audit.healthy,
    ready: () => life.unready().length === 0,
    reloadRefused: () => parts.reloads.last?.ok === false,
    revision: () => life.revision,
  })
  await life.open({ metrics: () => metrics.page(), metricsType: metrics.contentType }, opened)
  const { address, port, revision } = life
  parts.observer.event('gateway-ready', { address, port, revision })
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
      faultAnswer(door.standing?.gate, new Denial(problem, 'connection fault', { close: true }), id),
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
