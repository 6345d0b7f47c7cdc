import { describe, expect, it } from 'vitest'
import { readMultipart } from '../../../src/protocol/multipart.ts'

const FIELD = 'Content-Disposition: form-data; name="a"'

/** A body of one part with this head and content, line ends as the standard wants them. */
const one = (head: string, content = 'x') => `--b\r\n${head}\r\n\r\n${content}\r\n--b--\r\n`
const read = (body: string, boundary: string | undefined = 'b') => readMultipart(Buffer.from(body), boundary)

describe('a multipart form', () => {
  it('is read as browsers write it', () => {
    const body =
      '--b\r\nContent-Disposition: form-data; name="q"\r\n\r\nhello\r\nworld\r\n' +
      '--b\r\nContent-Disposition: form-data; name="f"; filename="ü.txt"\r\nContent-Type: text/plain\r\n\r\n\r\n--b--\r\n'

    const parts = readMultipart(Buffer.from(body), 'b')

    expect(parts).toEqual([
      { name: 'q', fileName: undefined, contentType: undefined, content: Buffer.from('hello\r\nworld') },
      { name: 'f', fileName: 'ü.txt', contentType: 'text/plain', content: Buffer.from('') },
    ])
  })

  it('is read as undici writes it', async () => {
    const form = new FormData()
    form.set('a', 'one\ntwo')
    form.set('file', new Blob(['content'], { type: 'text/plain' }), 'name.txt')
    const sent = new Response(form)
    const boundary = /boundary=(.+)$/.exec(sent.headers.get('content-type') ?? '')?.[1]

    const parts = readMultipart(await sent.bytes(), boundary)

    expect(parts).toMatchObject([
      { name: 'a' },
      { name: 'file', fileName: 'name.txt', contentType: 'text/plain' },
    ])
  })

  it('may end without a line end, and be padded by no one', () => {
    expect(read(`--b\r\n${FIELD}\r\n\r\nx\r\n--b--`)).toHaveLength(1)
    expect(read(`--b \r\n${FIELD}\r\n\r\nx\r\n--b--`)).toBe('bytes behind a boundary')
  })

  it('may hold dashes and line ends that only look like a boundary', () => {
    expect(read(one(FIELD, '--a\r\n--\r\n-b'))).toMatchObject([{ content: Buffer.from('--a\r\n--\r\n-b') }])
  })

  it('may hold no part at all', () => {
    expect(read('--b--\r\n')).toEqual([])
  })

  it.each([
    ['a preamble', `hello\r\n${one(FIELD)}`, 'a preamble'],
    ['a line end first', `\r\n${one(FIELD)}`, 'a preamble'],
    ['an epilogue', `${one(FIELD)}evil`, 'bytes behind a boundary'],
    ['a second form behind the first', one(FIELD) + one(FIELD), 'bytes behind a boundary'],
    ['bare line feeds', one(FIELD).replaceAll('\r\n', '\n'), 'bytes behind a boundary'],
    ['a boundary after a bare line feed', one(FIELD, 'x\n--b\r\nevil'), 'a boundary within a line'],
    ['a boundary within a line', one(FIELD, 'x --b y'), 'a boundary within a line'],
    ['a longer boundary', one(FIELD, 'x\r\n--bb\r\ny'), 'bytes behind a boundary'],
    ['no closing boundary', `--b\r\n${FIELD}\r\n\r\nx`, 'no closing boundary'],
    ['one dash at the end', `--b\r\n${FIELD}\r\n\r\nx\r\n--b-`, 'bytes behind a boundary'],
    ['no head', '--b\r\n\r\nx\r\n--b--', 'a malformed part header'],
    ['a head without an end', `--b\r\n${FIELD}\r\n--b--`, 'a part without a head, or with a long one'],
    [
      'a long head',
      one(`${FIELD}\r\nContent-Type: text/${'x'.repeat(3_000)}`),
      'a part without a head, or with a long one',
    ],
    ['two dispositions', one(`${FIELD}\r\n${FIELD}`), 'an unknown or repeated part header'],
    ['an unknown header', one(`${FIELD}\r\nX-Evil: 1`), 'an unknown or repeated part header'],
    ['a folded header', one('Content-Disposition: form-data;\r\n name="a"'), 'a malformed part header'],
    ['a space before the colon', one('Content-Disposition : form-data; name="a"'), 'a malformed part header'],
    ['a tab in a header', one('Content-Disposition: form-data;\tname="a"'), 'a malformed part header'],
    [
      'no disposition',
      one('Content-Type: text/plain'),
      'a part whose Content-Disposition is not plain form-data',
    ],
    [
      'no name',
      one('Content-Disposition: form-data'),
      'a part whose Content-Disposition is not plain form-data',
    ],
    ['two names', one(`${FIELD}; name="b"`), 'a part whose Content-Disposition is not plain form-data'],
    [
      'filename*',
      one(`${FIELD}; filename*=utf-8''x`),
      'a part whose Content-Disposition is not plain form-data',
    ],
    [
      'a backslash',
      one('Content-Disposition: form-data; name="a\\"; x="b"'),
      'a part whose Content-Disposition is not plain form-data',
    ],
    [
      'an unquoted name',
      one('Content-Disposition: form-data; name=a'),
      'a part whose Content-Disposition is not plain form-data',
    ],
    [
      'an attachment',
      one('Content-Disposition: attachment; name="a"'),
      'a part whose Content-Disposition is not plain form-data',
    ],
    ['base64', one(`${FIELD}\r\nContent-Transfer-Encoding: base64`), 'a transfer-encoded part'],
  ])('with %s is refused', (_what, body, reason) => {
    expect(read(body)).toBe(reason)
  })

  it.each(['7bit', '8bit', 'Binary'])('may say that it is not encoded (%s)', (encoding) => {
    expect(read(one(`${FIELD}\r\nContent-Transfer-Encoding: ${encoding}`))).toHaveLength(1)
  })

  it('is refused when a name is not UTF-8', () => {
    const body = Buffer.from(one('Content-Disposition: form-data; name="\u00e9"'), 'latin1')

    expect(readMultipart(body, 'b')).toBe('a part whose Content-Disposition is not plain form-data')
  })

  it.each([undefined, '', 'a b', 'x'.repeat(71), 'a"b', 'ü', 'a\r\nb'])(
    'is refused with the boundary %j',
    (boundary) => {
      expect(readMultipart(Buffer.from('--x--'), boundary)).toBe('no usable boundary')
    },
  )
})
