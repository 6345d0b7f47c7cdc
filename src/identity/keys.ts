import { Buffer } from 'node:buffer'
import { createPublicKey } from 'node:crypto'
import type { Json, JsonObject } from '../core/json.ts'
import { isBase64url } from './base64url.ts'
import { rsaWeakness } from './rsa.ts'
import { isList, isPlainText } from './shape.ts'
import { algorithms, signatureCheck, type SignatureCheck } from './verify.ts'

/** A public key that passed, with a check for each algorithm that it may be used under. */
export interface VerificationKey {
  readonly kid: string | undefined
  readonly checks: ReadonlyMap<string, SignatureCheck>
}

/** Why a JSON Web Key is not used. */
export class KeyRefusal {
  /** `weak`: nobody should publish such a key, and somebody should be told. `unsuited`: meant for something else. */
  readonly kind: 'weak' | 'unsuited'
  readonly reason: string

  constructor(kind: 'weak' | 'unsuited', reason: string) {
    this.kind = kind
    this.reason = reason
  }
}

/**
 * Judges one JSON Web Key (RFC 7517) and imports it, once, at load.
 *
 * Symmetric keys and private ones are refused: a published secret is everybody's. `use` and `key_ops` are obeyed. A key is
 * bound to algorithms: its own `alg`, or else those of its type; in both cases only what the issuer's configuration accepts.
 *
 * @param accepted The issuer's algorithms.
 */
export function importKey(jwk: JsonObject, accepted: readonly string[]): VerificationKey | KeyRefusal {
  const { kid } = jwk
  if (kid !== undefined && !isPlainText(kid)) return new KeyRefusal('weak', 'a kid that is no plain text')
  if (SECRET_MEMBERS.some((name) => name in jwk)) return new KeyRefusal('weak', 'a private or symmetric key')
  if (!mayVerify(jwk)) return new KeyRefusal('unsuited', 'a use or key_ops that is not verifying')

  const type = keyType(jwk)
  const names = accepted.filter(
    (name) => algorithms.get(name)?.keyType === type && (jwk['alg'] === undefined || jwk['alg'] === name),
  )
  if (names.length === 0) return new KeyRefusal('unsuited', 'a key for none of the accepted algorithms')
  const weakness = weaknessOf(jwk)
  if (weakness !== undefined) return new KeyRefusal('weak', weakness)

  return importAs(names, jwk)
}

/** Members of private RSA, EC and OKP keys, and `k` of symmetric ones (RFC 7518 section 6). */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

function mayVerify(jwk: JsonObject): boolean {
  const { use, key_ops: operations } = jwk
  if (use !== undefined && use !== 'sig') return false

  return operations === undefined || (isList(operations) && operations.includes('verify'))
}

/** In the words of `Algorithm.keyType`. */
function keyType({ kty, crv }: JsonObject): string {
  if (kty === 'RSA') return kty

  return typeof kty === 'string' && typeof crv === 'string' ? `${kty} ${crv}` : ''
}

function importAs(names: readonly string[], jwk: JsonObject): VerificationKey | KeyRefusal {
  try {
    // Node wants its own type; what stands in it was judged above, and a point that is not on its curve throws here.
    const key = createPublicKey({ key: pick(jwk), format: 'jwk' })
    const checks = new Map<string, SignatureCheck>()
    for (const name of names) {
      const algorithm = algorithms.get(name)
      if (algorithm !== undefined) checks.set(name, signatureCheck(algorithm, key))
    }
    return { kid: typeof jwk['kid'] === 'string' ? jwk['kid'] : undefined, checks }
  } catch {
    return new KeyRefusal('weak', 'a public key that cannot be imported: not on its curve, or malformed')
  }
}

// Only what the key is made of, so that nothing else in the document reaches the importer.
function pick(jwk: JsonObject): Record<string, Json> {
  const members: Record<string, Json> = {}
  for (const name of ['kty', 'crv', 'n', 'e', 'x', 'y']) {
    const value = jwk[name]
    if (value !== undefined) members[name] = value
  }
  return members
}

function weaknessOf(jwk: JsonObject): string | undefined {
  if (jwk['kty'] === 'RSA') {
    const n = bytesOf(jwk['n'])
    const e = bytesOf(jwk['e'])
    return n === undefined || e === undefined ? 'an RSA key without n or e' : rsaWeakness(n, e)
  }
  const x = bytesOf(jwk['x'])
  if (x === undefined) return 'a key without x'
  if (jwk['kty'] === 'OKP') return isLowOrder(x) ? 'an Ed25519 point of low order' : undefined

  // RFC 7518 section 6.2.1.2: coordinates have the full length of the field.
  const bytes = COORDINATE_BYTES.get(jwk['crv'])
  return x.length === bytes && bytesOf(jwk['y'])?.length === bytes
    ? undefined
    : 'an EC coordinate of wrong length'
}

const COORDINATE_BYTES: ReadonlyMap<Json | undefined, number> = new Map([
  ['P-256', 32],
  ['P-384', 48],
  ['P-521', 66],
])

function bytesOf(value: Json | undefined): Buffer | undefined {
  return typeof value === 'string' && isBase64url(value) ? Buffer.from(value, 'base64url') : undefined
}

/** Under a point of order 1, 2, 4 or 8 one signature holds for many messages (RFC 8032 leaves the check to us). */
function isLowOrder(x: Buffer): boolean {
  const unsigned = Buffer.from(x)
  unsigned[31] = (unsigned[31] ?? 0) & 0x7f // the last bit is the sign of the other coordinate
  return LOW_ORDER.has(unsigned.toString('hex'))
}

/** The y coordinates of the eight points, little-endian, with the two that are not reduced modulo 2^255 - 19. */
const LOW_ORDER: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
])
