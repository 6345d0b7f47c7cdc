/** The one budget for request bodies held in memory, all routes together. */
export interface BodyMemory {
  /**
   * Reserves for one principal; false when it would go over the budget: then the request is refused, not queued. What one
   * principal holds in several bodies is at most half of it, or a single token with slow uploads would shut out everybody.
   *
   * @param key The principal's (issuer, subject).
   */
  reserve(key: string, bytes: number): boolean
  /** Gives back, in one piece or several. */
  release(key: string, bytes: number): void
  readonly usedBytes: number
}

/** @param bytesMax The budget, in bytes. */
export function bodyMemory(bytesMax: number): BodyMemory {
  let usedBytes = 0
  const held = new Map<string, number>()
  return {
    reserve(key, bytes) {
      if (usedBytes + bytes > bytesMax) return false
      const own = held.get(key) ?? 0
      if (own > 0 && own + bytes > bytesMax / 2) return false
      usedBytes += bytes
      held.set(key, own + bytes)
      return true
    },
    release(key, bytes) {
      usedBytes -= bytes
      const left = (held.get(key) ?? 0) - bytes
      // Who holds nothing is forgotten: the map is never larger than the bodies in memory.
      if (left > 0) held.set(key, left)
      else held.delete(key)
    },
    get usedBytes() {
      return usedBytes
    },
  }
}
