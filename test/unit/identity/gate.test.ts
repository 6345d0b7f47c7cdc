import { describe, expect, it } from 'vitest'
import { readToken, type UnverifiedToken } from '../../../src/identity/gate.ts'
import { Denial } from '../../../src/problem/problems.ts'
import { base64url, claims, craft, rsaKey, signParts } from '../../fixtures/identity.ts'

const plainHeader = JSON.stringify({ alg: 'RS256', typ: 'at+jwt' })

function read(token: string): UnverifiedToken {
  const parsed = readToken(token)
  if (parsed instanceof Denial) throw new Error(parsed.reason)
  return parsed
}

describe('readToken', () => {
  it('takes a token apart', () => {
    const token = craft()

    const parsed = read(token)

    expect(parsed.header).toEqual({ alg: 'RS256', typ: 'at+jwt', kid: rsaKey.kid })
    expect({ ...parsed.claims }).toEqual(claims)
    expect(`${parsed.signed}.${base64url(parsed.signature)}`).toBe(token)
  })

  it.each([
    ['at+jwt', 'at+jwt'],
    ['AT+JWT', 'at+jwt'],
    ['application/at+jwt', 'at+jwt'],
    ['Application/AT+jwt', 'at+jwt'],
    ['JWT', 'jwt'],
    ['x/at+jwt', 'x/at+jwt'],
  ])('reads typ %s as %s', (typ, plain) => {
    expect(read(craft({ header: { typ } })).header.typ).toBe(plain)
  })

  it('reads a token without typ and kid', () => {
    const { header } = read(craft({ header: { typ: undefined, kid: undefined } }))

    expect(header).toEqual({ alg: 'RS256', typ: undefined, kid: undefined })
  })

  it.each([
    ['nothing', ''],
    ['one part', 'abc'],
    ['two parts', 'abc.def'],
    ['four parts', 'a.b.c.d'],
    ['five parts, as of JWE', `${base64url('{"alg":"dir","enc":"A256GCM"}')}.a.b.c.d`],
    ['an empty header', '.e30.abc'],
    ['empty claims', 'e30..abc'],
    ['an empty signature', 'e30.e30.'],
    ['a line feed at its end', `${craft()}\n`],
    ['JSON', '{"payload":"e30"}'],
  ])('refuses %s', (_what, token) => {
    expect(readToken(token)).toMatchObject({ problem: 'token-invalid' })
  })

  it.each([0, 1, 2])('refuses padding, white space and the other alphabet in part %i', (index) => {
    for (const stranger of ['=', ' ', '\t', '\n', '+', '/', '%3D', '\u00e4', '\u0000']) {
      const parts = craft().split('.')
      parts[index] += stranger

      expect(readToken(parts.join('.'))).toMatchObject({ problem: 'token-invalid' })
    }
  })

  it.each([
    ['header', [base64url('{"alg":"RS256"} '), 'e30']],
    ['claims', [base64url(plainHeader), base64url('{}')]],
  ])('refuses other unused bits than zero at the end of the %s', (which, [header = '', payload = '']) => {
    const index = which === 'header' ? 0 : 1
    const parts = signParts(header, payload, rsaKey).split('.')
    const innocent = parts.join('.')
    const twin = `${parts[index]?.slice(0, -1)}${next(parts[index]?.at(-1))}`
    expect(Buffer.from(twin, 'base64url')).toEqual(Buffer.from(parts[index] ?? '', 'base64url'))
    parts[index] = twin

    expect(readToken(innocent)).not.toBeInstanceOf(Denial)
    expect(readToken(parts.join('.'))).toMatchObject({ reason: expect.stringContaining('canonical') })
  })

  it.each(['crit', 'b64', 'zip', 'enc', 'jwk', 'jku', 'x5c', 'x5u'])(
    'refuses the header member %s',
    (name) => {
      for (const value of [['exp'], false, 'DEF', null, {}]) {
        expect(readToken(craft({ header: { [name]: value } }))).toMatchObject({ problem: 'token-invalid' })
      }
    },
  )

  it('ignores header members that change nothing', () => {
    expect(readToken(craft({ header: { x5t: 'abc', cty: 'json', extra: [1] } }))).not.toBeInstanceOf(Denial)
  })

  it.each([
    ['alg missing', { alg: undefined }],
    ['alg of another type', { alg: ['RS256'] }],
    ['kid of another type', { kid: 7 }],
    ['kid null', { kid: null }],
    ['a long kid', { kid: 'k'.repeat(256) }],
    ['typ of another type', { typ: ['at+jwt'] }],
    ['typ null', { typ: null }],
  ])('refuses %s', (_what, header) => {
    expect(readToken(craft({ header }))).toMatchObject({ problem: 'token-invalid' })
  })

  it.each([
    ['duplicate members', '{"alg":"RS256","alg":"none"}'],
    ['duplicates behind an escape', '{"alg":"RS256","\\u0061lg":"none"}'],
    ['a BOM', '\ufeff{"alg":"RS256"}'],
    ['a list', '["RS256"]'],
    ['null', 'null'],
    ['text', '"RS256"'],
    ['bytes behind it', '{"alg":"RS256"}{}'],
    ['a comment', '{"alg":"RS256"/**/}'],
    ['half a surrogate pair', '{"alg":"RS256","x":"\\ud800"}'],
    ['a control character in a string', '{"alg":"RS256","x":"\n"}'],
  ])('refuses a header that is %s', (_what, header) => {
    expect(readToken(craft({ header }))).toMatchObject({ reason: expect.stringContaining('header') })
  })

  it.each([
    ['duplicate members', '{"sub":"a","sub":"b"}'],
    ['deep duplicates', '{"a":{"b":1,"b":2}}'],
    ['a BOM', '\ufeff{}'],
    ['a list', '[]'],
    ['a number beyond range', '{"exp":1e400}'],
    ['a deep number beyond range', '{"a":[-1e999]}'],
    ['NaN', '{"exp":NaN}'],
    ['nesting without end', `${'{"a":'.repeat(17)}1${'}'.repeat(17)}`],
    ['a compact JWT', craft()],
  ])('refuses claims that are %s', (_what, text) => {
    expect(readToken(craft({ claims: text }))).toMatchObject({ reason: expect.stringContaining('claims') })
  })

  it('refuses bytes that are not UTF-8', () => {
    const overlong = Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d])

    expect(readToken(signParts(base64url(plainHeader), base64url(overlong), rsaKey))).toBeInstanceOf(Denial)
  })

  it('keeps __proto__ as a claim like any other', () => {
    const parsed = read(craft({ claims: '{"__proto__":{"sub":"root"}}' }))

    expect(parsed.claims['sub']).toBeUndefined()
    expect(Object.keys(parsed.claims)).toEqual(['__proto__'])
  })

  it('reads 8 KiB and not a character more', () => {
    const fits = 'a'.repeat(8_192)

    expect(readToken(fits)).toMatchObject({ reason: expect.stringContaining('compact') })
    expect(readToken(`${fits}a`)).toMatchObject({ reason: expect.stringContaining('longer') })
  })
})

function next(char = ''): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return alphabet[alphabet.indexOf(char) + 1] ?? ''
}
