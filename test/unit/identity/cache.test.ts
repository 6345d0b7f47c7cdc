import { describe, expect, it } from 'vitest'
import { TokenCache, type Remembered } from '../../../src/identity/cache.ts'
import type { KeySet } from '../../../src/identity/keyset.ts'

function keySet(): KeySet {
  return { size: 0, has: () => false, find: () => undefined }
}

const keys = keySet()
const now = { wallMs: 1_000, monotonicMs: 1_000 }

function entry(changes: Partial<Remembered<string>> = {}): Remembered<string> {
  const ring = { current: () => keys }
  return { finding: 'found', keys, ring, expiresMs: 2_000, endsMs: 2_000, chars: 10, ...changes }
}

describe('TokenCache', () => {
  it('gives back what it holds', () => {
    const cache = new TokenCache<string>(10, 1_000)
    cache.put('a', entry())

    expect(cache.get('a', now)).toBe('found')
    expect(cache.get('b', now)).toBeUndefined()
  })

  it('ends at exp by the wall clock', () => {
    const cache = new TokenCache<string>(10, 1_000)
    cache.put('a', entry())

    expect(cache.get('a', { ...now, wallMs: 1_999 })).toBe('found')
    expect(cache.get('a', { ...now, wallMs: 2_000 })).toBeUndefined()
  })

  it('ends by the monotonic clock even when the wall clock jumped back', () => {
    const cache = new TokenCache<string>(10, 1_000)
    cache.put('a', entry())

    expect(cache.get('a', { wallMs: 0, monotonicMs: 1_999 })).toBe('found')
    expect(cache.get('a', { wallMs: 0, monotonicMs: 2_000 })).toBeUndefined()
  })

  it('is void once the issuer has other keys, or none', () => {
    const cache = new TokenCache<string>(10, 1_000)
    let current: KeySet | undefined = keys
    const ring = { current: () => current }
    cache.put('a', entry({ ring }))
    cache.put('b', entry({ ring }))

    current = keySet()
    expect(cache.get('a', now)).toBeUndefined()
    current = undefined
    expect(cache.get('b', now)).toBeUndefined()
    current = keys
    expect(cache.get('a', now)).toBeUndefined()
    expect(cache.size).toBe(0)
  })

  it('holds as many as it may, the newest', () => {
    const cache = new TokenCache<string>(3, 1_000)
    for (let i = 0; i < 1_000; i++) cache.put(`token ${i}`, entry())

    expect(cache.size).toBe(3)
    expect(cache.get('token 996', now)).toBeUndefined()
    expect(cache.get('token 997', now)).toBe('found')
  })

  it('holds as many characters as it may', () => {
    const cache = new TokenCache<string>(100, 25)
    for (const name of ['a', 'b', 'c']) cache.put(name, entry())

    expect(cache.size).toBe(2)
    expect(cache.get('a', now)).toBeUndefined()
  })

  it('counts a token once that is put twice', () => {
    const cache = new TokenCache<string>(100, 25)
    for (const name of ['a', 'b', 'b', 'b']) cache.put(name, entry())

    expect(cache.get('a', now)).toBe('found')
  })
})
