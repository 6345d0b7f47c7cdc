import { createHmac } from 'node:crypto'
import { compactVerify } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  AUDIENCE,
  ISSUER,
  NOW_MS,
  NOW_S,
  base64url,
  claims,
  craft,
  outcomeOf,
  ecKey,
  rsaKey,
  signParts,
  stand,
  testKey,
  type Craft,
  type Stand,
} from '../fixtures/identity.ts'

let gate: Stand

beforeAll(async () => {
  gate = await stand({ algorithms: ['RS256', 'PS256', 'ES256'] })
})

function outcome(token: string, { authenticator }: Stand = gate): Promise<string> {
  return outcomeOf(authenticator, token)
}

function crafted(craftOf: Craft): Promise<string> {
  return outcome(craft(craftOf))
}

const headerText = base64url(JSON.stringify({ alg: 'RS256', typ: 'at+jwt', kid: rsaKey.kid }))
const claimsText = base64url(JSON.stringify(claims))

/** A token whose HMAC is keyed with something public: passes where the key's type is taken from the token. */
function hmacToken(alg: string, secret: string | Buffer): string {
  const header = base64url(JSON.stringify({ alg, typ: 'at+jwt', kid: rsaKey.kid }))
  const signed = `${header}.${claimsText}`
  return `${signed}.${createHmac(`sha${alg.slice(2)}`, secret)
    .update(signed)
    .digest('base64url')}`
}

describe('R20: algorithms', () => {
  it.each([
    ['RS256', rsaKey],
    ['ES256', ecKey],
  ])('R20: passes a good %s token (innocent)', async (_alg, key) => {
    expect(await crafted({ key })).toBe('alice')
  })

  it.each(['none', 'None', 'NONE', 'nOnE', ''])(
    'R20: refuses alg "%s", with and without signature',
    async (alg) => {
      const header = base64url(JSON.stringify({ alg, typ: 'at+jwt', kid: rsaKey.kid }))

      expect(await outcome(`${header}.${claimsText}.`)).toBe('token-invalid')
      expect(await outcome(signParts(header, claimsText, rsaKey))).toBe('token-invalid')
    },
  )

  const pem = rsaKey.publicKey.export({ format: 'pem', type: 'spki' })
  it.each([
    ['the PEM of the public key', pem],
    ['the PEM behind white space', `\n ${pem}`],
    ['the PEM without its last line feed', pem.trim()],
    ['the PEM in PKCS #1', rsaKey.publicKey.export({ format: 'pem', type: 'pkcs1' })],
    ['the DER of the public key', rsaKey.publicKey.export({ format: 'der', type: 'spki' })],
    ['the modulus', Buffer.from(rsaKey.jwk['n'] ?? '', 'base64url')],
    ['the JWK', JSON.stringify(rsaKey.jwk)],
    ['nothing', ''],
  ])('R20: refuses HS256, HS384, HS512 keyed with %s', async (_what, secret) => {
    for (const alg of ['HS256', 'HS384', 'HS512'])
      expect(await outcome(hmacToken(alg, secret))).toBe('token-invalid')
  })

  it('R20: refuses an HMAC that calls itself RS256', async () => {
    const signed = `${headerText}.${claimsText}`
    const mac = createHmac('sha256', pem).update(signed).digest('base64url')

    expect(await outcome(`${signed}.${mac}`)).toBe('token-invalid')
  })

  it.each(['RS384', 'RS512', 'ES384', 'EdDSA', 'rs256', 'ES256K', 'RSA-OAEP', 'dir'])(
    'R20: refuses alg %s, which this issuer does not use',
    async (alg) => {
      expect(await crafted({ header: { alg } })).toBe('token-invalid')
    },
  )

  it('R20: binds a key to its algorithm: RS256 key under PS256, EC key under RS256', async () => {
    expect(await crafted({ key: { ...rsaKey, alg: 'PS256' } })).toBe('token-invalid')
    expect(await crafted({ key: rsaKey, header: { kid: ecKey.kid } })).toBe('token-invalid')
    expect(await crafted({ key: ecKey, header: { kid: rsaKey.kid } })).toBe('token-invalid')
  })

  it.each([
    ['crit of something known', { crit: ['exp'], exp: NOW_S }],
    ['crit of something unknown', { crit: ['x'], x: 1 }],
    ['an empty crit', { crit: [] }],
    ['b64 false', { b64: false, crit: ['b64'] }],
    ['b64 true', { b64: true }],
    ['zip', { zip: 'DEF' }],
    ['enc', { enc: 'A256GCM' }],
    ['an embedded jwk', { jwk: rsaKey.jwk }],
    ['jku', { jku: 'https://evil.test/jwks' }],
    ['x5u', { x5u: 'https://evil.test/chain' }],
    ['x5c', { x5c: ['MIIB'] }],
  ])('R20: refuses %s, rightly signed as it is', async (_what, header) => {
    expect(await crafted({ header })).toBe('token-invalid')
  })

  it("R20: never uses an attacker's key that the token brings along", async () => {
    const own = testKey('RS256', rsaKey.kid)

    expect(await crafted({ key: own })).toBe('token-invalid')
    expect(await crafted({ key: own, header: { jwk: own.jwk } })).toBe('token-invalid')
    expect(gate.network.count).toBe(1)
  })

  it('R20: refuses JWE, five parts', async () => {
    const header = base64url('{"alg":"RSA-OAEP-256","enc":"A256GCM"}')

    expect(await outcome(`${header}.AAAA.AAAA.AAAA.AAAA`)).toBe('token-invalid')
  })

  it('R20: passes header members that choose nothing (innocent)', async () => {
    expect(await crafted({ header: { x5t: 'abc', 'x5t#S256': 'abc', cty: 'json' } })).toBe('alice')
  })

  it.each([rsaKey, ecKey])(
    'R20: agrees with jose on good signatures and on none of the forged: $alg',
    async (key) => {
      const good = craft({ key })
      const [header = '', payload = '', signature = ''] = good.split('.')
      const tokens = [
        good,
        `${header}.${base64url(JSON.stringify({ ...claims, sub: 'mallory' }))}.${signature}`,
        `${header}.${payload}.${base64url(Buffer.alloc(Buffer.from(signature, 'base64url').length))}`,
        `${header}.${payload}.${base64url(Buffer.from(signature, 'base64url').reverse())}`,
        `${header}.${payload}.${signature.slice(0, -4)}`,
      ]

      for (const token of tokens) {
        const theirs = await compactVerify(token, key.publicKey).then(
          () => 'alice',
          () => 'token-invalid',
        )
        expect(await outcome(token)).toBe(theirs)
      }
    },
  )
})

