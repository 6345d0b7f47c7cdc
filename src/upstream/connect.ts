import type { Clock } from '../core/clock.ts'
import type { UpstreamConfig } from '../core/config.ts'
import type { Observer } from '../core/events.ts'
import { Denial } from '../problem/problems.ts'
import { Connections } from './connections.ts'
import { Deadlines } from './deadlines.ts'
import { type Field, Flight } from './flight.ts'
import { readPlace } from './place.ts'
import type { Upstream } from './upstream.ts'

/** What an upstream is handed in. */
export interface UpstreamDeps {
  readonly clock: Clock
  readonly observer: Observer
}

/** Left to undici's own connect timer, whose message says more, before ours takes the exchange down, milliseconds. */
const CONNECT_GRACE_MS = 1_000

/**
 * Opens nothing yet: connections are made as orders come, and kept for the next ones.
 *
 * @throws {Error} for clear text beyond loopback and for schemes other than `http:` and `https:`.
 */
export function createUpstream(config: UpstreamConfig, { clock, observer }: UpstreamDeps): Upstream {
  const place = readPlace(config.url, config.socket)
  const connections = new Connections(place, config)
  const expire = (flight: Flight): void =>
    flight.stop(new Denial('upstream-timeout', 'the whole exchange took too long'))
  const unstarted = (flight: Flight): void =>
    flight.stop(new Denial('upstream-timeout', 'no connection was to be had in time'))
  const field: Field = {
    connections,
    starts: new Deadlines(config.connectMs + CONNECT_GRACE_MS, clock, unstarted),
    totals: new Deadlines(config.totalMs, clock, expire),
    onFault: ({ problem, reason }) =>
      observer.event('upstream-fault', { upstream: config.url, problem, reason }),
  }
  return {
    send: (order, hooks) => new Promise((settle) => new Flight(field, order, hooks, settle).go()),
    close: () => connections.close(),
  }
}
