/**
 * The long forms of test/fault: `npm run soak -- [--kills 20] [--restarts 4] [--minutes 10]`; 0 leaves one out.
 *
 * Kills the gateway under load, restarts replicas under load, and presses one with clients of all manners while its memory is
 * watched. From half an hour on, memory that grows by more than 1 MiB an hour is a failure; a shorter run only says how much.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startBalancer } from '../test/fixtures/balancer.ts'
import { startH2Load } from '../test/fixtures/h2-load.ts'
import { type Exchanged, startLoad } from '../test/fixtures/keep-alive.ts'
import { killRound } from '../test/fixtures/kill-rounds.ts'
import { startRoughClients } from '../test/fixtures/rough-clients.ts'
import { adminPage, type Place, preparePlace, type Serving } from '../test/fixtures/serving.ts'
import { startStreamingAgent } from '../test/fixtures/streaming-agent.ts'

const BOUNDS = { requests_per_peer_per_s: 1_000_000, loop_delay_max: '10s' }
const SAMPLE_MS = 5_000
const SLOPE_MIB_PER_H_MAX = 1
const JUDGED_FROM_MINUTES = 30

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    restarts: { type: 'string', default: '4' },
    minutes: { type: 'string', default: '10' },
  },
})
const agent = await startStreamingAgent()
const faults = [
  ...(await kills(Number(values.kills))),
  ...(await restarts(Number(values.restarts))),
  ...(await memory(Number(values.minutes))),
]
await agent.close()
for (const fault of faults) process.stdout.write(`FAILED: ${fault}\n`)
process.stdout.write(faults.length === 0 ? 'soak: no fault\n' : `soak: ${faults.length} faults\n`)
process.exitCode = faults.length === 0 ? 0 : 1

/** F7. */
async function kills(count: number): Promise<string[]> {
  const found: string[] = []
  const place = await preparePlace({
    agent: agent.url,
    settings: { audit: { dir: './audit', segment_max: '1MiB' } },
  })
  for (let kill = 1; kill <= count; kill++) {
    const report = await killRound(place, agent, { clients: 32, streams: 32, answers: 500 + 397 * kill })
    const { refused, words, undecided, unended, unrecorded, reused, verified, again } = report
    process.stdout.write(
      `F7 kill ${kill}/${count}: ${report.answered} answered, ${report.cut} cut, ready in ${Math.round(report.readyMs)} ms, ${verified.records} records, end ${verified.end}\n`,
    )
    if (refused.length > 0)
      found.push(`F7 kill ${kill}: ordinary requests were refused: ${refused.join(', ')}\n${words}`)
    if (undecided.length + unended.length + unrecorded.length + reused.length > 0)
      found.push(`F7 kill ${kill}: ${brief({ undecided, unended, unrecorded, reused })}`)
    if (verified.failure !== undefined || again !== 'ok')
      found.push(`F7 kill ${kill}: ${JSON.stringify(verified.failure)}, second verifier ${again}`)
  }
  await place.remove()
  return found
}

/** How many of each, and the first of them. */
function brief(lists: Readonly<Record<string, readonly unknown[]>>): string {
  const some = Object.entries(lists).filter(([, list]) => list.length > 0)
  return some.map(([name, list]) => `${list.length} ${name}, first ${String(list[0])}`).join('; ')
}

/** F8. */
async function restarts(count: number): Promise<string[]> {
  if (count === 0) return []
  const balancer = await startBalancer()
  const prepare = (): Promise<Place> =>
    preparePlace({
      agent: agent.url,
      publicPort: balancer.port,
      settings: { bounds: { ...BOUNDS, drain: '15s' } },
    })
  const places = [await prepare(), await prepare()] as const
  const start = async (index: 0 | 1): Promise<Serving> => {
    const gateway = await places[index].serve()
    balancer.place(String(index), { port: places[index].port, adminPort: gateway.adminPort })
    while (!balancer.ready().includes(String(index))) await delay(20)
    return gateway
  }
  const gateways = [await start(0), await start(1)]
  const asker = { ...places[0].asker, port: balancer.port }
  const loads = [
    startLoad(asker, 16, '/agent'),
    startH2Load(asker, 4, '/agent'),
    startLoad(asker, 16, '/agent/stream/40/50'),
    startH2Load(asker, 2, '/agent/stream/40/50'),
  ]
  for (let restart = 0; restart < count; restart++) {
    const index = restart % 2 === 0 ? 0 : 1
    await gateways[index]?.end('SIGTERM')
    balancer.place(String(index), undefined)
    gateways[index] = await start(index)
    const asked = loads.reduce((sum, { done }) => sum + done.length, 0)
    process.stdout.write(`F8 restart ${restart + 1}/${count}: ${asked} requests so far\n`)
  }
  await Promise.all(loads.map((load) => load.stop()))
  const failed = loads.flatMap(({ done }) => done.filter(isFailed))
  await Promise.all(places.map((place) => place.remove()))
  await balancer.close()
  return failed.length + balancer.refused === 0
    ? []
    : [
        `F8: ${failed.length} requests failed, ${balancer.refused} connections were refused: ${JSON.stringify(failed[0])}`,
      ]
}

