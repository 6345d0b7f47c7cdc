import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createAuthenticator } from '../../../src/identity/authenticator.ts'
import { silentObserver } from '../../../src/core/events.ts'
import type { Principal } from '../../../src/core/principal.ts'
import { Denial } from '../../../src/problem/problems.ts'
import {
  AUDIENCE,
  ISSUER,
  NOW_S,
  TestClock,
  TestFetch,
  claims,
  craft,
  ecKey,
  issuerConfig,
  rsaKey,
  stand,
  testKey,
} from '../../fixtures/identity.ts'

const UNKNOWN_KID = { kid: 'never-seen' }

describe('authenticate', () => {
  it('makes a principal of a good token, at once', async () => {
    const { authenticator, clock } = await stand()
    const token = craft()

    const principal = authenticator.authenticate(token, clock.wall)

    expect(principal).toEqual({
      issuer: ISSUER,
      subject: 'alice',
      key: `${ISSUER}\nalice`,
      roles: ['reader'],
      scopes: ['chat', 'tools'],
      clientId: 'console',
      tokenId: 'token-1',
      tokenDigest: createHash('sha256').update(token).digest('base64url'),
      expiresMs: (NOW_S + 300) * 1_000,
      claims: expect.objectContaining(claims),
    } satisfies Principal)
  })

  it('tells the same subject of two issuers apart', async () => {
    const other = 'https://other.test'
    const clock = new TestClock()
    const { fetch } = new TestFetch({ keys: [rsaKey.jwk] })
    const issuers = [issuerConfig(), issuerConfig({ issuer: other })]
    const authenticator = createAuthenticator(issuers, { clock, fetch, observer: silentObserver })
    await authenticator.start()

    const [one, two] = [ISSUER, other].map((iss) =>
      authenticator.authenticate(craft({ claims: { iss } }), clock.wall),
    )

    expect(one).toMatchObject({ subject: 'alice', issuer: ISSUER })
    expect(two).toMatchObject({ subject: 'alice', issuer: other })
    expect((one as Principal).key).not.toBe((two as Principal).key)
  })

  it('does not take a key of one issuer for another', async () => {
    const clock = new TestClock()
    const networks = { a: new TestFetch({ keys: [rsaKey.jwk] }), b: new TestFetch({ keys: [ecKey.jwk] }) }
    const issuers = [
      issuerConfig(),
      issuerConfig({ issuer: 'https://b', keys: { kind: 'url', url: 'b', ca: undefined } }),
    ]
    const authenticator = createAuthenticator(issuers, {
      clock,
      fetch: (request) => (request.url === 'b' ? networks.b : networks.a).fetch(request),
      observer: silentObserver,
    })
    await authenticator.start()

    const own = await authenticator.authenticate(
      craft({ key: ecKey, claims: { iss: 'https://b' } }),
      clock.wall,
    )
    const crossed = await authenticator.authenticate(craft({ claims: { iss: 'https://b' } }), clock.wall)

    expect(own).toMatchObject({ subject: 'alice' })
    expect(crossed).toMatchObject({ problem: 'token-invalid' })
  })

  it.each([
    ['another issuer', { iss: `${ISSUER}/` }],
    ['no issuer', { iss: undefined }],
    ['an issuer that is a list', { iss: [ISSUER] }],
    ['an issuer with a name of every object', { iss: '__proto__' }],
  ])('refuses %s', async (_what, changes) => {
    const { authenticator, clock } = await stand()

    expect(authenticator.authenticate(craft({ claims: changes }), clock.wall)).toMatchObject({
      problem: 'token-invalid',
    })
  })

  it('refuses roles and scopes whose shape it does not know', async () => {
    const { authenticator, clock } = await stand()

    for (const changes of [{ roles: { admin: true } }, { scope: 7 }]) {
      expect(authenticator.authenticate(craft({ claims: changes }), clock.wall)).toMatchObject({
        problem: 'token-invalid',
      })
    }
  })

  it('names the setting when it refuses a kind of token', async () => {
    const { authenticator, clock } = await stand()

    const byType = authenticator.authenticate(craft({ header: { typ: 'JWT' } }), clock.wall)
    const byMark = authenticator.authenticate(craft({ claims: { at_hash: 'x' } }), clock.wall)

    expect(byType).toMatchObject({ reason: 'the typ header is not one of at+jwt (setting token_types)' })
    expect(byMark).toMatchObject({ reason: expect.stringContaining('token_types') })
  })

  it('asks for no keys on behalf of an algorithm that the issuer does not use', async () => {
    const { authenticator, clock, network } = await stand()

    const verdict = authenticator.authenticate(
      craft({ header: { alg: 'PS256', ...UNKNOWN_KID } }),
      clock.wall,
    )

    expect(verdict).toMatchObject({ reason: 'alg is not one of RS256, ES256' })
    expect(network.count).toBe(1)
  })

  it('hashes no token that is longer than 8 KiB', async () => {
    const { authenticator, clock } = await stand()

    expect(authenticator.authenticate('a'.repeat(1e6), clock.wall)).toMatchObject({
      problem: 'token-invalid',
    })
  })

  it('waits for a slow algorithm, then remembers', async () => {
    const key = testKey('ES384')
    const { authenticator, clock } = await stand({ algorithms: ['ES384'] }, [key.jwk])
    const token = craft({ key })

    const first = authenticator.authenticate(token, clock.wall)
    expect(first).toBeInstanceOf(Promise)
    const principal = await first

    expect(principal).toMatchObject({ subject: 'alice' })
    expect(authenticator.authenticate(token, clock.wall)).toBe(principal)
  })
})

