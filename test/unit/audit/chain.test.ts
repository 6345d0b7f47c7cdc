import { createHash } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { GENESIS, readLine, sealHeader, sealRecord } from '../../../src/audit/chain.ts'
import { LineCutter } from '../../../src/audit/lines.ts'
import { segmentName, segmentNames, segmentNumber } from '../../../src/audit/segment-name.ts'

const START = { log: 'log-1', segment: 0, sequence: 1, hash: GENESIS }

describe('sealRecord', () => {
  it('ends the line with the hash of all bytes before it, and names the line before', () => {
    const { line, head } = sealRecord(START, '"kind":"log"')

    const digest = createHash('sha256')
      .update(`{"seq":1,"prev":"${GENESIS}","kind":"log"`)
      .digest('base64url')
    expect(line).toBe(`{"seq":1,"prev":"${GENESIS}","kind":"log","hash":"${digest}"}\n`)
    expect(head).toEqual({ ...START, sequence: 2, hash: digest })
  })
})

describe('sealHeader', () => {
  it('begins the next segment without taking a sequence number', () => {
    const { line, head } = sealHeader({ ...START, segment: 4, sequence: 17 }, 1_800_000_000_000.7)

    expect(JSON.parse(line)).toMatchObject({
      sallyportAudit: 1,
      log: 'log-1',
      segment: 5,
      first: 17,
      atMs: 1_800_000_000_000,
    })
    expect(head).toMatchObject({ segment: 5, sequence: 17 })
    expect(readLine(line.trimEnd())).toMatchObject({ kind: 'header', segment: 5, first: 17, hash: head.hash })
  })
})

describe('readLine', () => {
  it('reads what was sealed', () => {
    const { line, head } = sealRecord({ ...START, sequence: 9 }, '"kind":"log"')

    expect(readLine(line.trimEnd())).toEqual({ kind: 'record', sequence: 9, prev: GENESIS, hash: head.hash })
  })

  it.each([
    ['an empty line', ''],
    ['a short line', '{"seq":1}'],
    ['a line that keeps its LF', sealRecord(START, '"a":1').line],
    ['a sealed line that is neither record nor header', seal('{"other":1')],
    ['sequence number 0', seal(`{"seq":0,"prev":"${GENESIS}","a":1`)],
    ['a version that it does not know', seal('{"sallyportAudit":2,"log":"x"')],
  ])('refuses %s', (_, line) => {
    expect(readLine(line)).toBeUndefined()
  })

  it('refuses a hash written in another way that decodes to the same bytes', () => {
    const line = sealRecord(START, '"a":1').line.trimEnd()
    const last = line.at(-3) ?? ''
    const next = String.fromCharCode(last.charCodeAt(0) + 1)

    const twin = `${line.slice(0, -3)}${next}"}`

    expect(Buffer.from(twin.slice(-45, -2), 'base64url')).toEqual(
      Buffer.from(line.slice(-45, -2), 'base64url'),
    )
    expect(readLine(twin)).toBeUndefined()
  })
})

describe('LineCutter', () => {
  it.each([1, 2, 3, 100])('finds the same lines in pieces of %d bytes', (size) => {
    const cutter = new LineCutter(10)
    const bytes = Buffer.from('ab\n\ncde\nrest')
    const lines = []

    for (let at = 0; at < bytes.length; at += size) lines.push(...cutter.push(bytes.subarray(at, at + size)))

    expect(lines).toEqual([
      { text: 'ab', offset: 10 },
      { text: '', offset: 13 },
      { text: 'cde', offset: 14 },
    ])
    expect(cutter.rest).toEqual({ text: 'rest', offset: 18 })
  })

  it('R45: gives up on a line without end, in bounded memory', () => {
    const cutter = new LineCutter(0)
    const chunk = Buffer.alloc(65_536, 'x')

    for (let each = 0; each < 1_000; each++) cutter.push(chunk)

    expect(cutter.overlong).toBe(true)
    expect(cutter.rest.text.length).toBeLessThan(400_000)
    expect(cutter.push(Buffer.from('\na\n'))).toEqual([])
  })
})

describe('segment names', () => {
  it('are in the order of their numbers, other files passed over', () => {
    const names = [
      segmentName(10, 7),
      'lock',
      'audit.new',
      segmentName(9, 5),
      'audit-1-1.jsonl',
      'audit-00000003-0.jsonl',
    ]

    expect(segmentNames(names)).toEqual(['audit-00000009-5.jsonl', 'audit-00000010-7.jsonl'])
    expect(segmentNumber('audit-00000010-7.jsonl')).toBe(10)
    expect(segmentNumber('lock')).toBe(0)
  })

  it('sort by number also when it outgrows its padding', () => {
    const names = [segmentName(100_000_000, 9), segmentName(99_999_999, 8)]

    expect(segmentNames(names)).toEqual([segmentName(99_999_999, 8), segmentName(100_000_000, 9)])
  })
})

function seal(body: string): string {
  return `${body},"hash":"${createHash('sha256').update(body).digest('base64url')}"}`
}
