import { describe, expect, it } from 'vitest'
import { ChunkedDecoder } from '../../../src/listener/http1-chunked.ts'

/** What a decoder makes of the text, shown so many bytes at a time as its owner would: what it left, and more behind it. */
function decode(text: string, step = text.length): { body: string; rest: string } | 'fault' | 'more' {
  const decoder = new ChunkedDecoder()
  const bytes = Buffer.from(text, 'latin1')
  let body = ''
  let start = 0
  for (let end = Math.min(step, bytes.length); ; end = Math.min(end + step, bytes.length)) {
    const decoded = decoder.decode(bytes.subarray(start, end))
    if (decoded === undefined) return 'fault'
    start += decoded.taken
    body += decoded.piece?.toString('latin1') ?? ''
    if (decoder.done) return { body, rest: bytes.toString('latin1', start) }
    if (end === bytes.length) return 'more'
  }
}

describe('R1: taking a chunked body apart', () => {
  it.each([
    ['0\r\n\r\n', '', ''],
    ['3\r\nabc\r\n0\r\n\r\nGET', 'abc', 'GET'],
    ['0000000A\r\n0123456789\r\n0\r\n\r\n', '0123456789', ''],
    ['a\r\n\r\n\r\n\r\n\r\n\r\n\r\n0\r\n\r\n', '\r\n\r\n\r\n\r\n\r\n', ''],
    ['1;a\r\nx\r\n1;a=b;c="d;\\"e"\r\ny\r\n0;last\r\n\r\n', 'xy', ''],
    ['1\r\nx\r\n0\r\nX-Sum: 1\r\nX-B:\r\n\r\n0\r\n', 'x', '0\r\n'],
  ])('%j is %j', (text, body, rest) => {
    for (let step = 1; step <= text.length; step += 1) expect(decode(text, step)).toEqual({ body, rest })
  })

  it.each([
    '',
    '3',
    '3\r',
    '3\r\nab',
    '3\r\nabc',
    '3\r\nabc\r',
    '3\r\nabc\r\n',
    '0\r\n',
    '0\r\n\r',
    '0\r\nX: 1\r\n',
  ])('waits for more behind %j', (text) => {
    expect(decode(text)).toBe('more')
  })

  it.each([
    ['no size', '\r\n'],
    ['a size that is none', 'g\r\n'],
    ['a sign', '+3\r\nabc\r\n'],
    ['a prefix', '0x3\r\nabc\r\n'],
    ['an underscore', '1_0\r\n'],
    ['nine digits', '000000003\r\nabc\r\n'],
    ['a blank before', ' 3\r\nabc\r\n'],
    ['a blank behind', '3 \r\nabc\r\n'],
    ['a blank before an extension', '3 ;a\r\nabc\r\n'],
    ['an extension without a name', '3;\r\nabc\r\n'],
    ['an extension without a value', '3;a=\r\nabc\r\n'],
    ['an open quote', '3;a="b\r\nabc\r\n'],
    ['a control character in a quote', '3;a="\x01"\r\nabc\r\n'],
    ['a bare CR in an extension', '3;a\rb\r\nabc\r\n'],
    ['a bare LF behind the size', '3\nabc\r\n'],
    ['a bare LF behind the chunk', '3\r\nabc\n'],
    ['a bare CR behind the chunk', '3\r\nabc\r0'],
    ['a chunk longer than its size', '3\r\nabcd\r\n'],
    ['a bare LF behind the last chunk', '0\n\r\n'],
    ['a trailer without a colon', '0\r\nX\r\n\r\n'],
    ['a folded trailer', '0\r\nX: 1\r\n 2\r\n\r\n'],
    ['a trailer that frames', '0\r\nContent-Length: 3\r\n\r\n'],
    ['a trailer that names a coding', '0\r\ntransfer-encoding: chunked\r\n\r\n'],
    ['a trailer that names a host', '0\r\nHost: a\r\n\r\n'],
    ['a trailer that ends the connection', '0\r\nConnection: close\r\n\r\n'],
  ])('refuses %s', (_name, text) => {
    for (let step = 1; step <= text.length; step += 1) expect(decode(text, step)).toBe('fault')
  })

  it('R45: refuses a line without end, and extensions and trailers without end', () => {
    expect(decode('1'.padEnd(5_000, '0'))).toBe('fault')
    expect(decode(`1;${'a'.repeat(5_000)}`)).toBe('fault')
    expect(decode(`1;${'a'.repeat(1_000)}\r\nx\r\n`.repeat(15))).toBe('more')
    expect(decode(`1;${'a'.repeat(1_000)}\r\nx\r\n`.repeat(17))).toBe('fault')
    expect(decode(`0\r\n${`X: ${'a'.repeat(1_000)}\r\n`.repeat(17)}\r\n`)).toBe('fault')
  })

  it('R45: hands the data of one read on in one piece, however it was cut', () => {
    const decoded = new ChunkedDecoder().decode(Buffer.from('1\r\na\r\n'.repeat(1_000)))

    expect(decoded?.piece).toHaveLength(1_000)
  })
})
