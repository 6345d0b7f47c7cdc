import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import type { Principal } from '../core/principal.ts'

/** Signs who asks, for upstreams that want to check it. */
export interface Assertions {
  /** A compact JWS for `to.audience`; the same one is given again until half its life is over. */
  sign(
    principal: Principal,
    to: { readonly audience: string; readonly lifetimeMs: number },
    nowMs: number,
  ): string
  /** Public keys, as served at `/.well-known/jwks.json`. */
  readonly jwks: { readonly keys: readonly object[] }
}

interface Signed {
  readonly token: string
  readonly staleMs: number
}

/** Principals times upstreams remembered; the oldest goes first. Signing costs some 30 to 80 µs, a hit less than 1. */
const REMEMBERED_MAX = 10_000

/**
 * Makes the signer. Its key (ES256) is made now and never leaves the process: a replica has its own, and each publishes its own.
 *
 * @param issuer `iss` of the assertions: the gateway's public URL.
 */
export function createAssertions(issuer: string): Assertions {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const kid = randomUUID()
  const head = part({ alg: 'ES256', typ: 'sallyport-assertion+jwt', kid })
  const remembered = new Map<string, Signed>()
  return {
    sign(principal, to, nowMs) {
      const key = `${principal.tokenDigest}\n${to.audience}`
      const known = remembered.get(key)
      if (known !== undefined && nowMs < known.staleMs) return known.token
      const signed = `${head}.${part(claims(issuer, principal, to, nowMs))}`
      const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' })
      const token = `${signed}.${signature.toString('base64url')}`
      remembered.delete(key)
      if (remembered.size >= REMEMBERED_MAX) forgetOldest(remembered)
      remembered.set(key, { token, staleMs: nowMs + to.lifetimeMs / 2 })
      return token
    },
    jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' }] },
  }
}

function claims(
  issuer: string,
  principal: Principal,
  to: { audience: string; lifetimeMs: number },
  nowMs: number,
): object {
  const issuedS = Math.floor(nowMs / 1_000)
  return {
    iss: issuer,
    aud: to.audience,
    sub: principal.subject,
    idp: principal.issuer,
    roles: principal.roles,
    ...(principal.clientId === undefined ? {} : { client_id: principal.clientId }),
    iat: issuedS,
    // Never longer than the credential that it stands for.
    exp: Math.floor(Math.min(nowMs + to.lifetimeMs, principal.expiresMs) / 1_000),
  }
}

function part(document: object): string {
  return Buffer.from(JSON.stringify(document)).toString('base64url')
}

function forgetOldest(remembered: Map<string, Signed>): void {
  for (const key of remembered.keys()) {
    remembered.delete(key)
    return
  }
}
