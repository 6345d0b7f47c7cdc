import { readCredential } from '../../src/identity/credential.ts'
import { readToken } from '../../src/identity/gate.ts'
import { Denial } from '../../src/problem/problems.ts'
import { seeded } from './seeded.ts'

/** Pieces that a forger would splice into a token, raw and inside its parts. */
const PIECES = [
  ...'.=+/-_~ \t\r\n\u0000AQgwBRhx09\u00e4\u212a'.split(''),
  '..',
  'e30',
  '\ufeff',
  '{}',
  '"alg":"none",',
  '"crit":["exp"],',
  '"b64":false,',
  '"jwk":{},',
  '"zip":"DEF",',
  '"sub":"root",',
  '\\u0061',
  '\\ud800',
  '1e400',
  '-0',
  'null',
  ',',
  ':',
  '[',
  ']',
  '{"a":'.repeat(20),
]

const HEADER = '{"alg":"ES256","typ":"at+jwt","kid":"k1"}'
const CLAIMS = '{"iss":"https://idp","aud":"a","sub":"alice","exp":1767225900,"roles":["r"]}'

/**
 * Whatever stands where a token should: nothing throws, and what the gate takes has one spelling and one reading. Its three
 * parts, encoded again from their bytes, are the token itself, and its header and claims mean the same to another reader of
 * JSON. No signature is checked here, so that a million cases take seconds: a token that differs in one byte from a signed
 * one either is refused by the gate or has other signed bytes or another signature.
 */
export const tokenGate = {
  name: 'token-gate',
  run(cases: number, seed: number): void {
    const random = seeded(seed)
    for (let i = 0; i < cases; i += 1) check(makeToken(random))
  },
}

type Random = (below: number) => number

function makeToken(random: Random): string {
  const header = random(2) === 0 ? HEADER : spoil(HEADER, random)
  const claims = random(2) === 0 ? CLAIMS : spoil(CLAIMS, random)
  const token = [header, claims, 'signature'].map((part) => Buffer.from(part).toString('base64url')).join('.')
  return random(3) === 0 ? spoil(token, random) : token
}

/** Puts a piece into a text, in place of some of its characters; or swaps, cuts or doubles a stretch. */
function spoil(text: string, random: Random): string {
  const start = random(text.length + 1)
  const end = Math.min(text.length, start + random(4))
  const before = text.slice(0, start)
  const stretch = text.slice(start, end)
  switch (random(5)) {
    case 0:
      return before + stretch + stretch + text.slice(end)
    case 1:
      return before + stretch.toUpperCase() + text.slice(end)
    case 2:
      return before + text.slice(end)
    case 3:
      return before + String.fromCharCode(random(256)) + text.slice(end)
    default:
      return before + (PIECES[random(PIECES.length)] ?? '') + text.slice(end)
  }
}

function check(token: string): void {
  const credential = readCredential([`Bearer ${token}`])
  const parsed = readToken(token)
  if (parsed instanceof Denial) return
  if (credential !== token) fail(token, 'passes the gate but not the header')

  const parts = token.split('.').map((part) => Buffer.from(part, 'base64url'))
  if (parts.map((part) => part.toString('base64url')).join('.') !== token) fail(token, 'has another spelling')
  if (`${parsed.signed}.${Buffer.from(parsed.signature).toString('base64url')}` !== token)
    fail(token, 'lost a byte')
  const [header, claims] = parts.map((part) => part.toString())
  const named = JSON.parse(header ?? '') as Record<string, unknown>
  if (named['alg'] !== parsed.header.alg || named['kid'] !== parsed.header.kid)
    fail(token, 'reads as two headers')
  if (MUST_NOT.some((name) => name in named)) fail(token, 'has a member that chooses how it is checked')
  if (JSON.stringify(JSON.parse(claims ?? '')) !== JSON.stringify(parsed.claims))
    fail(token, 'reads as two claims')
}

const MUST_NOT = ['crit', 'b64', 'zip', 'enc', 'jwk', 'jku', 'x5u', 'x5c']

function fail(token: string, what: string): never {
  throw new Error(`${JSON.stringify(token)} ${what}`)
}
