import { readToken } from '../../identity/gate.ts'
import { Denial } from '../../problem/problems.ts'
import type { Command } from '../base/command.ts'
import { Failure } from '../base/failure.ts'
import { safeJson, tokenOf } from '../base/token-argument.ts'

/** `sallyport token inspect`. */
export const inspect: Command = {
  usage: '[TOKEN|-] [--json]',
  text: [
    'Decodes only: nothing is verified, and the signature is not shown, so that the output can be pasted without being a token.',
    'Without TOKEN, or with -, it is read from standard input, which keeps it out of the history of the shell.',
  ],
  options: {},
  positionalsMax: 1,
  examples: [
    ['token inspect < token.txt', 'what is in it'],
    ['token mint --demo --role reader | sallyport token inspect', 'what a minted one holds'],
  ],
  async run(given, terminal) {
    const token = await tokenOf(given, terminal)
    const { header, claims } = decode(token)
    const form = readToken(token)
    const remarks = [
      ...explain(header, claims, terminal.nowMs()),
      ...(form instanceof Denial ? [`Sallyport would refuse its form: ${form.reason}.`] : []),
    ]
    if (given.json) {
      terminal.out(`${safeJson({ header, claims, remarks })}\n`)
      return 0
    }
    terminal.out(`header ${safeJson(header)}\nclaims ${safeJson(claims)}\n`)
    for (const remark of remarks) terminal.err(`${remark.replace(/[^\x20-\x7e]/g, '?')}\n`)
    terminal.err(
      'Not verified: anybody could have written this. To judge it: sallyport token verify -c FILE\n',
    )
    return 0
  },
}

type Members = Readonly<Record<string, unknown>>

function decode(token: string): { header: Members; claims: Members } {
  const parts = token.split('.')
  if (parts.length === 5)
    throw new Failure(
      'this token is encrypted (JWE)',
      'ask the issuer for signed tokens (JWS): others are refused',
      1,
    )
  const [header, claims] = parts.slice(0, 2).map(membersOf)
  if (parts.length !== 3 || header === undefined || claims === undefined)
    throw new Failure(
      'this is no JSON Web Token',
      'give three parts with dots between; opaque tokens cannot be inspected',
      1,
    )
  return { header, claims }
}

function membersOf(part: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** What the members mean, in sentences. */
function explain(header: Members, claims: Members, nowMs: number): string[] {
  const { iss, sub, aud, exp, nbf, iat } = claims
  const audience = Array.isArray(aud) ? aud.join(', ') : aud
  return [
    `Issued by ${say(iss)} to ${say(sub)}, for ${say(audience)}.`,
    `Type ${say(header['typ'])}, signed with ${say(header['alg'])} by key ${say(header['kid'])}.`,
    ...(typeof exp === 'number'
      ? [`${exp * 1_000 <= nowMs ? 'Expired' : 'Expires'} ${when(exp, nowMs)}.`]
      : ['It never expires (no exp): refused.']),
    ...(typeof nbf === 'number' && nbf * 1_000 > nowMs ? [`Not valid yet: ${when(nbf, nowMs)}.`] : []),
    ...(typeof iat === 'number' ? [`Made ${when(iat, nowMs)}.`] : []),
    ...('cnf' in claims ? ['Bound to a key (cnf): as a bearer token it is refused.'] : []),
  ]
}

function say(value: unknown): string {
  return typeof value === 'string' && value !== ''
    ? value.slice(0, 200)
    : 'nobody knows (it is missing or no text)'
}

function when(seconds: number, nowMs: number): string {
  const at = new Date(seconds * 1_000)
  if (Number.isNaN(at.getTime())) return 'at no time that there is'

  const away = distance(Math.abs(seconds * 1_000 - nowMs))
  return `${seconds * 1_000 > nowMs ? `in ${away}` : `${away} ago`} (${at.toISOString()})`
}

function distance(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 120) return `${minutes} min`
  return minutes < 2_880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1_440)} d`
}
