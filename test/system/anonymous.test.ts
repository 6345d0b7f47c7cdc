import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ask } from '../fixtures/ask.ts'
import { startGate, type TestGate, testRoute } from '../fixtures/gate.ts'

describe('what is answered before anybody is known', () => {
  it('R51: is counted in the summary of its peer, permitted or refused', async () => {
    const other = await startGate({
      routes: [
        testRoute('http://127.0.0.1:1', {
          cors: { origins: ['https://app.example'], headers: [], maxAgeS: 1 },
        }),
      ],
      audit: { summaryWindowMs: 50 },
    })
    const origin = { origin: 'https://app.example', 'access-control-request-method': 'POST' }

    await ask(other, { method: 'OPTIONS', token: null, headers: origin })
    await ask(other, { path: '/.well-known/jwks.json', token: null })
    await ask(other, { token: null })
    const counts = await counted(other, 3)
    await other.close()

    expect(counts).toEqual({ preflight: 1, 'public-document': 1, 'token-missing': 1 })
  })
})

/** Counts of all summaries so far, added up, once they are so many. */
async function counted(from: TestGate, total: number): Promise<Record<string, number>> {
  for (let i = 0; i < 200; i += 1) {
    const sums: Record<string, number> = {}
    for (const record of from.records().filter(({ kind }) => kind === 'summary')) {
      for (const [what, count] of Object.entries(record['counts'] as Record<string, number>)) {
        sums[what] = (sums[what] ?? 0) + count
      }
    }
    if (Object.values(sums).reduce((sum, count) => sum + count, 0) >= total) return sums
    await sleep(20)
  }
  return {}
}
