import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readCredential } from '../../src/identity/credential.ts'
import {
  ISSUER,
  base64url,
  claims,
  craft,
  ecKey,
  outcomeOf,
  rsaKey,
  stand,
  testKey,
  type Stand,
} from '../fixtures/identity.ts'

function outcome(token: string, { authenticator }: Stand): Promise<string> {
  return outcomeOf(authenticator, token)
}

describe('R26: keys', () => {
  const other = testKey('RS256', 'other')

  it.each([
    ['e = 1', { ...rsaKey.jwk, e: 'AQ' }],
    ['e = 3', { ...rsaKey.jwk, e: 'Aw' }],
    ['an even e', { ...rsaKey.jwk, e: 'AQAA' }],
    ['1024 bits', { ...rsaKey.jwk, n: rsaKey.jwk['n']?.slice(0, 172) }],
    ['use enc', { ...rsaKey.jwk, use: 'enc' }],
    ['key_ops without verify', { ...rsaKey.jwk, key_ops: ['sign'] }],
    ['another alg', { ...rsaKey.jwk, alg: 'PS256' }],
    ['a private half', { ...rsaKey.privateKey.export({ format: 'jwk' }), kid: rsaKey.kid }],
    ['an even modulus', { ...rsaKey.jwk, n: `${rsaKey.jwk['n']?.slice(0, -2)}AA` }],
  ])('R26: does not use a key with %s, but the good one beside it', async (_what, jwk) => {
    const gateOfWeak = await stand({ algorithms: ['RS256', 'PS256'] }, [jwk, other.jwk])

    expect(await outcome(craft(), gateOfWeak)).toBe('token-invalid')
    expect(await outcome(craft({ key: other }), gateOfWeak)).toBe('alice')
  })

  it('R26: does not use an EC key off its curve, nor one of another curve', async () => {
    const off = { ...ecKey.jwk, y: ecKey.jwk['x'] ?? '' }
    const p384 = { ...testKey('ES384').jwk, alg: 'ES256', kid: ecKey.kid }

    for (const jwk of [off, p384]) {
      expect(await outcome(craft({ key: ecKey }), await stand({}, [jwk, other.jwk]))).toBe('token-invalid')
    }
  })

  it('R26: does not use a symmetric key, even where the issuer publishes one', async () => {
    const secret = Buffer.alloc(32, 7)
    const jwk = { kty: 'oct', kid: rsaKey.kid, k: secret.toString('base64url'), alg: 'HS256' }
    const gateOfSecret = await stand({}, [jwk, other.jwk])
    const header = base64url(JSON.stringify({ alg: 'HS256', typ: 'at+jwt', kid: rsaKey.kid }))
    const signed = `${header}.${base64url(JSON.stringify(claims))}`
    const mac = createHmac('sha256', secret).update(signed).digest('base64url')

    expect(await outcome(`${signed}.${mac}`, gateOfSecret)).toBe('token-invalid')
  })

  it('R26: tells of a weak key', async () => {
    const { observer } = await stand({}, [{ ...rsaKey.jwk, e: 'AQ' }, other.jwk])

    expect(observer.seen).toContainEqual({
      name: 'key-refused',
      detail: { issuer: ISSUER, kid: rsaKey.kid, reason: 'an RSA exponent below 65537' },
    })
  })

  it('R26: asks for an unknown kid once in a cooldown, and finds a rotated key at the first token', async () => {
    const rotating = await stand({ cooldownMs: 30_000 }, [rsaKey.jwk])
    for (let i = 0; i < 100; i++) {
      expect(await outcome(craft({ header: { kid: `made up ${i}` } }), rotating)).toBe('token-invalid')
    }
    expect(rotating.network.count).toBe(2)

    rotating.network.document = { keys: [rsaKey.jwk, other.jwk] }
    rotating.clock.monotonic += 30_000
    expect(await outcome(craft({ key: other }), rotating)).toBe('alice')
    expect(rotating.network.count).toBe(3)
  })

  it.each([7, null, ['a'], { a: 1 }, 'k'.repeat(256)])(
    'R26: refuses the kid %j and asks nobody',
    async (kid) => {
      const gate = await stand()

      expect(await outcome(craft({ header: { kid } }), gate)).toBe('token-invalid')
      expect(gate.network.count).toBe(1)
    },
  )

  it.each([
    ['none', [], 'token-missing'],
    ['two', ['Bearer abc', 'Bearer def'], 'token-invalid'],
    ['two that are equal', ['Bearer abc', 'Bearer abc'], 'token-invalid'],
    ['two in one line', ['Bearer abc,Bearer def'], 'token-invalid'],
    ['Basic', ['Basic YTpi'], 'token-invalid'],
    ['white space before', [' Bearer abc'], 'token-invalid'],
    ['a tab for the space', ['Bearer\tabc'], 'token-invalid'],
    ['two spaces', ['Bearer  abc'], 'token-invalid'],
  ])('R27: refuses %s', (_what, values, problem) => {
    expect(readCredential(values)).toMatchObject({ problem })
  })
})

describe('R28: bound tokens', () => {
  it.each([[{ jkt: 'x' }], [{ 'x5t#S256': 'x' }], [{}], [null], ['x']])(
    'R28: refuses cnf %j without proof',
    async (cnf) => {
      expect(await outcome(craft({ claims: { cnf } }), await stand())).toBe('proof-required')
    },
  )
})