describe('what is remembered', () => {
  it('is the same principal, until exp and not a millisecond longer', async () => {
    const { authenticator, clock } = await stand({ leewayMs: 0 })
    const token = craft({ claims: { exp: NOW_S + 30 } })

    const first = authenticator.authenticate(token, clock.wall)
    clock.advance(29_999)
    expect(authenticator.authenticate(token, clock.wall)).toBe(first)
    clock.advance(1)

    expect(authenticator.authenticate(token, clock.wall)).toMatchObject({ problem: 'token-expired' })
  })

  it('is judged anew after a minute', async () => {
    const { authenticator, clock } = await stand()
    const token = craft()

    const first = authenticator.authenticate(token, clock.wall)
    clock.advance(60_000)
    const second = authenticator.authenticate(token, clock.wall)

    expect(second).not.toBe(first)
    expect(second).toEqual(first)
  })

  it('is judged anew after a minute of monotonic time though the wall clock was set back', async () => {
    const { authenticator, clock } = await stand()
    const token = craft()

    const first = authenticator.authenticate(token, clock.wall)
    clock.monotonic += 60_000
    clock.wall -= 3_000

    expect(authenticator.authenticate(token, clock.wall)).not.toBe(first)
  })

  it('is forgotten when the key is withdrawn', async () => {
    const { authenticator, clock, network } = await stand()
    const token = craft()
    expect(authenticator.authenticate(token, clock.wall)).toMatchObject({ subject: 'alice' })

    network.document = { keys: [ecKey.jwk] }
    await authenticator.authenticate(craft({ header: UNKNOWN_KID }), clock.wall)

    expect(await authenticator.authenticate(token, clock.wall)).toMatchObject({ problem: 'token-invalid' })
  })

  it('includes forgeries, until the keys change', async () => {
    const impostor = testKey('ES256', 'rotated')
    const { authenticator, clock, network } = await stand({}, [{ ...ecKey.jwk, kid: 'rotated' }])
    const token = craft({ key: impostor })

    const first = authenticator.authenticate(token, clock.wall)
    expect(first).toMatchObject({ reason: 'the signature is not good' })
    expect(authenticator.authenticate(token, clock.wall)).toBe(first)

    network.document = { keys: [impostor.jwk] }
    await authenticator.authenticate(craft({ key: impostor, header: UNKNOWN_KID }), clock.wall)

    expect(authenticator.authenticate(token, clock.wall)).toMatchObject({ subject: 'alice' })
  })

  it('does not outlive the keys that it was checked with', async () => {
    const { authenticator, clock } = await stand({ staleMsMax: 10_000 })
    const token = craft()
    expect(authenticator.authenticate(token, clock.wall)).toMatchObject({ subject: 'alice' })

    clock.advance(10_001)

    expect(authenticator.authenticate(token, clock.wall)).toMatchObject({ problem: 'identity-unavailable' })
  })

  it('never is a good token whose signature was changed in one character', async () => {
    const { authenticator, clock } = await stand()
    const token = craft()
    expect(authenticator.authenticate(token, clock.wall)).not.toBeInstanceOf(Denial)
    const at = token.lastIndexOf('.') + 5
    const twin = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`

    expect(authenticator.authenticate(twin, clock.wall)).toMatchObject({ problem: 'token-invalid' })
  })
})

describe('an error of any kind', () => {
  it('is a denial when the clock fails', async () => {
    const { authenticator, clock, observer } = await stand()
    clock.monotonicMs = () => {
      throw new Error('no clock')
    }

    expect(authenticator.authenticate(craft(), clock.wall)).toMatchObject({ problem: 'identity-unavailable' })
    expect(observer.names()).toContain('internal-error')
  })

  it('is a denial when it comes after a wait', async () => {
    const key = testKey('ES384')
    const { authenticator, clock, observer } = await stand({ algorithms: ['ES384'] }, [key.jwk])
    observer.event = () => {}
    clock.monotonicMs = () => clock.monotonic
    const asked = authenticator.authenticate(craft({ key, header: UNKNOWN_KID }), clock.wall)
    clock.monotonicMs = () => {
      throw new Error('no clock')
    }

    expect(await asked).toMatchObject({ problem: 'identity-unavailable' })
  })
})

describe('createAuthenticator', () => {
  const deps = { clock: new TestClock(), fetch: new TestFetch({}).fetch, observer: silentObserver }

  it.each(['none', 'HS256', 'RS257', 'RSA-OAEP'])('does not start with the algorithm %s', (alg) => {
    expect(() => createAuthenticator([issuerConfig({ algorithms: ['RS256', alg] })], deps)).toThrow(alg)
  })

  it('does not start without algorithms', () => {
    expect(() => createAuthenticator([issuerConfig({ algorithms: [] })], deps)).toThrow('no algorithm')
  })

  it('does not start with two issuers of one name', () => {
    expect(() => createAuthenticator([issuerConfig(), issuerConfig()], deps)).toThrow('two issuers')
  })

  it('fetches nothing before it is started', () => {
    const network = new TestFetch({ keys: [] })
    const authenticator = createAuthenticator([issuerConfig()], { ...deps, fetch: network.fetch })

    expect(network.count).toBe(0)
    expect(authenticator.ready).toBe(false)
    expect(authenticator.authenticate(craft(), deps.clock.wall)).toMatchObject({
      problem: 'identity-unavailable',
      more: { retryAfterMs: 5_000 },
    })
  })

  it('is ready only when every issuer is', async () => {
    const network = new TestFetch({ keys: [rsaKey.jwk] })
    const issuers = [issuerConfig(), issuerConfig({ issuer: 'https://b', algorithms: ['ES256'] })]
    const authenticator = createAuthenticator(issuers, { ...deps, fetch: network.fetch })

    await authenticator.start()
    authenticator.close()

    expect(authenticator.ready).toBe(false)
    expect(await authenticator.authenticate(craft(), deps.clock.wall)).toMatchObject({ subject: 'alice' })
  })
})

describe('reasons', () => {
  it('repeat nothing that the token says', async () => {
    const { authenticator, clock } = await stand()
    const tokens = [
      craft({ header: { kid: 'SECRET' } }),
      craft({ header: { alg: 'SECRET' } }),
      craft({ header: { typ: 'SECRET' } }),
      craft({ claims: { iss: 'SECRET' } }),
      craft({ claims: { aud: 'SECRET' } }),
      craft({ claims: { sub: 'SECRET\n' } }),
      craft({ claims: { aud: AUDIENCE, exp: 'SECRET' } }),
      'SECRET',
    ]

    for (const token of tokens) {
      const denial = await authenticator.authenticate(token, clock.wall)
      expect(denial).toBeInstanceOf(Denial)
      expect(JSON.stringify(denial)).not.toContain('SECRET')
    }
  })
})
