import type { IssuerConfig } from '../core/config.ts'
import type { Json, JsonObject } from '../core/json.ts'
import { Denial } from '../problem/problems.ts'
import { isList, isPlainText } from './shape.ts'

/** What the issuer's configuration says about claims. */
export type ClaimRules = Pick<IssuerConfig, 'audiences' | 'leewayMs' | 'lifetimeMsMax'>

/** Claims that passed, typed. */
export interface JudgedClaims {
  readonly subject: string
  /** `exp`, in milliseconds since the epoch. */
  readonly expiresMs: number
  readonly clientId: string | undefined
  readonly tokenId: string | undefined
}

/**
 * Judges the registered claims of RFC 7519 by one issuer's rules; `iss` has chosen the issuer before.
 *
 * It runs before the signature is checked, because it costs a hundredth of that: an untrue claim can only refuse its token
 * here. What it lets pass counts for nothing until the signature is verified.
 *
 * @param nowMs Time of arrival, in milliseconds since the epoch.
 */
export function judgeClaims(claims: JsonObject, rules: ClaimRules, nowMs: number): JudgedClaims | Denial {
  // RFC 7800: the token is bound to a key. As a bearer token it would be as good for the thief as for its owner.
  if (claims['cnf'] !== undefined) return BOUND
  const misdirected = judgeAudience(claims['aud'], rules.audiences)
  if (misdirected !== undefined) return misdirected
  const expiresMs = judgeTimes(claims, rules, nowMs)
  if (expiresMs instanceof Denial) return expiresMs

  const subject = claims['sub']
  if (!isPlainText(subject)) return SUBJECT_UNUSABLE
  const clientName = CLIENT_NAMES.find((name) => name in claims)
  const clientId = clientName === undefined ? undefined : claims[clientName]
  if (clientId !== undefined && !isPlainText(clientId)) return CLIENT_UNUSABLE
  const tokenId = claims['jti']
  if (tokenId !== undefined && !isPlainText(tokenId)) return TOKEN_ID_UNUSABLE
  return { subject, expiresMs, clientId, tokenId }
}

/** RFC 9068; OpenID Connect; Entra 1.0; Okta. The first that is there counts. */
const CLIENT_NAMES = ['client_id', 'azp', 'appid', 'cid']

/** RFC 7519 section 4.1.3: a string, or a list of strings; case-sensitive. One of them must be ours, exactly. */
function judgeAudience(aud: Json | undefined, ours: readonly string[]): Denial | undefined {
  const named = isList(aud) ? aud : [aud]
  if (!named.every((one) => typeof one === 'string')) return AUDIENCE_UNREADABLE

  return named.some((one) => ours.includes(one)) ? undefined : AUDIENCE_OTHER
}

function judgeTimes(claims: JsonObject, rules: ClaimRules, nowMs: number): number | Denial {
  const { exp, nbf, iat } = claims
  if (!isTime(exp)) return EXP_UNREADABLE
  if (nbf !== undefined && !isTime(nbf)) return NBF_UNREADABLE
  if (iat !== undefined && !isTime(iat)) return IAT_UNREADABLE

  const expiresMs = exp * 1_000
  if (isExpired(expiresMs, nowMs, rules.leewayMs)) return EXPIRED
  if (nbf !== undefined && nbf * 1_000 > nowMs + rules.leewayMs) return NOT_YET
  if (iat !== undefined && iat * 1_000 > nowMs + rules.leewayMs) return FROM_THE_FUTURE
  // A token without `iat` was issued now at the latest, so what is left of its life is the least that it can have.
  const issuedMs = iat === undefined ? nowMs : iat * 1_000
  if (expiresMs - issuedMs > rules.lifetimeMsMax) return LIVES_TOO_LONG
  return expiresMs
}

/**
 * Tells whether a token may no longer be used.
 *
 * "Expired" is at or after `exp`: RFC 7519 section 4.1.4 says "on or after", so equality refuses.
 *
 * @param expiresMs `exp`, in milliseconds since the epoch.
 * @param leewayMs Clock difference forgiven, in milliseconds, 0 to 60,000.
 */
export function isExpired(expiresMs: number, nowMs: number, leewayMs: number): boolean {
  return nowMs - leewayMs >= expiresMs
}

/** NumericDate: seconds since the epoch, fractions allowed. 1e400 is Infinity to most readers and would never expire. */
function isTime(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value * 1_000)
}

const BOUND = new Denial('proof-required', 'the token has cnf')
const AUDIENCE_UNREADABLE = new Denial(
  'token-invalid',
  'aud is missing, or not a string or a list of strings',
)
const AUDIENCE_OTHER = new Denial('audience-mismatch', 'aud names none of the audiences of this gateway')
const EXP_UNREADABLE = new Denial('token-invalid', 'exp is missing, or not a finite number')
const NBF_UNREADABLE = new Denial('token-invalid', 'nbf is not a finite number')
const IAT_UNREADABLE = new Denial('token-invalid', 'iat is not a finite number')
const EXPIRED = new Denial('token-expired', 'exp is past')
const NOT_YET = new Denial('token-invalid', 'nbf is still to come')
const FROM_THE_FUTURE = new Denial('token-invalid', 'iat is still to come')
const LIVES_TOO_LONG = new Denial('token-invalid', 'the lifetime is longer than lifetime_max')
const SUBJECT_UNUSABLE = new Denial(
  'token-invalid',
  'sub is missing, empty, over 255 characters or unprintable',
)
const CLIENT_UNUSABLE = new Denial('token-invalid', 'the client is empty, over 255 characters or unprintable')
const TOKEN_ID_UNUSABLE = new Denial('token-invalid', 'jti is empty, over 255 characters or unprintable')
