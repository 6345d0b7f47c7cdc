import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verifyLog } from '../../src/audit/read.ts'
import type { TestAgent } from '../fixtures/agent.ts'
import { freePort } from '../fixtures/gate.ts'
import { KeepAliveClient, startLoad } from '../fixtures/keep-alive.ts'
import { rawTcp } from '../fixtures/raw.ts'
import { adminStatus, type Place, preparePlace, type Serving } from '../fixtures/serving.ts'
import { startStreamingAgent } from '../fixtures/streaming-agent.ts'

let agent: TestAgent
let place: Place | undefined

beforeEach(async () => {
  agent = await startStreamingAgent()
})
afterEach(async () => {
  await place?.remove()
  place = undefined
  await agent.close()
})

/** CPU that a process has used so far, milliseconds: a tick of /proc is 10 ms. */
function cpuMs({ child }: Serving): number {
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

const descriptors = ({ child }: Serving): number => readdirSync(`/proc/${child.pid}/fd`).length

describe('F11: a bound of 256 file descriptors', () => {
  it(
    'a crowd of connections takes none from the log and the admin listener; who is there is served, and later everybody',
    { timeout: 60_000 },
    async () => {
      place = await preparePlace({
        agent: agent.url,
        settings: {
          bounds: { requests_per_peer_per_s: 1_000_000, loop_delay_max: '10s', silent: '30s' },
          log: { level: 'warn' },
          audit: { dir: './audit', segment_max: '1MiB' },
        },
      })
      const gateway = await place.serve({ descriptorsMax: 256 })
      // Most of a segment of the log is full before the crowd comes.
      const load = startLoad(place.asker, 8, '/agent')
      while ((place.segments()[0]?.bytes.length ?? 0) < 850_000) await delay(20)
      await load.stop()
      const kept = new KeepAliveClient(place.asker)
      await kept.get('/agent')

      const crowd = await Promise.all(
        Array.from({ length: 400 }, () => rawTcp(place?.port ?? 0).catch(() => undefined)),
      )
      await delay(300)
      const held = descriptors(gateway)
      const before = cpuMs(gateway)
      await delay(1_000)
      const spentMs = cpuMs(gateway) - before
      const ready = await adminStatus(gateway.adminPort, '/readyz')
      // Enough for a new segment of the log, which takes a descriptor of its own.
      const statuses = new Set<number>()
      while (place.segments().length < 2) statuses.add((await kept.get('/agent')).status)
      for (const one of crowd) one?.end()
      while (descriptors(gateway) > 60) await delay(20)
      const newcomer = await new KeepAliveClient(place.asker).get('/agent')
      const code = await gateway.end('SIGTERM')

      expect(gateway.words()).toContain('"event":"bounds-lowered"')
      expect(held).toBeLessThan(200)
      expect(crowd.filter((one) => one?.socket.closed !== false).length).toBeGreaterThan(200)
      expect(spentMs).toBeLessThan(500)
      expect(ready).toBe(200)
      expect([...statuses]).toEqual([200])
      expect(newcomer).toMatchObject({ status: 200, whole: true })
      expect(code).toBe(0)
      expect(await verifyLog(place.auditDir)).toMatchObject({ failure: undefined, end: 'closed' })
    },
  )
})

describe('F19: nobody reads stdout and stderr', () => {
  it(
    'requests are not held up, nothing is lost from the audit log, and SIGTERM still ends it',
    { timeout: 60_000 },
    async () => {
      // Nothing listens there: each request is a line of the log.
      place = await preparePlace({
        agent: `http://127.0.0.1:${await freePort()}`,
        settings: {
          bounds: { requests_per_peer_per_s: 1_000_000, drain_notice: '0s' },
          log: { level: 'debug' },
        },
      })
      const gateway = await place.serve({ readStderr: false, readStdout: false })
      const load = startLoad(place.asker, 8, '/agent')
      // Twice what a pipe holds.
      while (load.done.length < 1_500) await delay(10)
      const blocked = load.done.length
      while (load.done.length < blocked + 200) await delay(10)
      await load.stop()

      const code = await gateway.end('SIGTERM')

      const report = await verifyLog(place.auditDir)
      expect(new Set(load.done.map(({ status }) => status))).toEqual(new Set([502]))
      expect(code).toBe(0)
      expect(report).toMatchObject({ failure: undefined, end: 'closed', counts: { open: 0 } })
      expect(report.counts.outcomes).toBe(load.done.length)
    },
  )
})
