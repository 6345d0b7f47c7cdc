import { generateKeyPairSync } from 'node:crypto'
import { calculateJwkThumbprint, createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose'
import { describe, expect, it } from 'vitest'
import { ASSERTION_TYPE, createAssertions } from '../../../src/upstream/assertion.ts'
import { somebody } from '../../fixtures/upstream-request.ts'

const NOW_MS = 1_800_000_000_000
const ISSUER = 'https://agents.test'

function turning(): {
  clock: { wallMs: () => number; monotonicMs: () => number }
  advance: (ms: number) => void
} {
  let nowMs = NOW_MS
  return { clock: { wallMs: () => nowMs, monotonicMs: () => nowMs }, advance: (ms) => void (nowMs += ms) }
}

function pemOf(kind: 'P-256' | 'P-384' | 'Ed25519'): string {
  const { privateKey } =
    kind === 'Ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: kind })
  return privateKey.export({ type: 'pkcs8', format: 'pem' })
}

describe('an assertion', () => {
  it.each([
    ['a key made now', undefined, 'ES256'],
    ['a P-256 key', pemOf('P-256'), 'ES256'],
    ['an Ed25519 key', pemOf('Ed25519'), 'EdDSA'],
  ])('verifies against the published keys: %s', async (_, pem, alg) => {
    const assertions = createAssertions(ISSUER, turning().clock, pem)
    const text = assertions.toward('agent', 60_000).of(somebody())

    const { payload, protectedHeader } = await jwtVerify(
      text,
      createLocalJWKSet(assertions.jwks as unknown as JSONWebKeySet),
      {
        issuer: ISSUER,
        audience: 'agent',
        typ: ASSERTION_TYPE,
        algorithms: [alg],
        currentDate: new Date(NOW_MS),
      },
    )

    expect(protectedHeader['kid']).toBe(assertions.jwks.keys[0]?.['kid'])
    expect(payload).toMatchObject({
      sub: 'alice',
      orig_iss: 'https://idp.test',
      client_id: 'cli',
      roles: ['reader', 'operator'],
      iat: NOW_MS / 1_000,
      exp: NOW_MS / 1_000 + 60,
    })
    expect(payload.jti).toHaveLength(22)
  })

  it('names its key by RFC 7638, and publishes no private half', async () => {
    const [jwk = {}] = createAssertions(ISSUER, turning().clock).jwks.keys

    expect(jwk['kid']).toBe(await calculateJwkThumbprint(jwk))
    expect(Object.keys(jwk).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
  })

  it('refuses a key of another kind at load', () => {
    expect(() => createAssertions(ISSUER, turning().clock, pemOf('P-384'))).toThrow('P-256 or Ed25519')
  })

  it('serves for half of its life, then is made anew', () => {
    const { clock, advance } = turning()
    const toward = createAssertions(ISSUER, clock).toward('agent', 60_000)
    const first = toward.of(somebody())

    advance(29_999)
    const second = toward.of(somebody())
    advance(1)
    const third = toward.of(somebody())

    expect(second).toBe(first)
    expect(third).not.toBe(first)
    expect(decodeJwt(third).exp).toBe(NOW_MS / 1_000 + 90)
  })

  it('never outlives the token that it stands for', () => {
    const { clock, advance } = turning()
    const toward = createAssertions(ISSUER, clock).toward('agent', 60_000)
    const principal = somebody({ expiresMs: NOW_MS + 10_500 })
    const first = toward.of(principal)

    advance(6_000)

    expect(decodeJwt(first).exp).toBe(NOW_MS / 1_000 + 10)
    expect(toward.of(principal)).not.toBe(first)
  })

  it('is kept by token: a new one of the same subject brings its own roles', () => {
    const toward = createAssertions(ISSUER, turning().clock).toward('agent', 60_000)
    toward.of(somebody())

    const second = toward.of(somebody({ tokenDigest: 'digest-2', roles: ['guest'] }))

    expect(decodeJwt(second)['roles']).toEqual(['guest'])
  })

  it('is for one upstream', () => {
    const assertions = createAssertions(ISSUER, turning().clock)

    const texts = ['one', 'two'].map((audience) => assertions.toward(audience, 60_000).of(somebody()))

    expect(texts.map((text) => decodeJwt(text).aud)).toEqual(['one', 'two'])
  })

  it('is kept for a bounded number of tokens: the oldest makes room', () => {
    const toward = createAssertions(ISSUER, turning().clock).toward('agent', 60_000)
    const of = (i: number): string => toward.of(somebody({ tokenDigest: `digest-${i}` }))
    const [first, second] = [of(0), of(1)]

    for (let i = 2; i < 10_001; i += 1) of(i)

    expect(of(1)).toBe(second)
    expect(of(0)).not.toBe(first)
  })
})
