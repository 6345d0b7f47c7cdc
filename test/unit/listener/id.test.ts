import { describe, expect, it } from 'vitest'
import { createIds } from '../../../src/listener/id.ts'

const clockAt = (wallMs: () => number) => ({ wallMs, monotonicMs: () => 0 })

describe('exchange ids', () => {
  it('are 26 characters of Crockford base 32, time first', () => {
    const next = createIds(
      clockAt(() => 1_469_918_176_385),
      (pool) => pool.fill(0),
    )

    // The time part of the ULID specification's own example.
    expect(next()).toBe('01ARYZ6S410000000000000000')
  })

  it('carry 80 random bits', () => {
    const next = createIds(
      clockAt(() => 0),
      (pool) => pool.fill(0xffff),
    )

    expect(next()).toBe('0000000000ZZZZZZZZZZZZZZZZ')
  })

  it('sort by time, also where only the last digit differs', () => {
    let nowMs = 281_474_976_710_600
    const next = createIds(clockAt(() => nowMs++))

    const ids = Array.from({ length: 50 }, next)

    expect([...ids].sort()).toEqual(ids)
    expect(ids.every((id) => /^[0-9A-HJKMNP-TV-Z]{26}$/.test(id))).toBe(true)
  })

  it('do not repeat within one millisecond, over many refills of the pool', () => {
    const next = createIds(clockAt(() => 1))

    const ids = new Set(Array.from({ length: 20_000 }, next))

    expect(ids.size).toBe(20_000)
  })

  it('draw every bit anew: neighbours share nothing but the time', () => {
    let n = 0
    const next = createIds(
      clockAt(() => 1),
      (pool) => {
        for (let i = 0; i < pool.length; i++) pool[i] = n++ * 7919
      },
    )

    expect(next().slice(10)).not.toBe(next().slice(10))
  })
})
