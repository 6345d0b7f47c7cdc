import type { RouteLimits } from '../core/config.ts'
import type { Principal } from '../core/principal.ts'
import { Denial } from '../problem/problems.ts'
import type { RateCounter } from './rate.ts'

/** What a request was granted; given back exactly once, however the exchange ends. */
export interface Grant {
  /** RateLimit fields (draft-ietf-httpapi-ratelimit-headers-11), names and values in turn. */
  readonly fields: readonly string[]
  readonly release: () => void
}

/** The limits of one route. */
export interface RouteLimiter {
  take(principal: Principal): Promise<Grant | Denial>
}

/** Exchanges in flight over all routes, one bound for the gateway. */
export interface Gauge {
  count: number
  readonly max: number
}

/**
 * Requests per principal and window, exchanges at once per principal and per route, and exchanges at once in all. Keys are
 * (issuer, subject), never anything that a client can choose.
 */
export function routeLimiter(limits: RouteLimits, counter: RateCounter, all: Gauge): RouteLimiter {
  const policy = `"requests";q=${limits.requests.max};w=${Math.ceil(limits.requests.windowMs / 1_000)}`
  const held = new Map<string, number>()
  const route: Gauge = { count: 0, max: limits.concurrencyMax }
  return {
    async take(principal) {
      const rate = await counter(principal.key)
      const resetS = Math.ceil(rate.resetMs / 1_000)
      const fields = ['ratelimit-policy', policy, 'ratelimit', `"requests";r=${rate.remaining};t=${resetS}`]
      if (rate.exceeded) {
        return new Denial('rate-exceeded', 'requests of the principal', {
          headers: fields,
          retryAfterMs: rate.resetMs,
        })
      }
      const own = held.get(principal.key) ?? 0
      if (own >= limits.concurrencyPerPrincipalMax)
        return new Denial('rate-exceeded', 'exchanges at once of the principal', { headers: fields })
      if (route.count >= route.max) return new Denial('overloaded', 'exchanges at once on the route')
      if (all.count >= all.max) return new Denial('overloaded', 'exchanges at once')
      held.set(principal.key, own + 1)
      route.count += 1
      all.count += 1
      let released = false
      const release = (): void => {
        if (released) return
        released = true
        forget(held, principal.key)
        route.count -= 1
        all.count -= 1
      }
      return { fields, release }
    },
  }
}

function forget(held: Map<string, number>, key: string): void {
  const left = (held.get(key) ?? 1) - 1
  // A principal that holds nothing is forgotten: the map is never larger than the exchanges in flight.
  if (left <= 0) held.delete(key)
  else held.set(key, left)
}
