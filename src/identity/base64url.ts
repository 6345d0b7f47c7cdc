/**
 * Tells whether a text is base64url in its one canonical form (RFC 4648 sections 3.5 and 5): exact alphabet, no padding, no
 * white space, unused bits zero.
 *
 * Decoders forgive all of these, so that one token has many spellings; an attacker would use them to slip a spelling past
 * a cache, a revocation list or a record that knows the other one.
 */
export function isBase64url(text: string): boolean {
  return ALPHABET.test(text) && hasCanonicalEnd(text)
}

const ALPHABET = /^[A-Za-z0-9_-]+$/

/** The second half of `isBase64url`, for a text that is known to keep to the alphabet. */
export function hasCanonicalEnd(text: string): boolean {
  const last = text.at(-1) ?? ''
  switch (text.length % 4) {
    case 0:
      return true
    case 2:
      return FOUR_BITS_ZERO.includes(last)
    case 3:
      return TWO_BITS_ZERO.includes(last)
    default:
      return false // one character holds six bits: no byte
  }
}

const FOUR_BITS_ZERO = 'AQgw'
const TWO_BITS_ZERO = 'AEIMQUYcgkosw048'
