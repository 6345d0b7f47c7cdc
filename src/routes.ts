import { isDeepStrictEqual } from 'node:util'
import type { Clock } from './core/clock.ts'
import type { Config, RouteConfig } from './core/config.ts'
import type { Observer } from './core/events.ts'
import { type Gauge, routeLimiter } from './limit/limiter.ts'
import type { RateCounter } from './limit/rate.ts'
import { metadataUrl } from './pipeline/documents.ts'
import type { Route } from './pipeline/route.ts'
import { protocols } from './protocol/index.ts'
import type { Assertions } from './upstream/assertion.ts'
import { createUpstream } from './upstream/connect.ts'
import { ownHeaders } from './upstream/request-headers.ts'

/** What routes share. */
export interface RouteDeps {
  readonly clock: Clock
  readonly observer: Observer
  readonly assertions: Assertions
  /** Exchanges in flight over all routes. */
  readonly exchanges: Gauge
  /** Makes the counter of a route's requests. */
  readonly counters: (max: number, windowMs: number) => RateCounter
}

/**
 * Makes the routes of a configuration: what can be made at load is made here, once. A route that was there before, by its name, keeps
 * its connections while its upstream is the same, and its counts while its limits are: a reload gives nobody a fresh limit.
 */
export function makeRoutes(config: Config, deps: RouteDeps, before: readonly Route[] = []): readonly Route[] {
  return config.routes.map((route) => ({
    config: route,
    protocol: protocols[route.protocol],
    ...sides(
      route,
      deps,
      before.find((old) => old.config.name === route.name),
    ),
    upstreamPath: upstreamPath(route),
    publicUrl: config.publicUrl + (route.path === '/' ? '' : route.path),
    allow: route.methods.join(', '),
    methods: new Set(route.methods),
    origins: new Set(route.cors?.origins),
    resourceMetadata: metadataUrl(config.publicUrl, route.path),
  }))
}

/** The parts of a route that know something of its past. */
function sides(
  { upstream, limits }: RouteConfig,
  { clock, observer, assertions, exchanges, counters }: RouteDeps,
  old: Route | undefined,
): Pick<Route, 'upstream' | 'ownHeaders' | 'limiter'> {
  const isReached = isDeepStrictEqual(old?.config.upstream, upstream)
  const isLimited = isDeepStrictEqual(old?.config.limits, limits)
  const { max, windowMs } = limits.requests
  return {
    ...(old !== undefined && isReached
      ? { upstream: old.upstream, ownHeaders: old.ownHeaders }
      : {
          upstream: createUpstream(upstream, { clock, observer }),
          ownHeaders: ownHeaders(upstream, assertions),
        }),
    limiter:
      old !== undefined && isLimited ? old.limiter : routeLimiter(limits, counters(max, windowMs), exchanges),
  }
}

function upstreamPath(route: RouteConfig): string {
  const { pathname } = new URL(route.upstream.url)
  return pathname.endsWith('/') ? pathname.slice(0, -1) : pathname
}
