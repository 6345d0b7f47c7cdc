import { describe, expect, it } from 'vitest'
import { fieldsOf as fields } from '../../fixtures/upstream-request.ts'
import { checkAnswerHead } from '../../../src/upstream/answer-head.ts'

describe('checkAnswerHead', () => {
  it('keeps what is the agent\u2019s own, names in lower case, repeated fields apart', () => {
    const pairs = ['Server', 'agent', 'Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'Content-Length', '5']

    expect(checkAnswerHead(200, fields(pairs), 'POST')).toEqual({
      status: 200,
      headers: ['server', 'agent', 'set-cookie', 'a=1', 'set-cookie', 'b=2', 'content-length', '5'],
      bodyBytes: 5,
      events: false,
    })
  })

  it('removes what belongs to the connection, and what Connection names', () => {
    const pairs = [
      'connection',
      'close, x-inner',
      'x-inner',
      '1',
      'Keep-Alive',
      'a',
      'TE',
      'a',
      'Trailer',
      'a',
      'Upgrade',
      'a',
      'proxy_status',
      'a',
      'Alt-Svc',
      'a',
      'transfer-encoding',
      'Chunked',
    ]

    expect(checkAnswerHead(200, fields(pairs), 'POST')).toMatchObject({ headers: [], bodyBytes: undefined })
  })

  it.each([
    ['a status under 100', 99, []],
    ['a status over 599', 600, []],
    ['no status', Number.NaN, []],
    ['101', 101, []],
    ['two lengths', 200, ['content-length', '1', 'Content-Length', '1']],
    ['a malformed length', 200, ['content-length', '1, 1']],
    ['a length beyond counting', 200, ['content-length', '9999999999999999']],
    ['a coding beside chunked', 200, ['transfer-encoding', 'gzip, chunked']],
    ['two codings', 200, ['transfer-encoding', 'chunked', 'transfer-encoding', 'chunked']],
    ['length and coding', 200, ['transfer-encoding', 'chunked', 'content-length', '1']],
    [
      'coding and length on an answer without a body',
      304,
      ['content-length', '1', 'transfer-encoding', 'chunked'],
    ],
    ['a malformed name', 200, ['x a', '1']],
    ['a malformed value', 200, ['x-a', '1\n2']],
    ['a body named hop-by-hop', 200, ['connection', 'content-encoding']],
  ])('refuses %s', (_, status, pairs) => {
    expect(checkAnswerHead(status, fields(pairs), 'POST')).toBeTypeOf('string')
  })

  it.each([
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
    ['GET', 103],
  ])('expects no body after %s %i, whatever the length says', (method, status) => {
    expect(checkAnswerHead(status, fields(['content-length', '10']), method)).toMatchObject({ bodyBytes: 0 })
  })

  it.each([
    [204, ['etag', '"a"']],
    [103, ['etag', '"a"']],
    [304, ['etag', '"a"', 'content-length', '10']],
  ])('hands the length of a %i on only where the standard allows one', (status, headers) => {
    const head = checkAnswerHead(status, fields(['etag', '"a"', 'content-length', '10']), 'GET')

    expect(head).toMatchObject({ headers })
  })

  it.each([
    ['text/event-stream', true],
    ['Text/Event-Stream; charset=utf-8', true],
    ['text/event-stream ;a', true],
    ['text/event-streams', false],
    ['application/json', false],
  ])('tells whether %s is a stream of events', (type, events) => {
    expect(checkAnswerHead(200, fields(['content-type', type]), 'POST')).toMatchObject({ events })
  })

  it('judges alike after more names than it remembers', () => {
    const invented = Array.from({ length: 1_000 }, (_, i) => [`x-answer-${i}`, '1']).flat()
    const head = checkAnswerHead(200, fields([...invented, 'proxy-authentication_info', '1']), 'POST')

    expect(head).toMatchObject({ headers: invented })
  })
})
