import {
  collectDefaultMetrics,
  Counter,
  type CounterConfiguration,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  Registry,
} from 'prom-client'
import { type EventName, events, type Observer } from '../core/events.ts'
import type { Meter } from '../core/meter.ts'
import type { PhaseName, PhaseTimes } from '../core/record.ts'

/** Numbers that are read when somebody scrapes. */
export interface Readings {
  readonly connections: () => number
  readonly exchanges: () => number
  readonly bodyBytes: () => number
  readonly auditHealthy: () => boolean
  readonly ready: () => boolean
  readonly reloadRefused: () => boolean
  readonly revision: () => string
}

/** Metrics of one gateway: a meter for the line, an observer for events, a page for the scraper. */
export interface Metrics {
  readonly meter: Meter
  readonly observer: Observer
  /** Adds what is read at scrape time; called once, when the gateway stands. */
  observe(readings: Readings): void
  /** Text exposition format. */
  page(): Promise<string>
  readonly contentType: string
}

/** Makes the metrics; every name begins with `sallyport_` but for those of the process. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const totals = countTotals(registry)
  const duration = new Histogram({
    name: 'sallyport_exchange_seconds',
    help: 'Time from the arrival of a request to the end of its answer',
    labelNames: ['route'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers: [registry],
  })
  const happened = new Counter({
    name: 'sallyport_events_total',
    help: 'Operational events, by name',
    labelNames: ['event'],
    registers: [registry],
  })
  for (const event of Object.keys(events)) happened.inc({ event }, 0)
  return {
    meter: {
      exchange(route, result, durationMs, phases) {
        totals.add(route, result, phases)
        duration.observe({ route }, durationMs / 1_000)
      },
    },
    observer: { event: (event: EventName) => happened.inc({ event }) },
    observe: (readings) => gauges(registry, readings),
    page: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

// Counted in plain maps and handed over at scrape time: a labelled counter costs a microsecond on every request.
function countTotals(registry: Registry): { add(route: string, result: string, phases: PhaseTimes): void } {
  const exchanges = new Map<string, Map<string, number>>()
  const phaseUs = new Map<string, number>()
  counter(registry, {
    name: 'sallyport_exchanges_total',
    help: 'Exchanges by route and result: a problem name, or how a forwarded exchange ended',
    labelNames: ['route', 'result'],
    collect() {
      this.reset()
      for (const [route, results] of exchanges) {
        for (const [result, count] of results) this.inc({ route, result }, count)
      }
    },
  })
  counter(registry, {
    name: 'sallyport_phase_seconds_total',
    help: 'Time spent in each phase of the line',
    labelNames: ['phase'],
    collect() {
      this.reset()
      for (const [phase, us] of phaseUs) this.inc({ phase }, us / 1_000_000)
    },
  })
  return {
    add(route, result, phases) {
      const results = exchanges.get(route) ?? new Map<string, number>()
      exchanges.set(route, results.set(result, (results.get(result) ?? 0) + 1))
      for (const phase in phases) {
        phaseUs.set(phase, (phaseUs.get(phase) ?? 0) + (phases[phase as PhaseName] ?? 0))
      }
    },
  }
}

// prom-client registers what is constructed; asking the registry instead keeps a constructor from being called for its effect.
function counter<Label extends string>(registry: Registry, options: CounterConfiguration<Label>): void {
  registry.registerMetric(new Counter({ ...options, registers: [] }))
}

function gauge<Label extends string>(registry: Registry, options: GaugeConfiguration<Label>): void {
  registry.registerMetric(new Gauge({ ...options, registers: [] }))
}

function gauges(registry: Registry, readings: Readings): void {
  const rows: readonly [string, string, () => number][] = [
    ['sallyport_connections', 'Connections open', readings.connections],
    ['sallyport_exchanges', 'Exchanges in flight', readings.exchanges],
    ['sallyport_body_bytes', 'Request bodies held in memory, bytes', readings.bodyBytes],
    [
      'sallyport_audit_healthy',
      '1 while the audit log can be written',
      () => Number(readings.auditHealthy()),
    ],
    ['sallyport_ready', '1 while the gateway takes requests', () => Number(readings.ready())],
    [
      'sallyport_reload_refused',
      '1 while the last reload was refused and an older configuration is in force',
      () => Number(readings.reloadRefused()),
    ],
  ]
  for (const [name, help, value] of rows) {
    gauge(registry, {
      name,
      help,
      collect() {
        this.set(value())
      },
    })
  }
  gauge(registry, {
    name: 'sallyport_revision',
    help: '1 for the revision of configuration and policies in force',
    labelNames: ['revision'],
    collect() {
      this.reset()
      this.set({ revision: readings.revision() }, 1)
    },
  })
}
