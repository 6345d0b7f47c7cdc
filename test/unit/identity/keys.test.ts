import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import { importKey, KeyRefusal } from '../../../src/identity/keys.ts'
import { base64url, ecKey, rsaKey, testKey } from '../../fixtures/identity.ts'

const edKey = testKey('EdDSA')
const all = ['RS256', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

function outcome(jwk: JsonObject, accepted: readonly string[] = all): string {
  const key = importKey(jwk, accepted)
  return key instanceof KeyRefusal ? key.kind : [...key.checks.keys()].join(' ')
}

function without(jwk: JsonObject, ...names: string[]): JsonObject {
  return Object.fromEntries(Object.entries(jwk).filter(([name]) => !names.includes(name)))
}

describe('importKey', () => {
  it('binds a key to its own alg', () => {
    expect(outcome(rsaKey.jwk)).toBe('RS256')
    expect(outcome({ ...rsaKey.jwk, alg: 'PS256' })).toBe('PS256')
  })

  it('binds a key without alg to the accepted algorithms of its type', () => {
    expect(outcome(without(rsaKey.jwk, 'alg'))).toBe('RS256 PS256')
    expect(outcome(without(rsaKey.jwk, 'alg'), ['PS256'])).toBe('PS256')
    expect(outcome(without(ecKey.jwk, 'alg'))).toBe('ES256')
    expect(outcome(without(edKey.jwk, 'alg'))).toBe('EdDSA Ed25519')
  })

  it.each(['ES384', 'ES512'])('imports keys of %s', (alg) => {
    expect(outcome(testKey(alg).jwk)).toBe(alg)
  })

  it('keeps the name', () => {
    expect(importKey(rsaKey.jwk, all)).toMatchObject({ kid: rsaKey.kid })
    expect(importKey(without(rsaKey.jwk, 'kid'), all)).toMatchObject({ kid: undefined })
  })

  it.each([
    ['of an algorithm that is not accepted', { ...rsaKey.jwk, alg: 'RS512' }],
    ['for encryption', { ...rsaKey.jwk, use: 'enc' }],
    ['of an encryption algorithm', { ...rsaKey.jwk, alg: 'RSA-OAEP' }],
    ['for signing only', { ...without(rsaKey.jwk, 'use'), key_ops: ['sign'] }],
    ['whose key_ops are no list', { ...rsaKey.jwk, key_ops: 'verify' }],
    ['whose use is no text', { ...rsaKey.jwk, use: ['sig'] }],
    ['of another type than its alg', { ...rsaKey.jwk, alg: 'ES256' }],
    ['of a curve that is another than its alg', { ...ecKey.jwk, alg: 'ES384' }],
    ['of a type that we do not know', { kty: 'AKP', alg: 'ML-DSA-44', pub: 'AAAA' }],
    ['of the curve secp256k1', { ...without(ecKey.jwk, 'alg'), crv: 'secp256k1' }],
    ['for key agreement', { kty: 'OKP', crv: 'X25519', x: edKey.jwk['x'] ?? '' }],
    ['without type', without(rsaKey.jwk, 'kty')],
    ['whose type is a list', { ...rsaKey.jwk, kty: ['RSA'] }],
  ])('passes over a key %s', (_what, jwk) => {
    expect(outcome(jwk)).toBe('unsuited')
  })

  it('takes key_ops that name verifying', () => {
    expect(outcome({ ...rsaKey.jwk, key_ops: ['verify'] })).toBe('RS256')
  })

  it.each([
    ['symmetric', { kty: 'oct', k: base64url('secret'), alg: 'HS256', kid: 'a' }],
    ['symmetric and called RS256', { kty: 'oct', k: base64url('secret'), alg: 'RS256' }],
    ['a private RSA key', { ...rsaKey.jwk, ...rsaKey.privateKey.export({ format: 'jwk' }) } as JsonObject],
    ['a private EC key', { ...ecKey.jwk, ...ecKey.privateKey.export({ format: 'jwk' }) } as JsonObject],
    ['a private Ed25519 key', { ...edKey.jwk, d: edKey.jwk['x'] ?? '' }],
    ['named by a number', { ...rsaKey.jwk, kid: 7 }],
    ['named with CR LF', { ...rsaKey.jwk, kid: 'a\r\nb' }],
    ['RSA with e = 1', { ...rsaKey.jwk, e: 'AQ' }],
    ['RSA without n', without(rsaKey.jwk, 'n')],
    ['RSA whose n is padded', { ...rsaKey.jwk, n: `${rsaKey.jwk['n']}==` }],
    ['RSA whose e is a number', { ...rsaKey.jwk, e: 65_537 }],
    ['off its curve', { ...ecKey.jwk, y: ecKey.jwk['x'] ?? '' }],
    ['EC without y', without(ecKey.jwk, 'y')],
    ['EC without x', without(ecKey.jwk, 'x')],
    ['EC at infinity', { ...ecKey.jwk, x: base64url(Buffer.alloc(32)), y: base64url(Buffer.alloc(32)) }],
    ['EC with a short coordinate', { ...ecKey.jwk, x: base64url(Buffer.alloc(31, 1)) }],
    ['EC with a long coordinate', { ...ecKey.jwk, x: base64url(Buffer.alloc(33)) }],
    ['Ed25519 of 31 bytes', { ...edKey.jwk, x: base64url(Buffer.alloc(31, 9)) }],
  ])('refuses a key that is %s', (_what, jwk) => {
    expect(outcome(jwk)).toBe('weak')
  })

  it.each([
    ['order 1', `01${'00'.repeat(31)}`],
    ['order 1, sign set', `01${'00'.repeat(30)}80`],
    ['order 2', `ec${'ff'.repeat(30)}7f`],
    ['order 4', '00'.repeat(32)],
    ['order 8', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85'],
    ['order 8, the other', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'],
  ])('refuses an Ed25519 point of %s', (_what, hex) => {
    expect(outcome({ ...edKey.jwk, x: base64url(Buffer.from(hex, 'hex')) })).toBe('weak')
  })

  it('says why, without the key', () => {
    const refusal = importKey({ ...rsaKey.jwk, e: 'AQ' }, all)

    expect(refusal).toEqual(new KeyRefusal('weak', 'an RSA exponent below 65537'))
  })
})
