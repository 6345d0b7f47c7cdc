import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { readCredential } from '../../src/identity/credential.ts'
import { readToken } from '../../src/identity/gate.ts'
import { Denial } from '../../src/problem/problems.ts'
import { tokenGate } from '../fuzz/token-gate.ts'
import { NOW_MS, claims, craft, ecKey, rsaKey, stand, type Stand } from '../fixtures/identity.ts'

let gate: Stand

beforeAll(async () => {
  gate = await stand()
})

async function isTaken(token: string): Promise<boolean> {
  return !((await gate.authenticator.authenticate(token, NOW_MS)) instanceof Denial)
}

describe('the token gate', () => {
  it('gives every token that it takes one spelling and one reading', () => {
    expect(() => tokenGate.run(50_000, 1)).not.toThrow()
  })

  it('takes and refuses: the cases of the fuzzer reach both sides', () => {
    expect(readToken(craft())).not.toBeInstanceOf(Denial)
    expect(readToken(`${craft()}=`)).toBeInstanceOf(Denial)
  })

  it('never throws on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(readToken(text)).toBeInstanceOf(Denial)
        readCredential([text])
        readCredential([`Bearer ${text}`])
      }),
      { numRuns: 2_000 },
    )
  })

  it('never throws on any three parts', () => {
    const part = fc
      .string({ unit: 'binary', maxLength: 80 })
      .map((text) => Buffer.from(text).toString('base64url'))
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        expect(() => readToken(parts.join('.'))).not.toThrow()
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('the authenticator', () => {
  it.each([rsaKey, ecKey])('takes a signed token ($alg) and no single change of it', async (key) => {
    const token = craft({ key })
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.= +/\n'.split('')
    expect(await isTaken(token)).toBe(true)

    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 1),
        fc.constantFrom(...alphabet),
        fc.nat(2),
        async (at, char, kind) => {
          const skip = [1, 0, 1][kind] ?? 0
          const changed = token.slice(0, at) + (kind === 2 ? '' : char) + token.slice(at + skip)
          fc.pre(changed !== token)

          expect(await isTaken(changed)).toBe(false)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('takes no part of one token with the parts of another', async () => {
    const one = craft().split('.')
    const two = craft({ key: ecKey, claims: { sub: 'bob' } }).split('.')

    for (let mask = 1; mask < 7; mask++) {
      const mixed = one.map((part, i) => (mask & (1 << i) ? two[i] : part)).join('.')
      expect(await isTaken(mixed)).toBe(false)
    }
  })

  it('refuses, and never throws on, claims of any shape that the issuer signed', async () => {
    const names = fc.constantFrom(
      ...Object.keys(claims),
      'nbf',
      'cnf',
      'azp',
      'scp',
      'typ',
      'nonce',
      '__proto__',
    )
    await fc.assert(
      fc.asyncProperty(names, fc.jsonValue({ maxDepth: 3 }), async (name, value) => {
        const text = JSON.stringify(Object.fromEntries([...Object.entries(claims), [name, value]]))
        const verdict = await gate.authenticator.authenticate(craft({ key: ecKey, claims: text }), NOW_MS)

        if (verdict instanceof Denial) return
        expect(verdict.issuer).toBe(claims.iss)
        expect(verdict.roles.every((role) => typeof role === 'string')).toBe(true)
        expect(verdict.expiresMs).toBeGreaterThan(NOW_MS - 5_000)
      }),
      { numRuns: 500 },
    )
    expect(gate.observer.names()).not.toContain('internal-error')
  })
})
