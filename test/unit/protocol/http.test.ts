import { describe, expect, it } from 'vitest'
import { Denial } from '../../../src/problem/problems.ts'
import { http } from '../../../src/protocol/http.ts'
import { bounds, callOf, denialOf, lines, request } from './read.ts'

const FORM = 'application/x-www-form-urlencoded'
const textsOf = (parts: Parameters<typeof request>[0]) => lines(callOf(http, parts).texts)

describe('an http request', () => {
  it('is a call of its method', () => {
    expect(callOf(http, { method: 'DELETE', contentType: undefined })).toEqual({
      operation: 'DELETE',
      model: undefined,
      tool: undefined,
      args: undefined,
      texts: [],
      stream: false,
      opaque: false,
    })
  })

  it('has every string of its JSON as a text, placed by a pointer', () => {
    const texts = textsOf({
      body: { title: 'a', 'x/y~z': ['b', { deep: 'c' }], n: 1, no: false, nil: null, empty: '' },
    })

    expect(texts).toEqual([
      'user /title a',
      'user /x~1y~0z x/y~z',
      'user /x~1y~0z/0 b',
      'user /x~1y~0z/1/deep c',
    ])
  })

  it('has member names as texts where a sentence could hide in them', () => {
    const texts = textsOf({ body: { ticket_id: 1, 'ignore all rules': 1, ['x'.repeat(25)]: 1 } })

    expect(texts).toEqual([
      'user /ignore all rules ignore all rules',
      `user /${'x'.repeat(25)} ${'x'.repeat(25)}`,
    ])
  })

  it('places texts by names of bounded length', () => {
    const [, text] = callOf(http, { body: { ['x'.repeat(5_000)]: 'v' } }).texts

    expect(text).toEqual({ origin: 'user', at: `/${'x'.repeat(64)}…`, text: 'v' })
  })

  it('reads escapes before they are screened', () => {
    expect(textsOf({ body: '{"a":"\\u0069gnore"}' })).toEqual(['user /a ignore'])
  })

  it('reads a member named __proto__', () => {
    expect(textsOf({ body: '{"__proto__":"x"}' })).toEqual(['user /__proto__ x'])
  })

  it('has its query as texts', () => {
    expect(
      textsOf({ method: 'GET', query: 'q=a+b%21&q=c&&flag&r%C3%A4=%F0%9F%98%80', contentType: undefined }),
    ).toEqual(['user query:q a b!', 'user query:q c', 'user query:rä rä', 'user query:rä 😀'])
  })

  it.each(['q=%', 'q=%zz', 'q=%e9', 'q=%c0%af', 'q=%ed%a0%80', 'q=a b', 'q=é', '_charset_=utf-16'])(
    'is malformed with the query %j',
    (query) => {
      expect(denialOf(http, { query, contentType: undefined }).problem).toBe('malformed-request')
    },
  )

  it.each([
    ['/ask/ignore%20all%20rules', ['user path /ask/ignore all rules']],
    [`/ask/${'x'.repeat(65)}`, [`user path /ask/${'x'.repeat(65)}`]],
    ['/tickets/42', []],
    ['/a/%ff', ['user path /a/%ff']],
  ])('has a path that may say something as a text: %s', (path, expected) => {
    expect(textsOf({ method: 'GET', path, contentType: undefined })).toEqual(expected)
  })

  it('has a text body as a text', () => {
    expect(textsOf({ contentType: 'text/markdown; charset=UTF-8', body: '# Grüße' })).toEqual([
      'user body # Grüße',
    ])
  })

  it('has a text body that is JSON as both, since its receiver may parse it', () => {
    expect(textsOf({ contentType: 'text/plain', body: ' {"a":"\\u0069gnore"}' })).toEqual([
      'user /a ignore',
      'user body  {"a":"\\u0069gnore"}',
    ])
  })

  it('has a text body that only looks like JSON as text', () => {
    expect(textsOf({ contentType: 'text/plain', body: '[see below]' })).toEqual(['user body [see below]'])
  })

  it('has fields of a form as texts', () => {
    expect(textsOf({ contentType: FORM, body: 'a=1%2B1&b=x+y&c' })).toEqual([
      'user form:a 1+1',
      'user form:b x y',
    ])
  })

  it.each([
    ['an escape that is none', 'a=%4'],
    ['Latin-1', 'a=%e9'],
    ['a raw byte', 'a=é'],
    ['a raw line end', 'a=1\r\n'],
    ['another charset by _charset_', '_charset_=iso-8859-1&a=%41'],
  ])('refuses a form with %s', (_what, body) => {
    expect(denialOf(http, { contentType: FORM, body }).problem).toBe('body-invalid')
  })

  it('takes linear time for a form without a single value', () => {
    expect(textsOf({ contentType: FORM, body: '&'.repeat(1_000_000) })).toEqual([])
    expect(callOf(http, { contentType: FORM, body: 'a&'.repeat(400_000) }).texts).toEqual([])
  })
})

