import { describe, expect, it } from 'vitest'
import { headEnd, parseHead } from '../../../src/listener/http1-head.ts'

describe('R2: reading a head by the grammar', () => {
  it('gives line and fields as they came, white space around values left out', () => {
    const head = parseHead(
      "M-SEARCH /a?b HTTP/1.1\r\nHost:a\r\nX-A:\t 1 \t2 \r\nX!#$%&'*+.^_`|~: \xff\r\nx-empty:",
    )

    expect(head).toEqual({
      method: 'M-SEARCH',
      target: '/a?b',
      version: '1.1',
      rawHeaders: ['Host', 'a', 'X-A', '1 \t2', "X!#$%&'*+.^_`|~", '\xff', 'x-empty', ''],
    })
  })

  it.each(['/', '/a//b', '*', 'http://a/b', 'HTTPS://a', '/%zz', "/'"])('takes the target %s', (target) => {
    expect(parseHead(`GET ${target} HTTP/1.1\r\nHost: a`)).toMatchObject({ target })
  })

  it.each(['', 'a', '**', 'https://', 'ftp://a/b', 'host:443', '/a b', '/\x7f', '/\xe9', '/\t', '?a'])(
    'refuses the target %j',
    (target) => {
      expect(parseHead(`GET ${target} HTTP/1.1\r\nHost: a`)).toBeUndefined()
    },
  )

  it.each([
    'GET  / HTTP/1.1',
    'GET / HTTP/1.1 ',
    ' GET / HTTP/1.1',
    'GET\t/ HTTP/1.1',
    'GET / http/1.1',
    'GET / HTTP/11',
    'GET / HTTP/1.10',
    'GET / HTTP/1.',
    'G(T / HTTP/1.1',
    '/ HTTP/1.1',
    'GET /',
    '',
  ])('refuses the request line %j', (line) => {
    expect(parseHead(`${line}\r\nHost: a`)).toBeUndefined()
  })

  it.each([
    'X : 1',
    'X\t: 1',
    ' X: 1',
    '\tfolded',
    ': 1',
    'X',
    '',
    'X(: 1',
    'X\xe9: 1',
    'X: a\0',
    'X: a\x1fb',
    'X: a\x7f',
    'X: a\rb',
    'X: a\nb',
    'X: a\n',
    'X: \x0b',
  ])('refuses the field line %j', (line) => {
    expect(parseHead(`GET / HTTP/1.1\r\n${line}\r\nHost: a`)).toBeUndefined()
  })

  it('takes no longer on a line of blanks than on any other', () => {
    const line = `X:${' '.repeat(200_000)}a${'\t '.repeat(100_000)}b`

    const startedMs = performance.now()
    const head = parseHead(`GET / HTTP/1.1\r\n${line}`)

    // Quadratic time would be minutes.
    expect(performance.now() - startedMs).toBeLessThan(2_000)
    expect(head?.rawHeaders[1]).toHaveLength(200_002)
  })
})

describe('R1: finding the end of a head', () => {
  it.each([
    ['GET / HTTP/1.1\r\n\r\nrest', 14],
    ['\r\n\r\n', 0],
    ['GET / HTTP/1.1\r\n\r', -1],
    ['GET', -1],
    ['', -1],
    ['\n', undefined],
    ['GET / HTTP/1.1\n', undefined],
    ['GET / HTTP/1.1\n\r\n', undefined],
    ['GET / HTTP/1.1\r\nX: 1\n\n', undefined],
  ])('of %j at %s', (text, end) => {
    expect(headEnd(Buffer.from(text), 0, 0)).toBe(end)
  })

  it('finds the same end wherever it was looked for before', () => {
    const bytes = Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n')

    for (let searched = 0; searched < bytes.length; searched += 1) {
      expect(headEnd(bytes.subarray(0, searched), 0, 0)).toBe(-1)
      expect(headEnd(bytes, 0, searched)).toBe(bytes.length - 4)
    }
  })
})
