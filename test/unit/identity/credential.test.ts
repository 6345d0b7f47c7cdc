import { describe, expect, it } from 'vitest'
import { readCredential } from '../../../src/identity/credential.ts'
import { Denial } from '../../../src/problem/problems.ts'

describe('readCredential', () => {
  it('gives the token behind the scheme', () => {
    expect(readCredential(['Bearer abc.def.ghi'])).toBe('abc.def.ghi')
  })

  it.each(['bearer', 'BEARER', 'bEaReR'])('does not mind the case of the scheme: %s', (scheme) => {
    expect(readCredential([`${scheme} abc`])).toBe('abc')
  })

  it('passes every character of b64token, = only at its end', () => {
    expect(readCredential(['Bearer aZ0-._~+/=='])).toBe('aZ0-._~+/==')
  })

  it('says token-missing when there is no header', () => {
    expect(readCredential([])).toMatchObject({ problem: 'token-missing' })
  })

  it.each([
    ['another token', ['Bearer a', 'Bearer b']],
    ['the same token', ['Bearer a', 'Bearer a']],
    ['an empty one', ['Bearer a', '']],
    ['an empty one first', ['', 'Bearer a']],
    ['another scheme', ['Bearer a', 'Basic YTpi']],
  ])('refuses a second header with %s', (_what, values) => {
    expect(readCredential(values)).toMatchObject({ problem: 'token-invalid' })
  })

  it.each([
    ['an empty value', ''],
    ['the scheme alone', 'Bearer'],
    ['the scheme and a space', 'Bearer '],
    ['another scheme', 'Basic YTpi'],
    ['DPoP', 'DPoP abc'],
    ['no scheme', 'abc.def.ghi'],
    ['two spaces', 'Bearer  abc'],
    ['a tab', 'Bearer\tabc'],
    ['a no-break space', 'Bearer\u00a0abc'],
    ['a space before', ' Bearer abc'],
    ['a space behind', 'Bearer abc '],
    ['a line feed behind', 'Bearer abc\n'],
    ['a space within', 'Bearer abc def'],
    ['two tokens in one value', 'Bearer abc, Bearer def'],
    ['= within', 'Bearer a=b'],
    ['a quoted token', 'Bearer "abc"'],
    ['NUL', 'Bearer abc\u0000'],
    ['a letter that lower-cases to k', 'Bearer \u212a'],
  ])('refuses %s', (_what, value) => {
    expect(readCredential([value])).toMatchObject({ problem: 'token-invalid' })
  })

  it('reads 8 KiB and not a character more', () => {
    expect(readCredential([`Bearer ${'a'.repeat(8_192)}`])).toHaveLength(8_192)
    expect(readCredential([`Bearer ${'a'.repeat(8_193)}`])).toMatchObject({ problem: 'token-invalid' })
  })

  it('never repeats the credential in the reason', () => {
    const denial = readCredential(['Basic c2VjcmV0'])

    expect(denial).toBeInstanceOf(Denial)
    expect(JSON.stringify(denial)).not.toContain('c2VjcmV0')
  })
})
