import { describe, expect, it } from 'vitest'
import { algorithms, signatureCheck, type SignatureCheck } from '../../../src/identity/verify.ts'
import { craft, ecKey, rsaKey, testKey, type TestKey } from '../../fixtures/identity.ts'

const names = [...algorithms.keys()]

function checkOf(alg: string, { publicKey }: TestKey): SignatureCheck {
  const algorithm = algorithms.get(alg)
  if (algorithm === undefined) throw new Error(alg)
  return signatureCheck(algorithm, publicKey)
}

function split(token: string): { signed: string; signature: Buffer } {
  const end = token.lastIndexOf('.')
  return { signed: token.slice(0, end), signature: Buffer.from(token.slice(end + 1), 'base64url') }
}

describe('signatureCheck', () => {
  it.each(names)('tells good from bad under %s', async (alg) => {
    const key = alg.startsWith('RS') || alg.startsWith('PS') ? { ...rsaKey, alg } : testKey(alg)
    const check = checkOf(alg, key)
    const { signed, signature } = split(craft({ key }))
    const flipped = Buffer.from(signature)
    flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1

    expect(await check(signed, signature)).toBe(true)
    expect(await check(`${signed}A`, signature)).toBe(false)
    expect(await check(signed, flipped)).toBe(false)
    expect(await check(signed, signature.subarray(1))).toBe(false)
    expect(await check(signed, Buffer.concat([signature, Buffer.alloc(1)]))).toBe(false)
    expect(await check(signed, new Uint8Array())).toBe(false)
  })

  it('does not take one RSA scheme or hash for another', async () => {
    const { signed, signature } = split(craft({ key: rsaKey }))

    for (const alg of ['RS384', 'RS512', 'PS256', 'PS384', 'PS512']) {
      expect(await checkOf(alg, rsaKey)(signed, signature)).toBe(false)
    }
  })

  it.each([0, 1])('refuses r = s = %i, which some verifiers took for any message', async (value) => {
    const half = Buffer.alloc(32)
    half[31] = value

    expect(await checkOf('ES256', ecKey)('a.b', Buffer.concat([half, half]))).toBe(false)
  })

  it('refuses a DER signature, the other spelling of a good one', async () => {
    const { signed, signature } = split(craft({ key: ecKey }))
    const der = Buffer.concat([
      Buffer.from([0x30, 0x46, 0x02, 0x21, 0x00]),
      signature.subarray(0, 32),
      Buffer.from([0x02, 0x21, 0x00]),
      signature.subarray(32),
    ])

    expect(await checkOf('ES256', ecKey)(signed, der)).toBe(false)
  })

  it('says false, and does not throw, when key and algorithm do not fit', async () => {
    expect(await checkOf('ES256', rsaKey)('a.b', Buffer.alloc(64))).toBe(false)
    expect(await checkOf('ES384', rsaKey)('a.b', Buffer.alloc(96))).toBe(false)
    expect(await checkOf('EdDSA', rsaKey)('a.b', Buffer.alloc(64))).toBe(false)
  })

  it.each(['ES256', 'ES384'])('says false when the cryptography itself throws: %s', async (alg) => {
    const noBytes = 'text' as unknown as Uint8Array

    expect(await checkOf(alg, testKey(alg))('a.b', noBytes)).toBe(false)
  })

  it('checks the slow algorithms off the event loop and the others at once', () => {
    const slow = names.filter((alg) => algorithms.get(alg)?.slow)

    expect(slow).toEqual(['ES384', 'ES512'])
    expect(checkOf('RS256', rsaKey)('a.b', Buffer.alloc(256))).toBe(false)
    expect(checkOf('ES384', testKey('ES384'))('a.b', Buffer.alloc(96))).toBeInstanceOf(Promise)
  })

  it.each(['none', 'None', 'HS256', 'HS512', 'RSA1_5', 'ES256K', 'dir', ''])(
    'knows no algorithm %s',
    (alg) => {
      expect(algorithms.has(alg)).toBe(false)
    },
  )
})
