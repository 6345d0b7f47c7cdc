import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyLog } from '../../src/audit/read.ts'
import type { TestAgent } from '../fixtures/agent.ts'
import { verifyAgain } from '../fixtures/audit-verifier.ts'
import { KeepAliveClient } from '../fixtures/keep-alive.ts'
import { killRound } from '../fixtures/kill-rounds.ts'
import { type Place, preparePlace } from '../fixtures/serving.ts'
import { startStreamingAgent } from '../fixtures/streaming-agent.ts'

/** `npm run soak` kills twenty times. */
const KILLS = 3

let agent: TestAgent
let place: Place

beforeAll(async () => {
  agent = await startStreamingAgent()
  // Small segments, so that kills also fall into a rotation.
  place = await preparePlace({
    agent: agent.url,
    settings: { audit: { dir: './audit', segment_max: '1MiB' } },
  })
})
afterAll(async () => {
  await place.remove()
  await agent.close()
})

describe('F7: kill -9 of the gateway under load with open streams', () => {
  it.each(Array.from({ length: KILLS }, (_, index) => [index + 1]))(
    'kill %i: what was answered or forwarded is on record, and the log goes on',
    { timeout: 60_000 },
    async (kill) => {
      const report = await killRound(place, agent, { clients: 16, streams: 16, answers: 431 * kill })

      // A disk that does not answer for five seconds closes the gate; nothing else may.
      expect(report.refused.filter((one) => one !== '503 audit-unavailable')).toEqual([])
      expect(report.undecided).toEqual([])
      expect(report.unended).toEqual([])
      expect(report.unrecorded).toEqual([])
      expect(report.verified).toMatchObject({ failure: undefined, end: expect.stringMatching(/^open|torn$/) })
      expect(report.again).toBe('ok')
      expect(report.reused).toEqual([])
      expect(report.answered).toBeGreaterThan(300)
      expect(report.streamed).toBeGreaterThan(10)
      expect(report.cut).toBeGreaterThan(0)
      // Two seconds on a machine of one's own; here others work too.
      expect(report.readyMs).toBeLessThan(15_000)
    },
  )

  it('starts again, answers, and ends its log properly', { timeout: 60_000 }, async () => {
    const gateway = await place.serve()
    const client = new KeepAliveClient(place.asker)

    const answer = await client.get('/agent')
    const code = await gateway.end('SIGTERM')

    expect(answer).toMatchObject({ status: 200, whole: true })
    expect(code).toBe(0)
    expect(await verifyLog(place.auditDir)).toMatchObject({ failure: undefined, end: 'closed' })
    expect(verifyAgain(place.segments())).toBe('ok')
  })
})
