import { describe, expect, it } from 'vitest'
import { requestFields } from '../../../src/listener/http2-fields.ts'
import { get } from '../../fixtures/h2-raw.ts'

describe('R12: the fields of an HTTP/2 request', () => {
  it('are told apart from the pseudo-headers, order and duplicates kept', () => {
    expect(
      requestFields(get('/a?b', 'x-a', '1', 'x-a', '2', 'content-length', '7', '__proto__', 'p')),
    ).toEqual({
      method: 'GET',
      target: '/a?b',
      authority: 'localhost',
      rawHeaders: ['x-a', '1', 'x-a', '2', 'content-length', '7', '__proto__', 'p'],
      declaredBytes: 7,
    })
  })

  it('may do without an authority, and ask for *', () => {
    expect(
      requestFields([':method', 'OPTIONS', ':scheme', 'https', ':path', '*', 'host', 'a']),
    ).toMatchObject({
      target: '*',
      authority: undefined,
      rawHeaders: ['host', 'a'],
    })
  })

  it.each([
    ['CR', 'x-a', 'a\rb'],
    ['LF', 'x-a', 'a\nb'],
    ['NUL', 'x-a', 'a\0b'],
    ['a space first', 'x-a', ' a'],
    ['a tab last', 'x-a', 'a\t'],
    ['upper case', 'X-a', 'a'],
    ['a space in the name', 'x a', 'a'],
    ['a colon in the name', 'x:a', 'a'],
    ['no name', '', 'a'],
    ['DEL in the name', 'x\x7f', 'a'],
    ['connection', 'connection', 'close'],
    ['upgrade', 'upgrade', 'h2c'],
    ['a coding', 'transfer-encoding', 'chunked'],
    ['te', 'te', 'trailers, gzip'],
    ['a signed length', 'content-length', '-1'],
    ['an empty length', 'content-length', ''],
    ['a late pseudo-header', ':path', '/b'],
  ])('refuses the list for %s', (_name, name, value) => {
    expect(requestFields(get('/', 'x-first', '1', name, value))).toBeUndefined()
  })

  it.each([':method', ':scheme', ':path', ':authority'])('refuses %s twice', (name) => {
    const fields = get('/')

    expect(requestFields([name, fields[fields.indexOf(name) + 1] ?? '', ...fields])).toBeUndefined()
  })

  it.each([
    ['a method that is no token', ':method', 'G T'],
    ['CONNECT', ':method', 'CONNECT'],
    ['plain http', ':scheme', 'http'],
    ['an absolute path', ':path', 'https://localhost/'],
    ['an empty path', ':path', ''],
    ['an empty authority', ':authority', ''],
    ['user information', ':authority', 'me@localhost'],
    ['LF in the path', ':path', '/\nx: y'],
  ])('refuses %s', (_name, name, value) => {
    const fields = get('/')
    fields[fields.indexOf(name) + 1] = value

    expect(requestFields(fields)).toBeUndefined()
  })
})
