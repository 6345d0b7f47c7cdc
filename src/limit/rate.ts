import rateLimit from '@fastify/rate-limit'

/** How one request stands against its window. */
export interface RateState {
  readonly exceeded: boolean
  readonly remaining: number
  /** Until the window ends, milliseconds. */
  readonly resetMs: number
}

/** Counts one request of `key`. */
export type RateCounter = (key: string) => Promise<RateState>

/**
 * The part of a Fastify instance that the plugin needs. Its full type would name Fastify here, and its generics accept no
 * narrower shape, hence `never`: the plugin is handed on unread.
 */
export interface PluginHost {
  register(plugin: never, options: { global: boolean; cache: number }): PromiseLike<unknown>
  createRateLimit?(options: never): (request: never) => Promise<unknown>
}

// The plugin's memory store forgets the oldest key when it is full, spent or not: 6,000 newcomers would give a spent principal a
// fresh limit. Keys are verified identities, not headers, so this many must first be issued tokens.
const PRINCIPALS_MAX = 100_000

/** Makes counters on @fastify/rate-limit, used as a function: no hook, no route, no reply of its own. */
export async function rateCounters(
  host: PluginHost,
): Promise<(max: number, windowMs: number) => RateCounter> {
  await host.register(rateLimit as never, { global: false, cache: PRINCIPALS_MAX })
  return (max, windowMs) => {
    if (host.createRateLimit === undefined) throw new Error('@fastify/rate-limit did not register')
    const options = { max, timeWindow: windowMs, keyGenerator: (request: { key: string }) => request.key }
    const count = host.createRateLimit(options as never)
    return async (key) => {
      const result = (await count({ key, routeOptions: NO_OPTIONS } as never)) as Counted
      // `isAllowed` is about the allow list and false on ordinary passes; only `isExceeded` tells. Anything but a plain
      // `false` refuses, so that a change of the plugin closes the gate instead of opening it.
      return {
        exceeded: result.isExceeded !== false,
        remaining: result.remaining ?? 0,
        resetMs: result.ttl ?? windowMs,
      }
    }
  }
}

interface Counted {
  readonly isExceeded?: boolean
  readonly remaining?: number
  readonly ttl?: number
}

const NO_OPTIONS = {}