describe('R21: strict base64url', () => {
  it.each([
    ['padding', (part: string) => `${part}=`],
    ['a space behind', (part: string) => `${part} `],
    ['a space before', (part: string) => ` ${part}`],
    ['a space within', (part: string) => `${part.slice(0, 4)} ${part.slice(4)}`],
    ['a line feed', (part: string) => `${part}\n`],
    ['CR LF', (part: string) => `${part}\r\n`],
    ['a tab', (part: string) => `${part}\t`],
    ['the alphabet of base64', (part: string) => `${part.slice(0, -4)}+/+/`],
    ['a letter beyond ASCII', (part: string) => `${part.slice(0, -4)}ÀÀÀÀ`],
    ['NUL', (part: string) => `${part}\u0000`],
    ['one character too many', (part: string) => `${part}${'A'.repeat(4 - (part.length % 4) + 1)}`],
  ])('R21: refuses %s in every part', async (_what, spoil) => {
    for (const index of [0, 1, 2]) {
      const parts = craft().split('.')
      parts[index] = spoil(parts[index] ?? '')

      expect(await outcome(parts.join('.'))).toBe('token-invalid')
    }
  })

  it('R21: refuses the twin of a signature, same bytes and another last character', async () => {
    const token = craft()
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const twin = token.slice(0, -1) + alphabet[alphabet.indexOf(token.at(-1) ?? '') + 1]
    const bytes = (text: string): Buffer => Buffer.from(text.split('.')[2] ?? '', 'base64url')
    expect(bytes(twin)).toEqual(bytes(token))

    expect(await outcome(token)).toBe('alice')
    expect(await outcome(twin)).toBe('token-invalid')
  })

  it('R21: refuses claims signed in a spelling that is not canonical', async () => {
    const texts = ['', 'x', 'xx'].map((pad) => JSON.stringify({ ...claims, pad }))
    const odd = base64url(texts.find(({ length }) => length % 3 === 1) ?? '')
    const twin = odd.replace(/Q$/, 'R')
    expect(Buffer.from(twin, 'base64url')).toEqual(Buffer.from(odd, 'base64url'))
    expect(twin).not.toBe(odd)

    expect(await outcome(signParts(headerText, odd, rsaKey))).toBe('alice')
    expect(await outcome(signParts(headerText, twin, rsaKey))).toBe('token-invalid')
  })
})

