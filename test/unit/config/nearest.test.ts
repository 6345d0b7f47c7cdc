import { describe, expect, it } from 'vitest'
import { nearest } from '../../../src/config/nearest.ts'

const NAMES = ['public_url', 'policies', 'routes', 'roles', 'listen', 'tls']

describe('nearest', () => {
  it.each([
    ['public_ulr', 'public_url'],
    ['publicUrl', 'public_url'],
    ['PUBLIC-URL', 'public_url'],
    ['polices', 'policies'],
    ['route', 'routes'],
    ['rolls', 'roles'],
    ['lisen', 'listen'],
    ['tlss', 'tls'],
  ])('takes %s for %s', (written, meant) => {
    expect(nearest(written, NAMES)).toBe(meant)
  })

  it.each(['', 'zebra', 'x', 'timeouts', 'a'.repeat(100_000)])('does not guess at %.12s', (written) => {
    expect(nearest(written, NAMES)).toBeUndefined()
  })

  it('gives the first of two that are as near', () => {
    expect(nearest('cat', ['car', 'can'])).toBe('car')
  })
})
