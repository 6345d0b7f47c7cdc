import type { Connection } from '../core/exchange.ts'

/** A budget of requests per peer address, spent before anybody is known. */
export interface PeerBudget {
  /** Takes one request. Returns 0 when it is within the budget, else the wait in milliseconds. */
  take(connection: Connection, nowMs: number): number
}

interface Bucket {
  tokens: number
  atMs: number
}

// A flood from many addresses must not grow this without bound. When it is full, buckets that have refilled are dropped;
// one that is still spent is never forgotten for a newcomer's sake, or 100,000 addresses would reset everybody's limit.
const PEERS_MAX = 100_000

/**
 * Token buckets by peer address (in IPv6: by its /64). A trusted peer (a balancer) speaks for many clients and has none of its own; the clients
 * that its PROXY header names do.
 *
 * @param perSecond Requests of one address in one second; also the size of a burst.
 */
export function peerBudget(perSecond: number): PeerBudget {
  const buckets = new Map<string, Bucket>()
  let sweptMs = 0
  const refillMs = 1_000 / perSecond
  return {
    take(connection, nowMs) {
      if (connection.trusted && !connection.named) return 0
      let bucket = buckets.get(connection.network)
      if (bucket === undefined) {
        if (buckets.size >= PEERS_MAX) {
          // Once a second at most: under a flood of addresses the sweep itself would be the attack.
          if (nowMs - sweptMs < 1_000) return 1_000
          sweptMs = nowMs
          if (sweep(buckets, nowMs) === 0) return 1_000
        }
        bucket = { tokens: perSecond, atMs: nowMs }
        buckets.set(connection.network, bucket)
      }
      bucket.tokens = Math.min(perSecond, bucket.tokens + Math.max(0, nowMs - bucket.atMs) / refillMs)
      bucket.atMs = nowMs
      if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) * refillMs)
      bucket.tokens -= 1
      return 0
    },
  }
}

// Buckets idle for a second are full again: dropping one changes nothing for its peer.
function sweep(buckets: Map<string, Bucket>, nowMs: number): number {
  let dropped = 0
  for (const [peer, bucket] of buckets) {
    if (nowMs - bucket.atMs < 1_000) continue
    buckets.delete(peer)
    dropped += 1
  }
  return dropped
}