describe('R22: claims', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['iss with a slash more', { iss: `${ISSUER}/` }, 'token-invalid'],
    ['iss in upper case', { iss: ISSUER.toUpperCase() }, 'token-invalid'],
    ['iss in a list', { iss: [ISSUER] }, 'token-invalid'],
    ['no iss', { iss: undefined }, 'token-invalid'],
    ['aud of another', { aud: 'https://other.test' }, 'audience-mismatch'],
    ['aud that begins like ours', { aud: `${AUDIENCE}.evil.test` }, 'audience-mismatch'],
    ['aud in an empty list', { aud: [] }, 'audience-mismatch'],
    ['no aud', { aud: undefined }, 'token-invalid'],
    ['aud as a number', { aud: 1 }, 'token-invalid'],
    ['aud as an object', { aud: { 0: AUDIENCE } }, 'token-invalid'],
    ['aud in a list with null', { aud: [AUDIENCE, null] }, 'token-invalid'],
    ['aud among others (innocent)', { aud: ['x', AUDIENCE] }, 'alice'],
    ['no exp', { exp: undefined }, 'token-invalid'],
    ['exp as a text', { exp: `${NOW_S + 300}` }, 'token-invalid'],
    ['exp in a list', { exp: [NOW_S + 300] }, 'token-invalid'],
    ['exp null', { exp: null }, 'token-invalid'],
    ['exp true', { exp: true }, 'token-invalid'],
    ['exp negative', { exp: -1 }, 'token-expired'],
    ['exp zero', { exp: 0 }, 'token-expired'],
    ['exp on the edge of leeway', { exp: NOW_S - 5 }, 'token-expired'],
    ['exp within leeway (innocent)', { exp: NOW_S - 4 }, 'alice'],
    ['exp with a fraction (innocent)', { exp: NOW_S + 0.5 }, 'alice'],
    ['exp in a thousand years', { exp: NOW_S + 31_536_000_000 }, 'token-invalid'],
    ['nbf ahead', { nbf: NOW_S + 60 }, 'token-invalid'],
    ['nbf within leeway (innocent)', { nbf: NOW_S + 4 }, 'alice'],
    ['nbf as a text', { nbf: '0' }, 'token-invalid'],
    ['iat ahead', { iat: NOW_S + 60 }, 'token-invalid'],
    ['iat null', { iat: null }, 'token-invalid'],
  ])('R22: %s', async (_what, changes, expected) => {
    expect(await crafted({ claims: changes })).toBe(expected)
  })

  it.each(['1e400', '-1e400', '1e308', 'Infinity', 'NaN', '0x7fffffff', '+1', '01', '1e'])(
    'R22: refuses the exp %s, as it stands',
    async (exp) => {
      const text = JSON.stringify(claims).replace(/"exp":\d+/, `"exp":${exp}`)

      expect(await crafted({ claims: text })).toBe('token-invalid')
    },
  )

  it('R22: refuses a lifetime over the bound, whatever iat says', async () => {
    const strict = await stand({ lifetimeMsMax: 3_600_000 })

    expect(await outcome(craft({ claims: { iat: NOW_S, exp: NOW_S + 3_600 } }), strict)).toBe('alice')
    expect(await outcome(craft({ claims: { iat: NOW_S, exp: NOW_S + 3_601 } }), strict)).toBe('token-invalid')
    expect(await outcome(craft({ claims: { iat: undefined, exp: NOW_S + 3_601 } }), strict)).toBe(
      'token-invalid',
    )
  })
})

