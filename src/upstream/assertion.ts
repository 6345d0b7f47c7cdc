import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import type { Principal } from '../core/principal.ts'

/** `typ` of our assertions: a verifier that demands it takes no other token of ours for one (RFC 8725 section 3.11). */
export const ASSERTION_TYPE = 'sallyport-assertion+jwt'

/** Says who the principal is to one upstream. */
export interface Assertion {
  /**
   * A compact JWS with `iss` (our public URL), `sub`, `orig_iss`, `client_id`, `roles`, `aud`, `iat`, `exp`, `jti`. The
   * identity is (`orig_iss`, `sub`) together: two issuers may both know an `alice`. Never lives longer than the credential
   * that it stands for.
   */
  of(principal: Principal): string
}

/** Makes assertions under one key, whose public half goes to `/.well-known/jwks.json`. */
export interface Assertions {
  /** JWK Set of the public half. */
  readonly jwks: { readonly keys: readonly Readonly<Record<string, string>>[] }
  /** @param lifetimeMs How long one is valid, milliseconds; each is used for half of that. */
  toward(audience: string, lifetimeMs: number): Assertion
}

/**
 * @param issuer `iss` of the assertions: the gateway's public URL.
 * @param pem Private key, P-256 or Ed25519, PKCS #8. Default: a P-256 key made now, which ends with the process.
 * @throws {Error} when the key is of another kind.
 */
export function createAssertions(issuer: string, clock: Clock, pem?: string): Assertions {
  const key =
    pem === undefined ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey : createPrivateKey(pem)
  const signer = new Signer(key)
  return {
    jwks: { keys: [signer.jwk] },
    toward: (audience, lifetimeMs) => new CachedAssertion({ issuer, audience, lifetimeMs, clock, signer }),
  }
}

interface Terms {
  readonly issuer: string
  readonly audience: string
  readonly lifetimeMs: number
  readonly clock: Clock
  readonly signer: Signer
}

/** Assertions kept at once for one upstream; the oldest makes room. */
const KEPT_MAX = 10_000

/** Signing costs some 30 us: an assertion serves for half its life. */
class CachedAssertion implements Assertion {
  readonly #terms: Terms
  // By token and not by subject: a new token of the same subject may carry other roles.
  readonly #kept = new Map<string, { readonly text: string; readonly renewMs: number }>()

  constructor(terms: Terms) {
    this.#terms = terms
  }

  of(principal: Principal): string {
    const nowMs = this.#terms.clock.wallMs()
    const kept = this.#kept.get(principal.tokenDigest)
    if (kept !== undefined && nowMs < kept.renewMs) return kept.text
    const { lifetimeMs, signer } = this.#terms
    const text = signer.sign(this.#claims(principal, nowMs))
    // Deleted first, so that the order of insertion stays the order of age.
    this.#kept.delete(principal.tokenDigest)
    const oldest = this.#kept.size >= KEPT_MAX ? this.#kept.keys().next() : undefined
    if (oldest?.done === false) this.#kept.delete(oldest.value)
    const renewMs = nowMs + Math.min(lifetimeMs, principal.expiresMs - nowMs) / 2
    this.#kept.set(principal.tokenDigest, { text, renewMs })
    return text
  }

  #claims(principal: Principal, nowMs: number): object {
    const { issuer, audience, lifetimeMs } = this.#terms
    return {
      iss: issuer,
      sub: principal.subject,
      orig_iss: principal.issuer,
      client_id: principal.clientId,
      roles: principal.roles,
      aud: audience,
      iat: Math.floor(nowMs / 1_000),
      exp: Math.floor(Math.min(nowMs + lifetimeMs, principal.expiresMs) / 1_000),
      jti: randomBytes(16).toString('base64url'),
    }
  }
}

/** Signs compact JWS synchronously with node:crypto. */
class Signer {
  readonly jwk: Readonly<Record<string, string>>
  readonly #key: KeyObject
  readonly #head: string
  readonly #digest: 'sha256' | undefined

  constructor(key: KeyObject) {
    const shape = publicShape(key)
    const alg = shape['kty'] === 'EC' ? 'ES256' : 'EdDSA'
    // RFC 7638: the thumbprint hashes the required members in lexical order.
    const kid = createHash('sha256').update(JSON.stringify(shape)).digest('base64url')
    this.jwk = { ...shape, kid, alg, use: 'sig' }
    this.#key = key
    this.#digest = alg === 'ES256' ? 'sha256' : undefined
    this.#head = encode({ alg, kid, typ: ASSERTION_TYPE })
  }

  sign(claims: object): string {
    const input = `${this.#head}.${encode(claims)}`
    const key = { key: this.#key, dsaEncoding: 'ieee-p1363' } as const
    return `${input}.${sign(this.#digest, Buffer.from(input), key).toString('base64url')}`
  }
}

function publicShape(key: KeyObject): Record<string, string> {
  const { crv = '', kty = '', x = '', y } = createPublicKey(key).export({ format: 'jwk' })
  if (crv === 'P-256' && y !== undefined) return { crv, kty, x, y }
  if (crv === 'Ed25519') return { crv, kty, x }
  throw new Error('the assertion key must be P-256 or Ed25519')
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
