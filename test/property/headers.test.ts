import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Denial } from '../../src/problem/problems.ts'
import { checkAnswerHead } from '../../src/upstream/answer-head.ts'
import { encodeIdentity } from '../../src/upstream/identity-headers.ts'
import { assembleRequest } from '../../src/upstream/request-headers.ts'
import { readOneRequest, takeRequest } from '../fixtures/strict-http.ts'
import { assembly, fieldsOf, somebody, SPEAKING } from '../fixtures/upstream-request.ts'
import { headers } from '../fuzz/headers.ts'

const field = fc.tuple(
  fc.string({ unit: 'binary', maxLength: 16 }),
  fc.string({ unit: 'binary', maxLength: 32 }),
)

function wire(head: readonly string[]): Buffer {
  let text = 'POST / HTTP/1.1\r\n'
  for (let i = 0; i < head.length; i += 2) text += `${head[i]}: ${head[i + 1]}\r\n`
  return Buffer.from(`${text}\r\n`, 'latin1')
}

describe('R2: what leaves is exactly one request', () => {
  it('for heads that were made to be two', () => {
    expect(() => headers.run(30_000, 1)).not.toThrow()
  })

  it('for any text as name and value', () => {
    expect(
      fc.check(
        fc.property(fc.array(field, { maxLength: 6 }), (fields) => {
          const head = assembleRequest(assembly(fields.flat(), { own }))
          if (!(head instanceof Denial)) readOneRequest(wire(head))
        }),
        { numRuns: 2_000 },
      ),
    ).toMatchObject({ failed: false })
  })

  it('for any text as identity', () => {
    expect(
      fc.check(
        fc.property(fc.string({ unit: 'binary', maxLength: 16 }), (subject) => {
          const head = assembleRequest(assembly([], { own, principal: somebody({ subject }) }))
          if (!(head instanceof Denial)) readOneRequest(wire(head))
        }),
        { numRuns: 2_000 },
      ),
    ).toMatchObject({ failed: false })
  })
})

const { own } = assembly([], { config: SPEAKING })

describe('an identity', () => {
  it('is never spelt like another one', () => {
    expect(
      fc.check(
        fc.property(
          fc.string({ unit: 'binary', maxLength: 8 }),
          fc.string({ unit: 'binary', maxLength: 8 }),
          (one, two) => {
            const [first, second] = [encodeIdentity(one), encodeIdentity(two)]
            return one === two || first === undefined || first !== second
          },
        ),
        { numRuns: 5_000 },
      ),
    ).toMatchObject({ failed: false })
    expect(
      fc.check(
        fc.property(
          fc.string({ unit: 'grapheme', maxLength: 16 }),
          (text) => decodeURIComponent(encodeIdentity(text) ?? '') === text,
        ),
        { numRuns: 2_000 },
      ),
    ).toMatchObject({ failed: false })
  })
})

describe('an answer\u2019s head', () => {
  it('is refused, or leaves without framing and without what ends a line', () => {
    expect(
      fc.check(
        fc.property(fc.integer({ min: 0, max: 700 }), fc.array(field, { maxLength: 6 }), (status, fields) => {
          const head = checkAnswerHead(status, fieldsOf(fields.flat()), 'POST')
          return typeof head === 'string' || !/[\r\n\0]/.test(head.headers.join(''))
        }),
        { numRuns: 2_000 },
      ),
    ).toMatchObject({ failed: false })
  })
})

describe('the strict reader, by which the others are judged', () => {
  const HEAD = 'POST / HTTP/1.1\r\nhost: a\r\n'

  it.each([
    ['a length', `${HEAD}content-length: 2\r\n\r\nok`, 'ok'],
    ['chunks', `${HEAD}transfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`, 'ok'],
    ['neither', `${HEAD}\r\n`, ''],
  ])('reads a request with %s', (_, text, body) => {
    expect(readOneRequest(Buffer.from(text)).body.toString()).toBe(body)
  })

  it.each([
    ['no host', 'GET / HTTP/1.1\r\nx-a: b\r\n\r\n'],
    ['two hosts', `${HEAD}host: b\r\n\r\n`],
    ['two lengths', `${HEAD}content-length: 2\r\ncontent-length: 2\r\n\r\nok`],
    ['length and coding', `${HEAD}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['a disguised length', `${HEAD}content_length: 2\r\ncontent-length: 2\r\n\r\nok`],
    ['another coding', `${HEAD}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
    ['a chunk extension', `${HEAD}transfer-encoding: chunked\r\n\r\n2;a\r\nok\r\n0\r\n\r\n`],
    ['a folded line', `${HEAD}x-a: b\r\n c\r\n\r\n`],
    ['a bare LF', `${HEAD}x-a: b\nx-c: d\r\n\r\n`],
    ['a space before the colon', `${HEAD}x-a : b\r\n\r\n`],
    ['an old version', 'GET / HTTP/1.0\r\nhost: a\r\n\r\n'],
    ['a second request', `${HEAD}\r\n${HEAD}\r\n`],
    ['half a request', HEAD],
  ])('refuses %s', (_, text) => {
    expect(() => readOneRequest(Buffer.from(text))).toThrow(/./)
  })

  it('waits for the rest', () => {
    expect(takeRequest(Buffer.from(`${HEAD}content-length: 3\r\n\r\nok`))).toBeUndefined()
  })
})
