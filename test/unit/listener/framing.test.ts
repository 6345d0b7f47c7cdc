import { describe, expect, it } from 'vitest'
import { Denial } from '../../../src/problem/problems.ts'
import { type Framing, readFraming } from '../../../src/listener/framing.ts'

const BOUNDS = { headersMax: 3, targetBytesMax: 10 }

function judged(rawHeaders: string[], version = '1.1', target = '/'): string {
  const framing = readFraming({ version, target, rawHeaders }, BOUNDS)
  return framing instanceof Denial ? framing.problem : 'fine'
}

function read(rawHeaders: string[], version = '1.1'): Framing | Denial {
  return readFraming({ version, target: '/', rawHeaders: ['Host', 'a', ...rawHeaders] }, BOUNDS)
}

describe('R1, R2: judging the framing of an HTTP/1 head', () => {
  it.each([
    [['Host', 'a']],
    [['hOST', '']],
    [['Host', 'a', 'Content-Length', '0']],
    [['Host', 'a', 'Content-Length', '007']],
    [['Host', 'a', 'Transfer-Encoding', 'Chunked']],
    [['Host', 'a', 'X-Host', 'b', 'Hosts', 'c']],
  ])('passes %j', (fields) => {
    expect(judged(fields)).toBe('fine')
  })

  it.each([
    [[]],
    [['X-Host', 'a']],
    [['Host', 'a', 'host', 'a']],
    [['Host', 'a', 'Content-Length', '1', 'content-length', '1']],
    [['Host', 'a', 'Content-Length', '1', 'Transfer-Encoding', 'chunked']],
    [['Host', 'a', 'Transfer-Encoding', 'chunked', 'Transfer-Encoding', 'chunked']],
    [['Host', 'a', 'Transfer-Encoding', 'gzip, chunked']],
    [['Host', 'a', 'Transfer-Encoding', 'chunked ']],
    [['Host', 'a', 'Transfer-Encoding', '']],
    [['Host', 'a', 'Content-Length', '']],
    [['Host', 'a', 'Content-Length', '+1']],
    [['Host', 'a', 'Content-Length', '1, 1']],
    [['Host', 'a', 'Content-Length', '0x1']],
    [['Host', 'a', 'Content-Length', '1e3']],
    [['Host', 'a', 'Content-Length', ' 1']],
    [['Host', 'a', 'Content-Length', '9'.repeat(16)]],
  ])('refuses %j', (fields) => {
    expect(judged(fields)).toBe('malformed-request')
  })

  it.each(['0.9', '1.2', '2.0', ''])('refuses version %j', (version) => {
    expect(judged(['Host', 'a'], version)).toBe('malformed-request')
  })

  it('takes a length but no coding in HTTP/1.0', () => {
    expect(judged(['Host', 'a', 'Content-Length', '1'], '1.0')).toBe('fine')
    expect(judged(['Host', 'a', 'Transfer-Encoding', 'chunked'], '1.0')).toBe('malformed-request')
  })

  it.each([
    [3, 10, 'fine'],
    [4, 10, 'headers-too-large'],
    [3, 11, 'headers-too-large'],
  ])('R45: %i fields and a target of %i bytes are %s', (fields, bytes, verdict) => {
    const list = ['Host', 'a', ...Array.from({ length: fields - 1 }, () => ['x', '1']).flat()]

    expect(judged(list, '1.1', '/'.repeat(bytes))).toBe(verdict)
  })

  it('closes the connection with every refusal', () => {
    expect(readFraming({ version: '1.1', target: '/', rawHeaders: [] }, BOUNDS)).toMatchObject({
      more: { close: true },
    })
  })
})

describe('what a head says of its message', () => {
  it.each([
    [[], 0],
    [['Content-Length', '12'], 12],
    [['x', 'y', 'CONTENT-LENGTH', '0'], 0],
    [['Transfer-Encoding', 'chunked'], undefined],
    [['Content-Lengthy', '12'], 0],
  ])('the length that %j announce is %s', (fields, bodyBytes) => {
    expect(read(fields)).toMatchObject({ bodyBytes })
  })

  it.each([
    ['close', '1.1', true],
    ['Close', '1.1', true],
    ['x-a ,\tclose', '1.1', true],
    ['close, te', '1.1', true],
    ['closed', '1.1', false],
    ['x-close', '1.1', false],
    ['keep-alive', '1.1', false],
    ['keep-alive', '1.0', true],
  ])('R1: Connection: %s in HTTP/%s ends it: %s', (value, version, close) => {
    expect(read(['Connection', value], version)).toMatchObject({ close })
  })

  it.each([
    [['Expect', '100-Continue', 'Content-Length', '1'], '1.1', true],
    [['Expect', '100-continue'], '1.1', false],
    [['Expect', '100-continue', 'Content-Length', '1'], '1.0', false],
    [['Expect', 'miracles'], '1.0', false],
  ])('R6: %j in HTTP/%s waits for 100: %s', (fields, version, awaitsContinue) => {
    expect(read(fields, version)).toMatchObject({ awaitsContinue })
  })

  it.each([[['Expect', '100-continue, x']], [['Expect', '']], [['Expect', '100-continue', 'Expect', 'x']]])(
    'R6: refuses %j',
    (fields) => {
      expect(judged(['Host', 'a', ...fields])).toBe('malformed-request')
    },
  )
})
