import { describe, expect, it } from 'vitest'

import { LINE_BYTES_MAX } from '../../../src/audit/chain.ts'
import { number, quote, quoteList } from '../../../src/audit/escape.ts'
import { recordMembers } from '../../../src/audit/format.ts'
import type { AuditRecord } from '../../../src/core/record.ts'
import { decision, outcome, refusal } from '../../fixtures/audit.ts'

const parsed = (record: AuditRecord): Record<string, unknown> =>
  JSON.parse(`{${recordMembers(record)}}`) as Record<string, unknown>

const injection = {
  detector: 'injection',
  score: 0.98765,
  origin: 'user',
  at: '/messages/0/content',
  start: 3,
  end: 17,
} as const

describe('quote', () => {
  it.each([
    ['a line feed', 'a\nb'],
    ['a carriage return', 'a\rb'],
    ['an escape sequence', '\u001b[2J'],
    ['DEL', '\u007f'],
    ['a C1 control', '\u009b2J'],
    ['a line separator', '\u2028'],
    ['a right-to-left override', 'gpj.\u202eexe'],
    ['a lone surrogate', '\ud800'],
    ['quotes and backslashes', '"\\"'],
    ['text beyond ASCII', 'Zoë 🙂'],
  ])('escapes %s into printable ASCII that reads back', (_, value) => {
    const json = quote(value, 100)

    expect(json).toMatch(/^[ -~]*$/)
    expect(JSON.parse(json)).toBe(value)
  })

  it('leaves plain text as it is', () => {
    expect(quote("GET /a?b=c's", 100)).toBe(`"GET /a?b=c's"`)
  })

  it('cuts what is longer, and shows that it did', () => {
    expect(quote('abcdef', 6)).toBe('"abcdef"')
    expect(quote('abcdefg', 6)).toBe('"abcde\\u2026"')
  })
})

describe('quoteList', () => {
  it('says how many elements it left out', () => {
    expect(quoteList(['a', 'b', 'c'], 2, 9)).toBe('["a","b","+1 more"]')
    expect(quoteList([], 2, 9)).toBe('[]')
  })
})

describe('number', () => {
  it.each([
    [12, '12'],
    [0.1 + 0.2, '0.3'],
    [-1.5, '-1.5'],
    [Number.NaN, '0'],
    [Infinity, '0'],
  ])('writes %d as %s', (value, json) => {
    expect(number(value)).toBe(json)
  })
})

describe('recordMembers', () => {
  it('R51: tells who, what, which rule, which policies, how long', () => {
    const record = decision('id-1', { findings: [injection], tool: 'get_ticket' })

    expect(parsed(record)).toEqual({
      kind: 'decision',
      id: 'id-1',
      receivedMs: 1_800_000_000_000,
      peer: '192.0.2.7',
      method: 'POST',
      route: 'support',
      operation: 'chat/completions',
      model: 'gpt-5-mini',
      tool: 'get_ticket',
      principal: record.principal,
      revision: 'q1w2e3r4t5y6u7i8',
      effect: 'permit',
      policies: ['support-allow-1'],
      findings: [{ ...injection, score: 0.988 }],
      opaque: false,
      phases: { admit: 0.012, authenticate: 0.1 },
      requestBytes: 321,
    })
  })

  it('R51: writes no member that the format does not name, whatever an object carries', () => {
    const principal = { ...decision('x').principal, token: 'eyJ-secret', claims: { ssn: 'secret' } }
    const findings = [{ ...injection, text: 'secret words' }]

    const members = recordMembers(decision('x', { principal, findings }))

    expect(members).not.toContain('secret')
  })

  it('R51: lets no client value end the line or forge a member', () => {
    const subject = 'eve","effect":"permit"}\n{"seq":1,'

    const record = parsed(refusal('x'))
    const members = recordMembers({ ...refusal('x'), principal: { ...refusal('x').principal, subject } })

    expect(record['effect']).toBe('deny')
    expect(members).not.toContain('\n')
    expect(JSON.parse(`{${members}}`)).toMatchObject({ effect: 'deny', principal: { subject } })
  })

  it('adds problem and reason to a refusal', () => {
    expect(parsed(refusal('x'))).toMatchObject({
      kind: 'refusal',
      problem: 'policy-forbids',
      code: 40_301,
      status: 403,
      reason: 'no policy',
      durationMs: 1,
    })
  })

  it('leaves out what an outcome does not have', () => {
    const refused = { ...outcome('x'), problem: 'upstream-timeout', upstreamStatus: undefined }

    expect(parsed(outcome('x'))).not.toHaveProperty('problem')
    expect(parsed(outcome('x'))).toMatchObject({ upstreamStatus: 200, durationMs: 12.346 })
    expect(parsed(refused)).not.toHaveProperty('upstreamStatus')
    expect(parsed(refused)).toMatchObject({ problem: 'upstream-timeout' })
  })

  it('writes rule and view of a finding where it has them', () => {
    const record = decision('x', { findings: [{ ...injection, rule: 'ignore-previous', view: 'base64' }] })

    expect(parsed(record)['findings']).toMatchObject([{ rule: 'ignore-previous', view: 'base64' }])
  })

  it('writes summaries and marks', () => {
    const summary = { peer: '*', fromMs: 1, toMs: 2, counts: { 'token-missing': 7 }, firstId: undefined }
    const mark = { event: 'opened', atMs: 3, detail: { pid: 42, note: 'ü' } }

    expect(parsed({ kind: 'summary', ...summary })).toEqual({
      kind: 'summary',
      peer: '*',
      fromMs: 1,
      toMs: 2,
      counts: { 'token-missing': 7 },
    })
    expect(parsed({ kind: 'log', ...mark })).toEqual({ kind: 'log', ...mark })
  })

  it('R45: keeps the longest record far below the longest line', () => {
    const long = '\u{1F600}'.repeat(50_000)
    const many = Array.from({ length: 1_000 }, () => long)
    const findings = many.map((at) => ({ ...injection, at, rule: long, view: long, detector: long }))
    const principal = { issuer: long, subject: long, roles: many, tokenDigest: long }
    const record = { ...refusal(long), principal, policies: many, findings, reason: long, peer: long }
    const named = {
      ...record,
      method: long,
      route: long,
      operation: long,
      model: long,
      tool: long,
      problem: long,
    }

    const members = recordMembers({ ...named, revision: long })

    expect(members.length).toBeLessThan(LINE_BYTES_MAX - 1_000)
    expect(JSON.parse(`{${members}}`)).toMatchObject({ kind: 'refusal' })
    expect(members).toContain('{"omitted":968}')
  })
})
