/**
 * Judges an RSA public key by what can be seen of it (NIST SP 800-56B section 6.4.2, partial public-key validation).
 *
 * A signature under a weak key proves nothing: with e = 1 every message is its own signature, short moduli are factored, and
 * so are those of ROCA (CVE-2017-15361) chips at any usual length.
 *
 * @param modulus n, big-endian.
 * @param exponent e, big-endian.
 * @returns Why the key is refused, or undefined when nothing speaks against it.
 */
export function rsaWeakness(modulus: Uint8Array, exponent: Uint8Array): string | undefined {
  const n = toBigInt(modulus)
  const e = toBigInt(exponent)
  if (n < 2n ** (BITS_MIN - 1n)) return `an RSA modulus shorter than ${BITS_MIN} bits`
  if (n >= 2n ** BITS_MAX) return `an RSA modulus longer than ${BITS_MAX} bits`
  if (e % 2n === 0n) return 'an even RSA exponent'
  if (e < EXPONENT_MIN) return `an RSA exponent below ${EXPONENT_MIN}`
  if (e >= EXPONENT_END) return 'an RSA exponent longer than 64 bits'
  if (n % 2n === 0n || residues.some(({ prime }) => n % prime === 0n))
    return 'an RSA modulus with a small factor'
  if (residues.every(({ prime, powers }) => powers.has(n % prime)))
    return 'an RSA modulus with the ROCA fingerprint'
  return undefined
}

const BITS_MIN = 2_048n
/** Verification time grows with the square of the length; OpenSSL's own bound, 16,384, costs milliseconds. */
const BITS_MAX = 8_192n
const EXPONENT_MIN = 65_537n
/** OpenSSL refuses longer ones with long moduli; nobody needs them. */
const EXPONENT_END = 2n ** 64n

/**
 * The ROCA generator made primes k·M + (65537^a mod M), M the product of the first primes; so n modulo each of them is a power
 * of 65537 as well. A random modulus passes all of these by chance once in about 2^28. (Nemec et al., CCS 2017, section 2.3.)
 */
const residues = smallPrimes(167n).map((prime) => ({ prime, powers: powersOf65537(prime) }))

function powersOf65537(prime: bigint): ReadonlySet<bigint> {
  const powers = new Set<bigint>()
  for (let power = 1n; !powers.has(power); power = (power * 65_537n) % prime) powers.add(power)
  return powers
}

function smallPrimes(last: bigint): readonly bigint[] {
  const primes: bigint[] = []
  for (let n = 3n; n <= last; n += 2n) if (primes.every((prime) => n % prime !== 0n)) primes.push(n)
  return primes
}

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`)
}
