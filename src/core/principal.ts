import type { JsonObject } from './json.ts'

/** Who asks, as a verified credential says it. Made by src/identity only; an error never yields one. */
export interface Principal {
  /** `iss` of the token: (issuer, subject) together are the identity, never one alone (ASVS 10.3.3). */
  readonly issuer: string
  /** `sub` of the token. Free of control characters. */
  readonly subject: string
  /** (issuer, subject) as one string, for maps and limits. Unambiguous: neither part holds a line feed. */
  readonly key: string
  readonly roles: readonly string[]
  readonly scopes: readonly string[]
  /** `client_id` or `azp`, when the token names one. */
  readonly clientId: string | undefined
  /** `jti`, when the token has one. */
  readonly tokenId: string | undefined
  /** SHA-256 of the token, base64url: names the token in records without being one. */
  readonly tokenDigest: string
  /** When the credential ends, milliseconds since the epoch. */
  readonly expiresMs: number
  /** All verified claims. */
  readonly claims: JsonObject
}
