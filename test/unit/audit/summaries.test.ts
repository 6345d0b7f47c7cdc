import { describe, expect, it } from 'vitest'

import { Summaries } from '../../../src/audit/summaries.ts'

const seen = (
  peer: string,
  what: string,
  nowMs = 1,
): { peer: string; what: string; id: string; nowMs: number } => ({
  peer,
  what,
  id: `id-${nowMs}`,
  nowMs,
})

describe('Summaries', () => {
  it('adds up by peer and kind, and keeps the first id', () => {
    const summaries = new Summaries(10)
    summaries.add(seen('192.0.2.1', 'token-missing', 5))
    summaries.add(seen('192.0.2.1', 'token-missing', 6))
    summaries.add(seen('192.0.2.1', 'token-expired', 7))

    const records = summaries.take(9)

    expect(records).toEqual([
      {
        kind: 'summary',
        peer: '192.0.2.1',
        fromMs: 5,
        toMs: 9,
        counts: { 'token-missing': 2, 'token-expired': 1 },
        firstId: 'id-5',
      },
    ])
    expect(summaries.take(10)).toEqual([])
  })

  it('R51: counts peers over the bound together, whatever comes', () => {
    const summaries = new Summaries(2)
    for (let index = 0; index < 1_000; index++) summaries.add(seen(`peer-${index}`, 'token-missing'))

    const records = summaries.take(2)

    expect(records.map(({ peer }) => peer)).toEqual(['peer-0', 'peer-1', '*'])
    expect(records[2]?.counts).toEqual({ 'token-missing': 998 })
  })

  it('bounds names and lengths', () => {
    const summaries = new Summaries(2)
    for (let index = 0; index < 500; index++) summaries.add(seen('x'.repeat(9_999), `what-${index}`))
    summaries.add(seen('x'.repeat(9_999), 'y'.repeat(9_999)))

    const [record] = summaries.take(2)

    expect(record?.peer).toHaveLength(64)
    expect(Object.keys(record?.counts ?? {})).toHaveLength(65)
    expect(record?.counts['other']).toBe(437)
  })

  it('is not fooled by names of inherited members', () => {
    const summaries = new Summaries(2)
    summaries.add(seen('__proto__', '__proto__'))
    summaries.add(seen('constructor', 'constructor'))

    const records = summaries.take(2)

    expect(records.map(({ peer, counts }) => [peer, Object.entries(counts)])).toEqual([
      ['__proto__', [['__proto__', 1]]],
      ['constructor', [['constructor', 1]]],
    ])
  })
})
