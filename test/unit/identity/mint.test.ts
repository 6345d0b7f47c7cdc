import { describe, expect, it } from 'vitest'
import { mintToken, newKeyPair, publicJwks } from '../../../src/identity/mint.ts'
import { claims, stand } from '../../fixtures/identity.ts'

describe('mintToken', () => {
  it.each(['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'])(
    'makes %s tokens that the gateway takes',
    async (alg) => {
      const pair = await newKeyPair(alg)
      const { authenticator, clock } = await stand({ algorithms: [alg] }, publicJwks([pair]).keys)

      const token = await mintToken({ ...pair, claims })

      expect(await authenticator.authenticate(token, clock.wall)).toMatchObject({ subject: 'alice' })
    },
  )

  it('writes the typ it is told', async () => {
    const token = await mintToken({ ...(await newKeyPair('ES256')), claims, typ: 'JWT' })

    const header: unknown = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())
    expect(header).toMatchObject({ typ: 'JWT' })
  })
})

describe('newKeyPair', () => {
  it('names keys apart unless told', async () => {
    const [one, two, told] = await Promise.all([
      newKeyPair('ES256'),
      newKeyPair('ES256'),
      newKeyPair('ES256', 'k1'),
    ])

    expect(one?.kid).not.toBe(two?.kid)
    expect(told?.jwk['kid']).toBe('k1')
  })

  it('publishes no private member', async () => {
    const { keys } = publicJwks([await newKeyPair('RS256'), await newKeyPair('ES256')])

    expect(keys.map((jwk) => Object.keys(jwk).sort())).toEqual([
      ['alg', 'e', 'kid', 'kty', 'n', 'use'],
      ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
    ])
  })

  it('knows no symmetric algorithm', async () => {
    await expect(newKeyPair('HS256')).rejects.toThrow('alg')
  })
})
