import { describe, expect, it } from 'vitest'
import { readKeySet, type KeyReading } from '../../../src/identity/keyset.ts'
import { ecKey, rsaKey, testKey } from '../../fixtures/identity.ts'

const second = testKey('ES256', 'second')
const accepted = ['RS256', 'ES256']

function read(document: unknown): KeyReading | string {
  return readKeySet(Buffer.from(typeof document === 'string' ? document : JSON.stringify(document)), accepted)
}

function good(keys: readonly unknown[]): KeyReading {
  const reading = read({ keys })
  if (typeof reading === 'string') throw new Error(reading)
  return reading
}

describe('readKeySet', () => {
  it('finds keys by name and algorithm', () => {
    const { keys } = good([rsaKey.jwk, ecKey.jwk])

    expect(keys.size).toBe(2)
    expect(keys.find(rsaKey.kid, 'RS256')).toBeTypeOf('function')
    expect(keys.find(ecKey.kid, 'ES256')).toBeTypeOf('function')
    expect(keys.find(rsaKey.kid, 'ES256')).toBeUndefined()
    expect(keys.find('other', 'RS256')).toBeUndefined()
    expect(keys.has(rsaKey.kid)).toBe(true)
    expect(keys.has('other')).toBe(false)
  })

  it('finds the only key of an algorithm without a name, and no key where there are two', () => {
    const { keys } = good([rsaKey.jwk, ecKey.jwk, second.jwk])

    expect(keys.find(undefined, 'RS256')).toBeTypeOf('function')
    expect(keys.find(undefined, 'ES256')).toBeUndefined()
    expect(keys.find(undefined, 'EdDSA')).toBeUndefined()
  })

  it('uses a key without a name only for tokens that name none', () => {
    const { keys } = good([{ ...rsaKey.jwk, kid: undefined }])

    expect(keys.find(undefined, 'RS256')).toBeTypeOf('function')
    expect(keys.find('', 'RS256')).toBeUndefined()
  })

  it('leaves out both keys of one name and algorithm, and says so', () => {
    const { keys, refused } = good([ecKey.jwk, { ...second.jwk, kid: ecKey.kid }, rsaKey.jwk])

    expect(keys.find(ecKey.kid, 'ES256')).toBeUndefined()
    expect(keys.find(rsaKey.kid, 'RS256')).toBeTypeOf('function')
    expect(refused).toEqual([{ kid: ecKey.kid, reason: 'two keys of one name and algorithm' }])
  })

  it('keeps two keys of one name for different algorithms', () => {
    const { keys } = good([
      { ...ecKey.jwk, kid: 'a' },
      { ...rsaKey.jwk, kid: 'a' },
    ])

    expect(keys.find('a', 'ES256')).toBeTypeOf('function')
    expect(keys.find('a', 'RS256')).toBeTypeOf('function')
  })

  it('keeps the good keys beside bad ones and reports the weak, not the unsuited', () => {
    const { keys, refused } = good([
      rsaKey.jwk,
      { ...rsaKey.jwk, kid: 'weak', e: 'AQ' },
      { ...rsaKey.jwk, kid: 'enc', use: 'enc' },
      'no key',
      null,
    ])

    expect(keys.size).toBe(1)
    expect(refused).toEqual([{ kid: 'weak', reason: 'an RSA exponent below 65537' }])
  })

  it('does not repeat a name that is no plain text', () => {
    const { refused } = good([rsaKey.jwk, { ...rsaKey.jwk, kid: 'a\nb' }])

    expect(refused).toEqual([{ kid: '', reason: 'a kid that is no plain text' }])
  })

  it.each([
    ['no JSON', '<html>'],
    ['JSON with a duplicate', '{"keys":[],"keys":[]}'],
    ['nested too deep', `{"keys":${'['.repeat(20)}${']'.repeat(20)}}`],
    ['a list', []],
    ['keys that are no list', { keys: {} }],
    ['no keys', {}],
    ['an empty list', { keys: [] }],
    ['only bad keys', { keys: [{ kty: 'oct', k: 'AAAA' }] }],
    ['a crowd of keys', { keys: Array.from({ length: 101 }, () => rsaKey.jwk) }],
  ])('refuses a document that is %s', (_what, document) => {
    expect(read(document)).toBeTypeOf('string')
  })
})
