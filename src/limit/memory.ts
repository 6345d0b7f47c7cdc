/** The one budget for request bodies held in memory, all routes together. */
export interface BodyMemory {
  /** Reserves; false when it would go over the budget: then the request is refused, not queued. */
  reserve(bytes: number): boolean
  release(bytes: number): void
  readonly usedBytes: number
}

/** @param bytesMax The budget, in bytes. */
export function bodyMemory(bytesMax: number): BodyMemory {
  let usedBytes = 0
  return {
    reserve(bytes) {
      if (usedBytes + bytes > bytesMax) return false
      usedBytes += bytes
      return true
    },
    release(bytes) {
      usedBytes -= bytes
    },
    get usedBytes() {
      return usedBytes
    },
  }
}