function isFailed({ status, whole }: Exchanged): boolean {
  return status !== 200 || !whole
}

/** F12. */
async function memory(minutes: number): Promise<string[]> {
  if (minutes === 0) return []
  const place = await preparePlace({
    agent: agent.url,
    settings: { bounds: BOUNDS, log: { level: 'silent' } },
  })
  const gateway = await place.serve()
  const loads = [
    startLoad(place.asker, 6, '/agent'),
    startH2Load(place.asker, 2, '/agent'),
    startLoad(place.asker, 20, '/agent/stream/10/50'),
  ]
  const rough = startRoughClients(place.asker, 8)
  const samples: Sample[] = []
  const endMs = performance.now() + minutes * 60_000
  let asked = 0
  let failed = 0
  while (performance.now() < endMs) {
    await delay(SAMPLE_MS)
    for (const { done } of loads) {
      asked += done.length
      failed += done.filter(isFailed).length
      done.length = 0
    }
    agent.seen.length = 0
    samples.push(await sample(gateway))
    const { rssMiB, heapMiB } = samples.at(-1) ?? NO_SAMPLE
    process.stdout.write(
      `F12 ${((endMs - performance.now()) / 60_000).toFixed(1)} min to go: ${asked} requests, ${failed} failed, ${rough.done} rough, RSS ${rssMiB.toFixed(1)} MiB, heap ${heapMiB.toFixed(1)} MiB\n`,
    )
  }
  await Promise.all([...loads, rough].map((one) => one.stop()))
  await delay(SAMPLE_MS)
  const { connections, exchanges } = await sample(gateway)
  const code = await gateway.end('SIGTERM')
  await place.remove()
  return judge({ samples, minutes, failed, left: { connections, exchanges }, code })
}

interface Sample {
  readonly atH: number
  readonly rssMiB: number
  readonly heapMiB: number
  readonly connections: number
  readonly exchanges: number
}

const NO_SAMPLE: Sample = { atH: 0, rssMiB: 0, heapMiB: 0, connections: 0, exchanges: 0 }

async function sample({ adminPort }: Serving): Promise<Sample> {
  const { text } = await adminPage(adminPort, '/metrics')
  const read = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 0)
  return {
    atH: performance.now() / 3_600_000,
    rssMiB: read('process_resident_memory_bytes') / 1_048_576,
    heapMiB: read('nodejs_heap_size_used_bytes') / 1_048_576,
    connections: read('sallyport_connections'),
    exchanges: read('sallyport_exchanges'),
  }
}

interface Soaked {
  readonly samples: readonly Sample[]
  readonly minutes: number
  readonly failed: number
  readonly left: Pick<Sample, 'connections' | 'exchanges'>
  readonly code: number | string
}

function judge({ samples, minutes, failed, left, code }: Soaked): string[] {
  // The first quarter is warm-up: the JIT, caches that fill, and buffers that grow to their size.
  const steady = samples.slice(Math.floor(samples.length / 4))
  const slope = slopeOf(steady.map(({ atH, rssMiB }) => [atH, rssMiB]))
  const heapSlope = slopeOf(steady.map(({ atH, heapMiB }) => [atH, heapMiB]))
  process.stdout.write(
    `F12: RSS slope ${slope.toFixed(1)} MiB/h, heap slope ${heapSlope.toFixed(1)} MiB/h over ${steady.length} samples; left open: ${left.connections} connections, ${left.exchanges} exchanges\n`,
  )
  const found: string[] = []
  if (failed > 0) found.push(`F12: ${failed} ordinary requests failed`)
  if (code !== 0) found.push(`F12: the gateway ended with ${code}`)
  if (left.exchanges > 0) found.push(`F12: ${left.exchanges} exchanges never ended`)
  if (minutes >= JUDGED_FROM_MINUTES && slope > SLOPE_MIB_PER_H_MAX)
    found.push(`F12: memory grows by ${slope.toFixed(1)} MiB an hour`)
  return found
}

/** Least squares. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (pick: 0 | 1): number => points.reduce((sum, point) => sum + point[pick], 0) / points.length
  const [meanX, meanY] = [mean(0), mean(1)]
  let over = 0
  let under = 0
  for (const [x, y] of points) {
    over += (x - meanX) * (y - meanY)
    under += (x - meanX) ** 2
  }
  return under === 0 ? 0 : over / under
}
