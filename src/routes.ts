import type { Clock } from './core/clock.ts'
import type { Config, RouteConfig } from './core/config.ts'
import type { Observer } from './core/events.ts'
import { type Gauge, routeLimiter } from './limit/limiter.ts'
import { rateCounters } from './limit/rate.ts'
import { createPluginHost } from './listener/plugin-host.ts'
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
}

/** Makes the routes of a configuration: what can be made at load is made here, once. */
export async function makeRoutes(config: Config, deps: RouteDeps): Promise<readonly Route[]> {
  const counters = await rateCounters(createPluginHost())
  return config.routes.map((route) => {
    const { max, windowMs } = route.limits.requests
    return {
      config: route,
      protocol: protocols[route.protocol],
      upstream: createUpstream(route.upstream, { clock: deps.clock, observer: deps.observer }),
      limiter: routeLimiter(route.limits, counters(max, windowMs), deps.exchanges),
      ownHeaders: ownHeaders(route.upstream, deps.assertions),
      upstreamPath: upstreamPath(route),
      publicUrl: config.publicUrl + (route.path === '/' ? '' : route.path),
      allow: route.methods.join(', '),
      methods: new Set(route.methods),
      origins: new Set(route.cors?.origins),
      resourceMetadata: metadataUrl(config.publicUrl, route.path),
    }
  })
}

function upstreamPath(route: RouteConfig): string {
  const { pathname } = new URL(route.upstream.url)
  return pathname.endsWith('/') ? pathname.slice(0, -1) : pathname
}
