import { describe, expect, it } from 'vitest'
import type { Decision } from '../../../src/core/query.ts'
import { DecisionCache } from '../../../src/policy/cache.ts'

const permit: Decision = { effect: 'permit', determining: ['a'], errors: [] }

describe('DecisionCache', () => {
  it('gives back what it was given', () => {
    const cache = new DecisionCache(4)

    cache.set('a', permit)

    expect(cache.get('a')).toBe(permit)
    expect(cache.get('b')).toBeUndefined()
  })

  it('never holds more than its bound', () => {
    const cache = new DecisionCache(10)

    for (let index = 0; index < 1_000; index += 1) {
      cache.set(`${index}`, permit)
      expect(cache.size).toBeLessThanOrEqual(10)
    }
  })

  it('keeps what is asked for again, and forgets the rest', () => {
    const cache = new DecisionCache(10)
    cache.set('hot', permit)
    cache.set('cold', permit)

    for (let index = 0; index < 100; index += 1) {
      cache.set(`${index}`, permit)
      cache.get('hot')
    }

    expect(cache.get('hot')).toBe(permit)
    expect(cache.get('cold')).toBeUndefined()
  })
})
