import { randomFillSync } from 'node:crypto'
import type { Clock } from '../core/clock.ts'

/** Crockford's base 32: no I, L, O, U, so that ids survive being read out. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Every two-character group, so that ten random bits become text by one look-up. */
const PAIRS: readonly string[] = Array.from({ length: 1024 }, (_, n) => character(n >> 5) + character(n))

const POOL_BYTES = 4096
const RANDOM_PAIRS = 8

/**
 * Makes the generator of exchange ids: 26 characters, 48 bits of milliseconds and then 80 random bits (the ULID
 * layout). They sort by time, and knowing one does not help to guess the next: each id draws all its random bits.
 *
 * @param fill Fills its argument with random bytes; handed in so that tests can foresee ids.
 */
export function createIds(clock: Clock, fill: (pool: Uint16Array) => void = randomFillSync): () => string {
  // Random bytes are drawn in blocks: one call for each id would cost more than the id itself.
  const pool = new Uint16Array(POOL_BYTES / 2)
  let at = pool.length
  let stampMs = -1
  let stamp = ''

  return () => {
    const nowMs = clock.wallMs()
    if (nowMs !== stampMs) {
      stampMs = nowMs
      stamp = timeText(nowMs)
    }
    if (at + RANDOM_PAIRS > pool.length) {
      fill(pool)
      at = 0
    }
    let id = stamp
    for (let i = 0; i < RANDOM_PAIRS; i++) id += PAIRS[(pool[at++] ?? 0) & 1023]
    return id
  }
}

function timeText(ms: number): string {
  let rest = Math.floor(ms)
  let text = ''
  for (let i = 0; i < 10; i++) {
    text = character(rest % 32) + text
    rest = Math.floor(rest / 32)
  }
  return text
}

function character(n: number): string {
  return ALPHABET.charAt(n & 31)
}