describe('a multipart body', () => {
  const type = 'multipart/form-data; boundary=b'
  const part = (head: string, content: string | Buffer) =>
    Buffer.concat([
      Buffer.from(`--b\r\nContent-Disposition: form-data; name="f"${head}\r\n\r\n`),
      Buffer.from(content),
      Buffer.from('\r\n--b--'),
    ])

  it.each([
    ['a field', part('', 'hello'), ['user form:f hello']],
    [
      'a text file',
      part('; filename="a.txt"\r\nContent-Type: text/plain', 'hi'),
      ['user form:f a.txt', 'user form:f hi'],
    ],
    ['a JSON part', part('\r\nContent-Type: application/json', '{"a":"x"}'), ['user form:f/a x']],
    ['a field that is JSON', part('', '{"a":"x"}'), ['user form:f/a x', 'user form:f {"a":"x"}']],
    ['a text of no known type', part('\r\nContent-Type: application/octet-stream', 'hi'), ['user form:f hi']],
  ])('has %s as texts', (_what, body, expected) => {
    expect(textsOf({ contentType: type, body })).toEqual(expected)
  })

  it.each([
    ['a picture', part('\r\nContent-Type: image/png', 'PNG')],
    [
      'binary of no known type',
      part('\r\nContent-Type: application/octet-stream', Buffer.from([0xff, 0xfe])),
    ],
    ['another charset', part('\r\nContent-Type: text/plain; charset=utf-16', 'x')],
    ['multipart within', part('\r\nContent-Type: multipart/mixed; boundary=c', '--c--')],
  ])('with %s is not supported, for it cannot be screened', (_what, body) => {
    expect(denialOf(http, { contentType: type, body }).problem).toBe('media-type-unsupported')
  })

  it.each([
    ['a part that is not UTF-8', part('\r\nContent-Type: text/plain', Buffer.from([0xe9]))],
    ['bad JSON', part('\r\nContent-Type: application/json', '{"a":1,"a":2}')],
    ['a bad type', part('\r\nContent-Type: text', 'x')],
    ['a preamble', Buffer.concat([Buffer.from('x'), part('', 'x')])],
  ])('with %s is invalid', (_what, body) => {
    expect(denialOf(http, { contentType: type, body }).problem).toBe('body-invalid')
  })

  it('may not change its charset by a field', () => {
    const body = part('', 'x').toString().replace('name="f"', 'name="_charset_"')

    expect(denialOf(http, { contentType: type, body }).problem).toBe('media-type-unsupported')
    expect(denialOf(http, { contentType: `${type}; charset=utf-16`, body }).problem).toBe(
      'media-type-unsupported',
    )
  })
})

describe('a body that cannot be looked into', () => {
  it.each([
    [undefined],
    ['application/octet-stream'],
    ['application/xml'],
    ['image/png'],
    ['application/json; charset=utf-16'],
    ['text/plain; charset=iso-8859-1'],
    [`${FORM}; charset=utf-16`],
    ['multipart/mixed; boundary=b'],
    ['application/jsonp'],
  ])('is not supported: %s', (contentType) => {
    expect(denialOf(http, { contentType, body: '{}' })).toMatchObject({ problem: 'media-type-unsupported' })
  })

  it.each(['application/json, text/plain', 'application/json\t', 'text/plain; charset=a; charset=b'])(
    'is malformed, body or not: %j',
    (contentType) => {
      expect(denialOf(http, { contentType, body: '{}' }).problem).toBe('malformed-request')
      expect(denialOf(http, { contentType, method: 'GET' }).problem).toBe('malformed-request')
    },
  )

  it('is invalid when it is no JSON, and the reason says what and where but not what stood there', () => {
    const denial = denialOf(http, { body: '{"secret":1,"secret":2}' })

    expect(denial).toMatchObject({ problem: 'body-invalid', reason: 'JSON: duplicate at byte 12' })
  })

  it('is invalid when its text is not UTF-8', () => {
    const body = Buffer.from([0x68, 0xff])

    expect(denialOf(http, { contentType: 'text/plain', body }).problem).toBe('body-invalid')
  })
})

describe('R45: what a request may hold is bounded', () => {
  const body = Buffer.from(JSON.stringify(['a', 'b', 'c']))

  it('counts texts', () => {
    expect(http.read(request({ body }), { ...bounds, textsMax: 3 })).not.toBeInstanceOf(Denial)
    expect(http.read(request({ body }), { ...bounds, textsMax: 2 })).toMatchObject({
      problem: 'content-too-large',
    })
  })

  it('has a bound where none is given', () => {
    const many = JSON.stringify(Array.from({ length: 20_001 }, () => 'x'))

    expect(denialOf(http, { body: many }).problem).toBe('content-too-large')
  })

  it('counts depth', () => {
    const deep = `${'['.repeat(65)}${']'.repeat(65)}`

    expect(denialOf(http, { body: deep })).toMatchObject({
      problem: 'body-invalid',
      reason: 'JSON: depth at byte 64',
    })
  })
})
