import { createPrivateKey, type KeyObject, type webcrypto } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { JsonObject } from '../../core/json.ts'
import { demoFolder, readState } from '../../demo/state.ts'
import { mintToken } from '../../identity/mint.ts'
import type { Command, Given, Terminal } from '../base/command.ts'
import { Failure } from '../base/failure.ts'

/** `sallyport token mint`. */
export const mint: Command = {
  usage: '(--demo | --key FILE --issuer URL --audience TEXT) [OPTIONS] [--json]',
  text: [
    'For development only: whoever holds the key of an issuer can be anybody. Refused with NODE_ENV=production.',
  ],
  options: {
    demo: { type: 'boolean', help: 'key, issuer and audience of the running demo' },
    key: { type: 'string', value: 'FILE', help: 'private key: a JWK with a kid' },
    issuer: { type: 'string', value: 'URL', help: '`iss`' },
    audience: { type: 'string', value: 'TEXT', help: '`aud`' },
    subject: { type: 'string', value: 'TEXT', help: '`sub`; default developer' },
    role: { type: 'string', multiple: true, value: 'NAME', help: 'one of `roles`; may be given again' },
    scope: { type: 'string', multiple: true, value: 'NAME', help: 'one of `scope`; may be given again' },
    minutes: { type: 'string', value: 'NUMBER', help: 'how long it is valid, 1 to 1440; default 60' },
  },
  positionalsMax: 0,
  examples: [
    ['token mint --demo --role reader', 'a token for the demo'],
    [
      'token mint --key issuer.jwk --issuer https://idp.test --audience https://localhost:8443',
      'a token of your own issuer',
    ],
  ],
  async run(given, terminal) {
    if (terminal.env['NODE_ENV'] === 'production')
      throw new Failure(
        'tokens are not minted with NODE_ENV=production',
        'get tokens from your identity provider',
      )
    const { key, kid, issuer, audience } = sourceOf(given, terminal)
    const issuedS = Math.floor(terminal.nowMs() / 1_000)
    const expiresS = issuedS + minutesOf(given) * 60
    const scopes = given.texts('scope')
    const claims: JsonObject = {
      iss: issuer,
      aud: audience,
      sub: given.text('subject') ?? 'developer',
      roles: given.texts('role'),
      ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
      iat: issuedS,
      exp: expiresS,
      jti: crypto.randomUUID(),
    }
    const token = await mintToken({ key, kid, alg: algorithmOf(key), claims })
    terminal.out(given.json ? `${JSON.stringify({ token, claims })}\n` : `${token}\n`)
    return 0
  },
}

interface MintingSource {
  readonly key: KeyObject
  readonly kid: string
  readonly issuer: string
  readonly audience: string
}

function sourceOf(given: Given, terminal: Terminal): MintingSource {
  const state = given.flag('demo') ? readState(demoFolder({ ...terminal.env })) : undefined
  if (given.flag('demo') && state === undefined)
    throw new Failure('no demo is running', 'start it in another terminal: sallyport demo')

  const file = given.text('key') ?? state?.keyFile
  const issuer = given.text('issuer') ?? state?.issuer
  const audience = given.text('audience') ?? state?.audience
  if (file === undefined || issuer === undefined || audience === undefined)
    throw new Failure('--key, --issuer and --audience belong together', 'give all three, or --demo')
  return { ...readKey(file), issuer, audience }
}

function readKey(file: string): { key: KeyObject; kid: string } {
  const text = readFileSync(file, 'utf8')
  try {
    // What is no private JWK makes createPrivateKey throw.
    const jwk = JSON.parse(text) as webcrypto.JsonWebKey & { readonly kid?: unknown }
    if (typeof jwk.kid !== 'string') throw new Error('without a kid')
    return { key: createPrivateKey({ key: jwk, format: 'jwk' }), kid: jwk.kid }
  } catch {
    throw new Failure(`${file} holds no private JWK with a kid`, 'name the key file of a development issuer')
  }
}

function algorithmOf(key: KeyObject): string {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  if (type === 'rsa') return 'RS256'
  if (type === 'ed25519') return 'EdDSA'
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return 'ES256'
  throw new Failure('no token can be signed with this kind of key', 'make a key of P-256, Ed25519 or RSA')
}

function minutesOf(given: Given): number {
  const minutes = Number(given.text('minutes') ?? '60')
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > 1_440)
    throw new Failure('--minutes is no whole number from 1 to 1440', 'write, for example, --minutes 60')
  return minutes
}
