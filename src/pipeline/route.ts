import type { RouteConfig } from '../core/config.ts'
import type { Protocol } from '../protocol/protocol.ts'
import type { RouteLimiter } from '../limit/limiter.ts'
import type { OwnHeaders } from '../upstream/request-headers.ts'
import type { Upstream } from '../upstream/upstream.ts'

/** A route as it runs: everything that could be made at load is made. */
export interface Route {
  readonly config: RouteConfig
  readonly protocol: Protocol
  readonly upstream: Upstream
  readonly limiter: RouteLimiter
  /** What the upstream's headers are made with. */
  readonly ownHeaders: OwnHeaders
  /** Path prefix of the upstream that takes the place of the route's; empty, or begins with `/`. */
  readonly upstreamPath: string
  /** URL of the route as clients know it, without a slash at its end. */
  readonly publicUrl: string
  /** Methods that the route allows, as an `Allow` value. */
  readonly allow: string
  readonly methods: ReadonlySet<string>
  readonly origins: ReadonlySet<string>
  /** URL of the protected resource's metadata (RFC 9728). */
  readonly resourceMetadata: string
}

/** Finds the route with the longest prefix, by whole segments, in as many look-ups as the path has segments. */
export interface RouteTable {
  find(path: string): Route | undefined
}

/** Makes the table; paths are unique (configuration sees to it). */
export function routeTable(routes: readonly Route[]): RouteTable {
  const byPrefix = new Map(routes.map((route) => [route.config.path, route]))
  return {
    find(path) {
      for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
        const route = byPrefix.get(path.slice(0, end))
        if (route !== undefined) return route
      }
      return byPrefix.get('/')
    },
  }
}
