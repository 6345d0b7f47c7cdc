import type { KeyObject } from 'node:crypto'
import { CompactSign, exportJWK, generateKeyPair } from 'jose'
import type { JsonObject } from '../core/json.ts'

/** A key pair for signing tokens: of the development issuer and of tests. The private half cannot be exported. */
export interface SigningKeyPair {
  readonly kid: string
  readonly alg: string
  readonly key: CryptoKey
  /** Public half, with `kid`, `alg` and `use`. */
  readonly jwk: Readonly<Record<string, string>>
}

/**
 * Makes a fresh key pair; RSA keys have 2,048 bits.
 *
 * @param alg An asymmetric JWS algorithm, such as `ES256`.
 * @param kid Its name; by default a random one, so that a restarted issuer is not mistaken for the one before.
 * @throws When jose does not know the algorithm.
 */
export async function newKeyPair(alg: string, kid: string = crypto.randomUUID()): Promise<SigningKeyPair> {
  const { privateKey, publicKey } = await generateKeyPair(alg)
  const { kty = '', ...members } = await exportJWK(publicKey)
  const parts = Object.entries(members).filter(
    (member): member is [string, string] => typeof member[1] === 'string',
  )
  return { kid, alg, key: privateKey, jwk: { kty, ...Object.fromEntries(parts), kid, alg, use: 'sig' } }
}

/** What a token is made of. */
export interface Minting {
  readonly key: CryptoKey | KeyObject
  readonly kid: string
  readonly alg: string
  /** Written as they are: `iss`, `aud`, `exp` and the rest are the caller's to set. */
  readonly claims: JsonObject
  /** `typ` header. Default `at+jwt` (RFC 9068). */
  readonly typ?: string
}

/** Signs a token (compact JWS). */
export function mintToken({ key, kid, alg, claims, typ = 'at+jwt' }: Minting): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(claims))).setProtectedHeader({ alg, kid, typ }).sign(key)
}

/** The JWK Set that an issuer of these keys publishes. */
export function publicJwks(pairs: readonly SigningKeyPair[]): {
  readonly keys: readonly SigningKeyPair['jwk'][]
} {
  return { keys: pairs.map(({ jwk }) => jwk) }
}
