import { describe, expect, it } from 'vitest'
import type { AuditLog } from '../../../src/audit/audit.ts'
import type { Exchange } from '../../../src/core/exchange.ts'
import { record } from '../../../src/pipeline/record.ts'
import type { Clearance } from '../../../src/pipeline/screen.ts'
import { Story } from '../../../src/pipeline/story.ts'
import { Denial } from '../../../src/problem/problems.ts'

const clearance = { verdict: { findings: [] } } as unknown as Clearance

function heard(written: boolean) {
  const story = new Story({ startedMs: 0, connection: {} } as unknown as Exchange, 'r')
  story.principal = {} as never
  story.route = { config: { name: 'chat' } } as never
  story.reading = { call: { operation: 'chat/completions' }, bytes: new Uint8Array(9) } as never
  const said: unknown[] = []
  const audit = { decision: async (it: unknown) => said.push(it) > 0 && written } as unknown as AuditLog
  return { story, audit, said }
}

describe('a decision to let a call pass', () => {
  it('is on record with what was read, which is then let go: a stream may stay open for hours', async () => {
    const { story, audit, said } = heard(true)

    const recorded = await record(audit, story, clearance)

    expect(recorded).not.toBeInstanceOf(Denial)
    expect(said).toMatchObject([{ kind: 'decision', operation: 'chat/completions', requestBytes: 9 }])
    expect([story.decided, story.reading]).toEqual([true, undefined])
  })

  it('that cannot be written is none', async () => {
    const { story, audit } = heard(false)

    const recorded = await record(audit, story, clearance)

    expect(recorded).toMatchObject({ problem: 'audit-unavailable' })
    expect(story.decided).toBe(false)
  })
})