describe('R23: kinds of token', () => {
  it.each([undefined, 'JWT', 'id+jwt', 'dpop+jwt', 'logout+jwt', 'secevent+jwt', 'at+jwt ', 'text/at+jwt'])(
    'R23: refuses typ %s by default',
    async (typ) => {
      expect(await crafted({ header: { typ } })).toBe('token-invalid')
    },
  )

  it.each(['at+jwt', 'AT+JWT', 'application/at+jwt'])('R23: takes typ %s (innocent)', async (typ) => {
    expect(await crafted({ header: { typ } })).toBe('alice')
  })

  it('R23: takes typ JWT where token_types says so, and still refuses ID tokens', async () => {
    const lenient = await stand({ tokenTypes: ['jwt'] })
    const header = { typ: 'JWT' }

    expect(await outcome(craft({ header }), lenient)).toBe('alice')
    for (const mark of [
      { nonce: 'n' },
      { at_hash: 'h' },
      { c_hash: 'h' },
      { typ: 'ID' },
      { token_use: 'id' },
    ]) {
      expect(await outcome(craft({ header, claims: mark }), lenient)).toBe('token-invalid')
    }
  })

  it('R23: with a preset takes its access tokens and refuses its ID tokens of the same audience', async () => {
    const keycloak = await stand({ preset: 'keycloak' })
    const header = { typ: 'JWT' }

    expect(await outcome(craft({ header, claims: { typ: 'Bearer' } }), keycloak)).toBe('alice')
    expect(await outcome(craft({ header, claims: { typ: 'ID' } }), keycloak)).toBe('token-invalid')
    expect(await outcome(craft({ header }), keycloak)).toBe('token-invalid')
  })

  it('R23: names the setting in the reason', async () => {
    expect(await gate.authenticator.authenticate(craft({ header: { typ: 'JWT' } }), NOW_MS)).toMatchObject({
      reason: expect.stringContaining('token_types'),
    })
  })
})

describe('R24: strict JSON, at most 8 KiB', () => {
  const header = JSON.stringify({ alg: 'RS256', typ: 'at+jwt', kid: rsaKey.kid })
  const body = JSON.stringify(claims)

  it.each([
    ['a header with a BOM', { header: `\ufeff${header}` }],
    ['claims with a BOM', { claims: `\ufeff${body}` }],
    ['alg twice', { header: header.replace('{', '{"alg":"none",') }],
    ['alg twice, once escaped', { header: header.replace('{', '{"\\u0061lg":"none",') }],
    ['sub twice', { claims: body.replace('{', '{"sub":"root",') }],
    ['sub twice with the same value', { claims: body.replace('{', '{"sub":"alice",') }],
    ['roles twice, deep', { claims: body.replace('{', '{"x":{"roles":1,"roles":2},') }],
    ['bytes behind the header', { header: `${header}x` }],
    ['bytes behind the claims', { claims: `${body}{}` }],
    ['a comma too many', { claims: body.replace('}', ',}') }],
    ['a claim with half a surrogate pair', { claims: body.replace('alice', '\\ud800') }],
    ['claims that are a list', { claims: `[${body}]` }],
  ])('R24: refuses %s', async (_what, craftOf) => {
    expect(await crafted(craftOf)).toBe('token-invalid')
  })

  it('R24: refuses claims that are not UTF-8', async () => {
    const bytes = Buffer.from(body.replace('alice', 'al\u0001ce'))
    bytes[bytes.indexOf(1)] = 0xff

    expect(await outcome(signParts(headerText, base64url(bytes), rsaKey))).toBe('token-invalid')
  })

  it('R24: reads white space and escapes that JSON allows (innocent)', async () => {
    const text = JSON.stringify(claims, undefined, 2).replace('"sub"', '"\\u0073ub"')

    expect(await crafted({ claims: text })).toBe('alice')
  })

  it('R24: takes a long token and refuses one over 8 KiB', async () => {
    const long = craft({ claims: { pad: 'x'.repeat(5_000) } })
    const longer = craft({ claims: { pad: 'x'.repeat(6_000) } })

    expect(long.length).toBeLessThan(8_192)
    expect(await outcome(long)).toBe('alice')
    expect(longer.length).toBeGreaterThan(8_192)
    expect(await outcome(longer)).toBe('token-invalid')
  })
})

describe('R25: who it is', () => {
  it('R25: is issuer and subject together', async () => {
    expect(await gate.authenticator.authenticate(craft(), NOW_MS)).toMatchObject({ key: `${ISSUER}\nalice` })
  })

  it.each([
    'a\r\nx-role: admin',
    'a\nb',
    'a\u0000',
    'a\u007f',
    'a\u009b',
    '',
    'x'.repeat(256),
    7,
    null,
    ['alice'],
    {},
  ])('R25: refuses the sub %j', async (sub) => {
    expect(await crafted({ claims: { sub } })).toBe('token-invalid')
  })

  it.each(['Zoë', 'a b', 'auth0|5f', 'user@example.com', 'x'.repeat(255)])(
    'R25: takes the sub %s',
    async (sub) => {
      expect(await crafted({ claims: { sub } })).toBe(sub)
    },
  )
})
