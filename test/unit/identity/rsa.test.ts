import { describe, expect, it } from 'vitest'
import { rsaWeakness } from '../../../src/identity/rsa.ts'
import { rsaKey } from '../../fixtures/identity.ts'

const modulus = BigInt(`0x${Buffer.from(rsaKey.jwk['n'] ?? '', 'base64url').toString('hex')}`)

function weakness(n: bigint, e = 65_537n): string | undefined {
  return rsaWeakness(bytes(n), bytes(e))
}

function bytes(value: bigint): Buffer {
  const hex = value.toString(16)
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
}

/** A number of the form that the ROCA generator gives: a power of 65537 modulo each of the first primes. */
function fingerprinted(bits: bigint): bigint {
  let product = 1n
  for (let n = 2n; n <= 701n; n++) if (product % n !== 0n && isPrime(n)) product *= n
  let power = 1n
  for (let i = 0; i < 1_234; i++) power = (power * 65_537n) % product
  const factor = 2n ** (bits - 1n) / product + 12_345n
  return factor * product + power
}

function isPrime(n: bigint): boolean {
  for (let d = 2n; d * d <= n; d++) if (n % d === 0n) return false
  return true
}

describe('rsaWeakness', () => {
  it('finds nothing in an ordinary key', () => {
    expect(weakness(modulus)).toBeUndefined()
    expect(weakness(modulus, 65_539n)).toBeUndefined()
  })

  it.each([512n, 1_024n, 2_047n])('refuses a modulus of %i bits', (length) => {
    expect(weakness(2n ** length - 1n)).toContain('shorter')
  })

  it('refuses a modulus that would take too long', () => {
    expect(weakness(2n ** 8_192n)).toContain('longer')
  })

  it('is not fooled by leading zeros', () => {
    const padded = Buffer.concat([Buffer.alloc(128), bytes(2n ** 1_024n - 1n)])

    expect(rsaWeakness(padded, bytes(65_537n))).toContain('shorter')
  })

  it.each([0n, 1n, 3n, 17n, 257n, 65_535n])('refuses the exponent %i', (e) => {
    expect(weakness(modulus, e)).toMatch(/even|below/)
  })

  it.each([2n, 65_536n, 65_538n])('refuses the even exponent %i', (e) => {
    expect(weakness(modulus, e)).toContain('even')
  })

  it('refuses an exponent over 64 bits', () => {
    expect(weakness(modulus, 2n ** 64n + 1n)).toContain('64 bits')
    expect(weakness(modulus, 2n ** 64n - 1n)).toBeUndefined()
  })

  it('refuses nothing at all as a number', () => {
    expect(rsaWeakness(new Uint8Array(), bytes(65_537n))).toContain('shorter')
  })

  it.each([2n, 3n, 5n, 101n, 167n])('refuses a modulus with the factor %i', (factor) => {
    const n = 2n ** 2_047n + (factor - (2n ** 2_047n % factor))

    expect(n % factor).toBe(0n)
    expect(weakness(n)).toContain('small factor')
  })

  it.each([2_048n, 3_072n, 4_096n])('finds the ROCA fingerprint at %i bits', (length) => {
    expect(weakness(fingerprinted(length))).toContain('ROCA')
  })

  it('finds no fingerprint beside the marked numbers', () => {
    expect(weakness(fingerprinted(2_048n) + 2n) ?? '').not.toContain('ROCA')
  })
})
