import { Buffer } from 'node:buffer'
import { constants, verify, type KeyObject, type VerifyKeyObjectInput } from 'node:crypto'

/**
 * Checks a JWS signature with one key under one algorithm, both fixed at load. Never throws, never rejects: whatever goes
 * wrong is false.
 *
 * @param signed ASCII text that the signature covers.
 */
export type SignatureCheck = (signed: string, signature: Uint8Array) => boolean | Promise<boolean>

/** A JWS algorithm: what it demands of keys, and how it is checked. */
export interface Algorithm {
  /** `kty` and, where it has one, `crv`. RFC 8725 section 3.1: an algorithm is bound to one type of key. */
  readonly keyType: string
  readonly hash: string | null
  readonly options: Omit<VerifyKeyObjectInput, 'key'>
  /** Checks take most of a millisecond: they are done on the thread pool, so that a flood cannot hold up the event loop. */
  readonly slow: boolean
}

/**
 * The asymmetric algorithms of RFC 7518 section 3.1, RFC 8037 and RFC 9864. `none` and HS* have no row: under them whoever
 * can read the public key, or nobody at all, could sign (RFC 8725 section 2.1).
 */
export const algorithms: ReadonlyMap<string, Algorithm> = new Map([
  ['RS256', rsa('sha256')],
  ['RS384', rsa('sha384')],
  ['RS512', rsa('sha512')],
  ['PS256', rsaPss('sha256', 32)],
  ['PS384', rsaPss('sha384', 48)],
  ['PS512', rsaPss('sha512', 64)],
  ['ES256', ecdsa('P-256', 'sha256', false)],
  ['ES384', ecdsa('P-384', 'sha384', true)],
  ['ES512', ecdsa('P-521', 'sha512', true)],
  ['EdDSA', ed25519()],
  ['Ed25519', ed25519()],
])

function rsa(hash: string): Algorithm {
  return { keyType: 'RSA', hash, options: { padding: constants.RSA_PKCS1_PADDING }, slow: false }
}

/** RFC 7518 section 3.5: the salt is as long as the hash. */
function rsaPss(hash: string, saltLength: number): Algorithm {
  const options = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }
  return { keyType: 'RSA', hash, options, slow: false }
}

/** RFC 7518 section 3.4: R and S of fixed length, one behind the other; DER, which has many spellings, is refused. */
function ecdsa(curve: string, hash: string, slow: boolean): Algorithm {
  return { keyType: `EC ${curve}`, hash, options: { dsaEncoding: 'ieee-p1363' }, slow }
}

function ed25519(): Algorithm {
  return { keyType: 'OKP Ed25519', hash: null, options: {}, slow: false }
}

/** Makes the check of one key under one algorithm; the key is of the algorithm's type. */
export function signatureCheck(algorithm: Algorithm, key: KeyObject): SignatureCheck {
  const { hash } = algorithm
  const input: VerifyKeyObjectInput = { ...algorithm.options, key }
  if (algorithm.slow) return (signed, signature) => checkOnPool(hash, input, { signed, signature })

  return (signed, signature) => {
    try {
      return verify(hash, Buffer.from(signed, 'latin1'), input, signature)
    } catch {
      return false
    }
  }
}

function checkOnPool(
  hash: string | null,
  input: VerifyKeyObjectInput,
  { signed, signature }: { signed: string; signature: Uint8Array },
): Promise<boolean> {
  return new Promise((resolve) => {
    try {
      verify(hash, Buffer.from(signed, 'latin1'), input, signature, (error, isValid) => {
        resolve(error === null && isValid)
      })
    } catch {
      resolve(false)
    }
  })
}
