import { Denial } from '../problem/problems.ts'

/** Longest token looked at, in characters (all ASCII, so bytes): 8 KiB. Longer ones are refused unread. */
export const TOKEN_CHARS_MAX = 8_192

/**
 * Takes the bearer token out of a request's Authorization header values, all of them, in any order.
 *
 * This is the only carrier: tokens in the query, a cookie or the body never come here (RFC 9700 section 4.3.2; they would
 * stand in logs and referrers). Two values are refused even when they are equal: a proxy or agent that takes the other one
 * would see another caller. Between scheme and token stands exactly one space; RFC 6750 section 2.1 allows more, no client
 * sends it, and what a lenient reader does with it is anybody's guess.
 *
 * @returns The token, alphabet checked (`b64token`), at most 8,192 characters; or token-missing, token-invalid.
 */
export function readCredential(values: readonly string[]): string | Denial {
  const [value] = values
  if (value === undefined) return MISSING
  if (values.length > 1) return SEVERAL
  if (value.length > SCHEME_CHARS + TOKEN_CHARS_MAX) return TOO_LONG
  if (!BEARER.test(value)) return MALFORMED

  return value.slice(SCHEME_CHARS)
}

// Scheme names are case-insensitive (RFC 9110 section 11.1).
const BEARER = /^bearer [A-Za-z0-9._~+/-]+=*$/i
const SCHEME_CHARS = 'Bearer '.length

const MISSING = new Denial('token-missing', 'no Authorization header')
const SEVERAL = new Denial('token-invalid', 'more than one Authorization header')
const TOO_LONG = new Denial('token-invalid', `the token is longer than ${TOKEN_CHARS_MAX} characters`)
const MALFORMED = new Denial(
  'token-invalid',
  'the Authorization header is not "Bearer", one space and a token',
)
