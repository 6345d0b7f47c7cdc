import { readFileSync } from 'node:fs'
import type { BoundsConfig } from '../core/config.ts'

/**
 * Descriptors that clients cannot use up: files, the admin listener with its 64 connections, and what a new segment of the
 * audit log takes. Who could take the last one would shut the gate for everybody, for what cannot be recorded is not forwarded.
 */
const RESERVE = 112
/** So few that the operator will notice, and still a gateway. */
const LEAST = 8

/**
 * Most file descriptors that this process may have open; undefined where the system does not say (Linux does). Node has raised
 * the soft limit to the hard one by then.
 *
 * @param path Where the limits stand.
 */
export function descriptorsMax(path = '/proc/self/limits'): number | undefined {
  try {
    const found = /^Max open files +(\d+)/m.exec(readFileSync(path, 'latin1'))
    return found === null ? undefined : Number(found[1])
  } catch {
    return undefined
  }
}

/**
 * The bounds, with connections and exchanges lowered to what the descriptors allow. Each connection takes one, and each
 * exchange at most one more for the agent. Running out of them would refuse at random, and the audit log first.
 */
export function withinDescriptors(bounds: BoundsConfig, max: number | undefined): BoundsConfig {
  const { connectionsMax, exchangesMax } = bounds
  const room = (max ?? Number.POSITIVE_INFINITY) - RESERVE
  const share = room / (connectionsMax + exchangesMax)
  if (share >= 1) return bounds

  const lowered = (wanted: number): number => Math.max(LEAST, Math.floor(wanted * share))
  return { ...bounds, connectionsMax: lowered(connectionsMax), exchangesMax: lowered(exchangesMax) }
}
