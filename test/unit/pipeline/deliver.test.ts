import { describe, expect, it } from 'vitest'
import type { AuditLog } from '../../../src/audit/audit.ts'
import type { Client, Exchange } from '../../../src/core/exchange.ts'
import { deliver } from '../../../src/pipeline/deliver.ts'
import type { Gate } from '../../../src/pipeline/gate.ts'
import { refuse } from '../../../src/pipeline/refuse.ts'
import { Story } from '../../../src/pipeline/story.ts'
import { Denial } from '../../../src/problem/problems.ts'
import type { UpstreamAnswer } from '../../../src/upstream/upstream.ts'

/** A client of ours that breaks where it is told to: a bug of ours, or of what we build on. */
function telling(client: Partial<Client>) {
  const endings: string[] = []
  const audit = {
    outcome: async ({ ending }: { ending: string }) => endings.push(ending) > 0,
    refusal: async () => endings.push('refusal') > 0,
    anonymous: () => {},
  } as unknown as AuditLog
  const exchange = {
    id: 'X',
    startedMs: 0,
    connection: { peer: 'p' },
    client: { gone: false, onGone() {}, ...client },
  }
  const story = new Story(exchange as unknown as Exchange, 'r')
  story.principal = {} as never
  story.route = { config: {}, protocol: { shape: 'http' } } as never
  story.decided = true
  return {
    audit,
    story,
    endings,
    gate: { audit, ownHeaders: [], observer: { event() {} } } as unknown as Gate,
  }
}

const broken = (): never => {
  throw new Error('broken')
}

describe('an answer that cannot be begun', () => {
  it('takes its source along, which nobody else would ever end', async () => {
    const { audit, story } = telling({ open: broken })
    let aborted = 0
    const source = { pipe() {}, resume() {}, abort: () => (aborted += 1) }
    const answer = { status: 200, headers: [], whole: undefined, source, bodyBytes: undefined }

    await expect(deliver(audit, story, answer as unknown as UpstreamAnswer)).rejects.toThrow('broken')

    expect(aborted).toBe(1)
  })
})

describe('an exchange that fails after its outcome is on record', () => {
  it('has no second one', async () => {
    const replies: number[] = []
    let failing = true
    const { audit, story, endings, gate } = telling({
      reply: ({ status }) => {
        if (failing) broken()
        replies.push(status)
      },
    })
    const answer = {
      status: 200,
      headers: [],
      whole: new Uint8Array(2),
      source: undefined,
      bodyBytes: undefined,
    }

    await expect(deliver(audit, story, answer)).rejects.toThrow('broken')
    failing = false
    await refuse(gate, story, new Denial('internal', 'a bug of ours'))

    expect(endings).toEqual(['completed'])
    expect(replies).toEqual([500])
  })
})

describe('what ends an exchange after its decision', () => {
  it.each([
    ['upstream-timeout', false, 'upstream-failed'],
    ['internal', false, 'internal-error'],
    ['content-too-large', false, 'refused'],
    ['malformed-request', false, 'refused'],
    ['upstream-unreachable', true, 'client-aborted'],
  ] as const)('by %s (client gone: %s) is on record as %s', async (problem, gone, ending) => {
    const { story, endings, gate } = telling({ gone, reply() {} })

    await refuse(gate, story, new Denial(problem, 'a reason'))

    expect(endings).toEqual([ending])
  })
})

describe('a bug of ours', () => {
  it.each([
    [true, 'internal-error'],
    [false, 'refusal'],
  ])('is on record once, after the decision (%s) as its outcome', async (decided, ending) => {
    const { story, endings, gate } = telling({ reply() {} })
    story.decided = decided
    story.refusal = () => ({}) as never

    await refuse(gate, story, new Denial('internal', 'a bug of ours'))

    expect(endings).toEqual([ending])
  })
})
