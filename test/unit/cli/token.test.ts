import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cli } from '../../fixtures/cli.ts'
import { altered, configFolder, GOOD, type ConfigFolder } from '../../fixtures/config.ts'
import { craft, ecKey, NOW_MS } from '../../fixtures/identity.ts'

const ISSUED = 'https://idp.test'
const CLAIMS = ['--issuer', ISSUED, '--audience', 'https://gate.test']
let folder: ConfigFolder

beforeAll(async () => {
  folder = await configFolder()
  const jwk = { ...ecKey.privateKey.export({ format: 'jwk' }), kid: ecKey.kid }
  folder.put('issuer.jwk', JSON.stringify(jwk))
  folder.put('jwks.json', JSON.stringify({ keys: [ecKey.jwk] }))
  folder.put('sallyport.yaml', GOOD)
})
afterAll(() => folder.remove())

const at = (name: string): string => join(folder.path, name)

async function minted(...more: string[]): Promise<string> {
  return (await cli(['token', 'mint', '--key', at('issuer.jwk'), ...CLAIMS, ...more])).out.trim()
}

describe('token mint', () => {
  it('signs a token that the gateway would accept, and writes nothing else', async () => {
    const made = await cli([
      'token',
      'mint',
      '--key',
      at('issuer.jwk'),
      ...CLAIMS,
      '--role',
      'reader',
      '--scope',
      'a',
      '--scope',
      'b',
    ])
    const verdict = await cli(`token verify -c ${folder.file} --json`, { input: made.out })

    expect([made.code, made.err]).toEqual([0, ''])
    expect(made.out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
    expect(verdict.code).toBe(0)
    expect(JSON.parse(verdict.out)).toMatchObject({
      ok: true,
      issuer: ISSUED,
      subject: 'developer',
      roles: ['reader'],
      scopes: ['a', 'b'],
    })
  })

  it('lets it live for the minutes that were asked for', async () => {
    const { out } = await cli(
      ['token', 'mint', '--json', '--key', at('issuer.jwk'), ...CLAIMS, '--subject', 'me', '--minutes', '5'],
      { nowMs: NOW_MS },
    )

    expect(JSON.parse(out)).toMatchObject({
      token: expect.any(String),
      claims: { sub: 'me', iat: NOW_MS / 1_000, exp: NOW_MS / 1_000 + 300, roles: [] },
    })
  })

  it.each([
    ['ed25519', 'EdDSA', () => generateKeyPairSync('ed25519').privateKey],
    ['rsa', 'RS256', () => generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey],
  ])('signs with a key of type %s', async (type, alg, make) => {
    folder.put(`${type}.jwk`, JSON.stringify({ ...make().export({ format: 'jwk' }), kid: 'k' }))

    const { out } = await cli(['token', 'mint', '--key', at(`${type}.jwk`), ...CLAIMS])

    expect(JSON.parse(Buffer.from(out.split('.')[0] ?? '', 'base64url').toString())).toMatchObject({
      alg,
      kid: 'k',
    })
  })

  it('refuses to where NODE_ENV is production', async () => {
    const { code, out, err } = await cli(['token', 'mint', '--key', at('issuer.jwk'), ...CLAIMS], {
      env: { NODE_ENV: 'production' },
    })

    expect([code, out]).toEqual([2, ''])
    expect(err).toContain('fix: get tokens from your identity provider')
  })

  it.each([
    ['without a key', CLAIMS, /belong together/],
    ['with a key that is a public one', ['--key', 'public.jwk', ...CLAIMS], /no private JWK/],
    ['with a key without kid', ['--key', 'nameless.jwk', ...CLAIMS], /no private JWK with a kid/],
    ['with a key of P-384', ['--key', 'p384.jwk', ...CLAIMS], /kind of key/],
    ['with a key that is not there', ['--key', 'gone.jwk', ...CLAIMS], /no such file/],
    ['for half a minute', ['--key', 'issuer.jwk', ...CLAIMS, '--minutes', '0.5'], /whole number/],
    ['for ever', ['--key', 'issuer.jwk', ...CLAIMS, '--minutes', '9999999'], /1 to 1440/],
    ['for a demo that does not run', ['--demo'], /no demo is running/],
  ])('refuses to %s', async (_, given, message) => {
    const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ format: 'jwk' })
    folder.put('p384.jwk', JSON.stringify({ ...p384, kid: 'k' }))
    folder.put('public.jwk', JSON.stringify(ecKey.jwk))
    folder.put('nameless.jwk', JSON.stringify(ecKey.privateKey.export({ format: 'jwk' })))
    const argv = given.map((word) => (word.endsWith('.jwk') ? at(word) : word))

    const { code, out, err } = await cli(['token', 'mint', ...argv], {
      env: { SALLYPORT_DEMO_DIR: at('no-demo') },
    })

    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(message)
    expect(err).toContain('fix: ')
  })
})

