import { describe, expect, it } from 'vitest'
import { judgeFraming, lengthOf } from '../../../src/listener/framing.ts'

const BOUNDS = { headersMax: 3, targetBytesMax: 10 }

function judged(rawHeaders: string[], version = '1.1', target = '/'): string {
  return judgeFraming({ version, target, rawHeaders }, BOUNDS)?.problem ?? 'fine'
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
    expect(judgeFraming({ version: '1.1', target: '/', rawHeaders: [] }, BOUNDS)?.more.close).toBe(true)
  })
})

describe('the length that a head announces', () => {
  it.each([
    [[], 0],
    [['Content-Length', '12'], 12],
    [['x', 'y', 'CONTENT-LENGTH', '0'], 0],
    [['Transfer-Encoding', 'chunked'], undefined],
    [['Content-Lengthy', '12'], 0],
  ])('of %j is %s', (fields, length) => {
    expect(lengthOf(fields)).toBe(length)
  })
})
