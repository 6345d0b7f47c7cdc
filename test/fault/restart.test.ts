import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyLog } from '../../src/audit/read.ts'
import type { TestAgent } from '../fixtures/agent.ts'
import { type Balancer, startBalancer } from '../fixtures/balancer.ts'
import { startH2Load } from '../fixtures/h2-load.ts'
import { type Asker, type Exchanged, KeepAliveClient, startLoad } from '../fixtures/keep-alive.ts'
import { adminStatus, type Place, preparePlace, type Serving } from '../fixtures/serving.ts'
import { startStreamingAgent } from '../fixtures/streaming-agent.ts'

let agent: TestAgent
let balancer: Balancer
let places: readonly [Place, Place]
/** Whoever goes through the balancer; both replicas have the same keys. */
let asker: Asker
let gateways: readonly [Serving, Serving]

beforeAll(async () => {
  agent = await startStreamingAgent()
  balancer = await startBalancer()
  const prepare = (): Promise<Place> =>
    preparePlace({
      agent: agent.url,
      publicPort: balancer.port,
      settings: {
        bounds: {
          requests_per_peer_per_s: 1_000_000,
          loop_delay_max: '10s',
          drain_notice: '1s',
          drain: '15s',
        },
      },
    })
  places = [await prepare(), await prepare()]
  asker = { ...places[0].asker, port: balancer.port }
  gateways = await Promise.all([start(0), start(1)])
}, 60_000)
afterAll(async () => {
  await Promise.all(places.map((place) => place.remove()))
  await balancer.close()
  await agent.close()
})

async function start(index: 0 | 1): Promise<Serving> {
  const gateway = await places[index].serve()
  balancer.place(String(index), { port: places[index].port, adminPort: gateway.adminPort })
  while (!balancer.ready().includes(String(index))) await delay(20)
  return gateway
}

const failed = (done: readonly Exchanged[]): readonly Exchanged[] =>
  done.filter(({ status, whole }) => status !== 200 || !whole)

describe('F8: SIGTERM under load', () => {
  it('with another replica no request fails, and streams get to their end', { timeout: 90_000 }, async () => {
    const load = [startLoad(asker, 8, '/agent'), startH2Load(asker, 2, '/agent')]
    // Each stream lives for two seconds: longer than the notice, shorter than the drain.
    const streams = [startLoad(asker, 6, '/agent/stream/40/50'), startH2Load(asker, 1, '/agent/stream/40/50')]
    await delay(500)

    const code = await gateways[0].end('SIGTERM')
    balancer.place('0', undefined)
    await delay(200)
    await Promise.all([...load, ...streams].map((one) => one.stop()))

    const [quick, quickH2, slow, slowH2] = [...load, ...streams].map(({ done }) => done)
    expect(code).toBe(0)
    expect(balancer.refused).toBe(0)
    for (const done of [quick, quickH2, slow, slowH2]) expect(failed(done ?? [])).toEqual([])
    expect(quick?.length).toBeGreaterThan(100)
    expect(quickH2?.length).toBeGreaterThan(50)
    expect(slow?.length).toBeGreaterThan(6)
    expect(slow?.every(({ body }) => body.includes('[DONE]'))).toBe(true)
    const report = await verifyLog(places[0].auditDir)
    expect(report).toMatchObject({ failure: undefined, end: 'closed', counts: { open: 0 } })
    expect(report.counts.decisions).toBeGreaterThan(50)
  })

  it('is not ready first, serves meanwhile, and then takes nobody new', { timeout: 60_000 }, async () => {
    const [, gateway] = gateways
    const direct = places[1].asker
    const ready = await adminStatus(gateway.adminPort, '/readyz')
    const stream = new KeepAliveClient(direct).get('/agent/stream/50/50')
    while (!agent.seen.at(-1)?.url.startsWith('/stream/50')) await delay(10)

    const ended = gateway.end('SIGTERM')
    while ((await adminStatus(gateway.adminPort, '/readyz')) === 200) await delay(10)
    const during = await new KeepAliveClient(direct).get('/agent')
    const alive = await adminStatus(gateway.adminPort, '/livez')
    // The stream goes on while the port is closed already.
    let late = during
    while (late.status !== 0) {
      late = await new KeepAliveClient(direct).get('/agent')
      await delay(20)
    }

    expect(ready).toBe(200)
    expect(during).toMatchObject({ status: 200, whole: true })
    expect(alive).toBe(200)
    expect(await stream).toMatchObject({ status: 200, whole: true, body: expect.stringContaining('[DONE]') })
    expect(await ended).toBe(0)
  })
})