describe('token inspect', () => {
  it('shows header and claims, says what they mean, and keeps the signature to itself', async () => {
    const token = craft({ key: ecKey })

    const { code, out, err } = await cli(['token', 'inspect', token], { nowMs: NOW_MS })

    expect(code).toBe(0)
    expect(out).toContain('"alg": "ES256"')
    expect(out).toContain('"sub": "alice"')
    expect(err).toContain('Issued by https://idp.test to alice, for https://agents.test.')
    expect(err).toContain('Expires in 5 min (2026-01-01T00:05:00.000Z).')
    expect(err).toContain('Not verified: anybody could have written this.')
    expect(out + err).not.toContain(token.split('.')[2])
  })

  it.each([
    ['that has expired', { exp: NOW_MS / 1_000 - 120 }, /Expired 2 min ago/],
    ['that has long expired', { exp: NOW_MS / 1_000 - 36_000 }, /Expired 10 h ago/],
    ['of another year', { iat: NOW_MS / 1_000 - 31_536_000 }, /Made 365 d ago/],
    ['that never expires', { exp: undefined }, /never expires/],
    ['for later', { nbf: NOW_MS / 1_000 + 120 }, /Not valid yet: in 2 min/],
    ['bound to a key', { cnf: { jkt: 'x' } }, /Bound to a key/],
    ['of nobody', { sub: undefined }, /to nobody knows/],
    ['for several', { aud: ['a', 'b'] }, /for a, b\./],
    ['from beyond time', { exp: 1e300 }, /no time that there is/],
  ])('explains a token %s', async (_, claims, sentence) => {
    const { err } = await cli(['token', 'inspect', craft({ claims })], { nowMs: NOW_MS })

    expect(err).toMatch(sentence)
  })

  it('says what of its form the gateway would refuse', async () => {
    const { err } = await cli(['token', 'inspect', craft({ header: { crit: ['exp'] } })])

    expect(err).toMatch(/Sallyport would refuse its form: \S/)
  })

  it('reads standard input, and takes off what comes with pasting', async () => {
    const pasted = await cli('token inspect -', { input: `Authorization: Bearer ${craft()}\n` })

    expect(pasted.code).toBe(0)
  })

  it('gives JSON on standard output and nothing beside it', async () => {
    const { out, err } = await cli(['token', 'inspect', '--json', craft()], { nowMs: NOW_MS })

    expect(JSON.parse(out)).toMatchObject({
      header: { alg: 'RS256' },
      claims: { sub: 'alice' },
      remarks: expect.any(Array),
    })
    expect(err).toBe('')
  })

  it('does not let claims steer the terminal or reorder its text', async () => {
    const { out, err } = await cli([
      'token',
      'inspect',
      craft({ claims: { sub: '\x1b[2J\u202Eevil\u009b' } }),
    ])

    expect(out + err).toMatch(/^[\x20-\x7e\n]*$/)
    expect(out).toContain('\\u001b[2J\\u202eevil\\u009b')
  })

  it.each([
    ['an opaque token', 'abc', /no JSON Web Token/],
    ['two parts', 'e30.e30', /no JSON Web Token/],
    ['parts that are no JSON', 'a.b.c', /no JSON Web Token/],
    ['lists for objects', 'W10.W10.x', /no JSON Web Token/],
    ['an encrypted token', 'a.b.c.d.e', /encrypted \(JWE\)/],
  ])('refuses %s', async (_, token, message) => {
    const { code, out, err } = await cli(['token', 'inspect', token])

    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(message)
  })

  it('asks for a token when there is none', async () => {
    const { code, err } = await cli('token inspect', { input: ' \n' })

    expect(code).toBe(2)
    expect(err).toContain('no token was given')
  })
})

describe('token verify', () => {
  const verify = (token: string, more: readonly string[] = []) =>
    cli(['token', 'verify', '-c', folder.file, token, ...more])

  it('says who a token proves', async () => {
    const { code, out, err } = await verify(await minted('--role', 'reader'))

    expect([code, err]).toEqual([0, ''])
    expect(JSON.parse(out)).toMatchObject({ issuer: ISSUED, subject: 'developer', roles: ['reader'] })
  })

  it('refuses a token for another audience, and says how to mend it', async () => {
    const token = await minted('--audience', 'https://elsewhere.test')

    const { code, out, err } = await verify(token)

    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/audience-mismatch: .*\n {2}fix: ask the issuer/)
  })

  it('refuses a forged token', async () => {
    const token = await minted()

    const { code, err } = await verify(`${token.slice(0, -10)}AAAAAAAAAA`)

    expect(code).toBe(1)
    expect(err).toContain('token-invalid')
  })

  it('refuses an expired token', async () => {
    const old = await cli(['token', 'mint', '--key', at('issuer.jwk'), ...CLAIMS], {
      nowMs: Date.now() - 7_200_000,
    })

    const { code, err } = await verify(old.out.trim())

    expect(code).toBe(1)
    expect(err).toMatch(/token-expired: .*\n {2}fix: get a new token/)
  })

  it('says that keys are missing when they cannot be had', async () => {
    const text = altered('    jwks: "file:./jwks.json"', '    jwks: http://127.0.0.1:1/jwks')
    folder.put('unreachable.yaml', text)

    const { code, err } = await cli(['token', 'verify', '-c', at('unreachable.yaml'), await minted()])

    expect(code).toBe(1)
    expect(err).toMatch(/identity-unavailable: .*\n {2}fix: see that the key set/)
  })

  it('refuses by JSON too', async () => {
    const { code, out } = await verify(craft(), ['--json'])

    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      errors: [{ message: expect.stringContaining('audience-mismatch') }],
    })
  })
})
