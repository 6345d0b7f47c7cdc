import { Buffer } from 'node:buffer'
import type { Json, JsonObject } from '../core/json.ts'
import { JsonFault, readJson } from '../json/read.ts'
import { Denial } from '../problem/problems.ts'
import { hasCanonicalEnd } from './base64url.ts'
import { TOKEN_CHARS_MAX } from './credential.ts'
import { isObject } from './shape.ts'

/** A token taken apart. Nothing in it is true yet: the signature has not been checked. */
export interface UnverifiedToken {
  readonly header: TokenHeader
  readonly claims: JsonObject
  /** What the signature covers: header and claims as sent, with the dot between them (RFC 7515 section 5.2). */
  readonly signed: string
  readonly signature: Uint8Array
}

/** The members of the JOSE header that this gateway acts on. */
export interface TokenHeader {
  readonly alg: string
  /** Lower case, `application/` removed (RFC 7515 section 4.1.9); undefined when absent. */
  readonly typ: string | undefined
  readonly kid: string | undefined
}

/**
 * The strict gate before any cryptography: takes a token apart if it is a compact JWS whose every byte can be read in only
 * one way, or refuses it. Costs a few microseconds and memory in proportion to the token; never throws.
 *
 * JSON Web Encryption (five parts), unsecured tokens with an empty signature and the JSON serializations are no compact JWS.
 *
 * @param token Any string.
 */
export function readToken(token: string): UnverifiedToken | Denial {
  if (token.length > TOKEN_CHARS_MAX) return TOO_LONG
  if (!THREE_PARTS.test(token)) return NOT_COMPACT
  const headerEnd = token.indexOf('.')
  const claimsEnd = token.lastIndexOf('.')
  const parts = [token.slice(0, headerEnd), token.slice(headerEnd + 1, claimsEnd), token.slice(claimsEnd + 1)]
  if (!parts.every(hasCanonicalEnd)) return NOT_CANONICAL

  const [headerText = '', claimsText = '', signatureText = ''] = parts
  const header = readHeader(headerText)
  if (header instanceof Denial) return header
  const claims = readObject(claimsText)
  if (claims === undefined) return CLAIMS_UNREADABLE

  return { header, claims, signed: token.slice(0, claimsEnd), signature: decode(signatureText) }
}

const THREE_PARTS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/

/**
 * Members that would let the token choose how it is checked: an attacker's own key (`jwk`, `jku`, `x5c`, `x5u`), another
 * reading of the payload (`b64`, `zip`, `enc`), or rules we do not know (`crit`; RFC 7515 section 4.1.11: what is not
 * understood is refused). `crit` is refused even when it names something we know, for nothing we accept needs it.
 */
const FORBIDDEN = ['crit', 'b64', 'zip', 'enc', 'jwk', 'jku', 'x5c', 'x5u'] as const

function readHeader(text: string): TokenHeader | Denial {
  const members = readObject(text)
  if (members === undefined) return HEADER_UNREADABLE
  for (const name of FORBIDDEN) {
    if (name in members) return new Denial('token-invalid', `the header has the member ${name}`)
  }

  const { alg, typ, kid } = members
  if (typeof alg !== 'string') return ALG_MISSING
  if (kid !== undefined && !isShortText(kid)) return KID_UNREADABLE
  if (typ !== undefined && !isShortText(typ)) return TYP_UNREADABLE
  return { alg, kid, typ: typ === undefined ? undefined : plainType(typ) }
}

/** Media types are case-insensitive, and `application/` may be left out when no other `/` follows (RFC 7515, 4.1.9). */
function plainType(typ: string): string {
  const lower = typ.toLowerCase()
  return lower.startsWith(APPLICATION) ? lower.slice(APPLICATION.length) : lower
}

const APPLICATION = 'application/'

function isShortText(value: Json): value is string {
  return typeof value === 'string' && value.length <= 255
}

function readObject(text: string): JsonObject | undefined {
  const json = readJson(decode(text), { depthMax: DEPTH_MAX })
  if (json instanceof JsonFault) return undefined

  return isObject(json) ? json : undefined
}

/** Identity providers nest claims three deep; sixteen leaves room. */
const DEPTH_MAX = 16

function decode(text: string): Buffer {
  return Buffer.from(text, 'base64url')
}

const TOO_LONG = new Denial('token-invalid', `the token is longer than ${TOKEN_CHARS_MAX} characters`)
const NOT_COMPACT = new Denial('token-invalid', 'not a compact JWS: three parts of base64url, none empty')
const NOT_CANONICAL = new Denial('token-invalid', 'base64url that is not in its canonical form')
const HEADER_UNREADABLE = new Denial('token-invalid', 'the header is not strict JSON of one object')
const CLAIMS_UNREADABLE = new Denial('token-invalid', 'the claims are not strict JSON of one object')
const ALG_MISSING = new Denial('token-invalid', 'the header has no alg, or one that is not a string')
const KID_UNREADABLE = new Denial('token-invalid', 'kid is not a string of at most 255 characters')
const TYP_UNREADABLE = new Denial('token-invalid', 'typ is not a string of at most 255 characters')
