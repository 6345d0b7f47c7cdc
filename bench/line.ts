import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openAuditLog } from '../src/audit/writer.ts'
import { systemClock } from '../src/core/clock.ts'
import { silentObserver } from '../src/core/events.ts'
import type { Client, Exchange } from '../src/core/exchange.ts'
import { createAuthenticator } from '../src/identity/authenticator.ts'
import { mintToken } from '../src/identity/mint.ts'
import { bodyMemory } from '../src/limit/memory.ts'
import { peerBudget } from '../src/limit/peers.ts'
import type { Gate } from '../src/pipeline/gate.ts'
import { handle } from '../src/pipeline/handle.ts'
import { routeTable } from '../src/pipeline/route.ts'
import { loadPolicies } from '../src/policy/load.ts'
import { rateCounters } from '../src/limit/rate.ts'
import { createPluginHost } from '../src/listener/plugin-host.ts'
import { makeRoutes } from '../src/routes.ts'
import { createScreen } from '../src/screen/screen.ts'
import { createMetrics } from '../src/telemetry/metrics.ts'
import { createAssertions } from '../src/upstream/assertion.ts'
import { testRoute } from '../test/fixtures/gate.ts'
import { auditConfig } from '../test/fixtures/audit.ts'
import { testKey } from '../test/fixtures/identity.ts'
import { roomyBounds } from '../test/fixtures/listening.ts'

/**
 * The line without the listener: `handle` with a client in memory, the audit log on disk, and an agent in another process whose
 * CPU is not counted. A POST of a 0.9 KB chat with a token that is remembered, answered with 0.4 KB; and one event of a stream,
 * from the agent's socket to the client's `write`. Medians of this process's CPU, and of the heap that one of them takes.
 */
const WARM = 40_000
const ROUNDS = 9
const REQUESTS = 4_000
const AT_ONCE = 64
const STREAMS = 200
const EVENTS = 50

const AGENT = `const answer = JSON.stringify({ choices: [{ index: 0, message: { role: 'assistant', content: 'x'.repeat(300) } }] })
const event = 'data: {"choices":[{"index":0,"delta":{"content":"hello"}}]}\\n\\n'
let streams = []
require('http').createServer((q, s) => { q.resume(); q.on('end', () => {
  if (q.url.endsWith('?stream')) { s.writeHead(200, { 'content-type': 'text/event-stream' }); s.flushHeaders(); streams.push(s) }
  else { s.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }); s.end(answer) } }) })
  .listen(0, '127.0.0.1', function () { console.log(this.address().port) })
process.stdin.on('data', (order) => { for (const s of streams) order == 'event' ? s.write(event) : s.end(); if (order != 'event') streams = [] })`

const child = spawn(process.execPath, ['-e', AGENT], { stdio: ['pipe', 'pipe', 'inherit'] })
const [port] = (await once(child.stdout, 'data')) as [Buffer]
const folder = mkdtempSync(join(tmpdir(), 'sallyport-line-'))
const { gate, token } = await open(`http://127.0.0.1:${Number(port.toString())}`)
const text = 'Please summarise the attached report in three sentences, and list the open questions. '
const messages = [
  { role: 'system', content: 'You are a careful assistant of the finance team.' },
  { role: 'user', content: text.repeat(9) },
]
const body = Buffer.from(JSON.stringify({ model: 'gpt-5-mini', temperature: 0.2, messages }))
/** What the openai SDK sends. */
const HEADERS = (
  'Host|gate.test|Connection|keep-alive|Accept|application/json|Content-Type|application/json|User-Agent|OpenAI/JS 7.57.0|' +
  'X-Stainless-Lang|js|X-Stainless-OS|Linux|X-Stainless-Retry-Count|0|Accept-Encoding|gzip, deflate'
).split('|')
/** Told of each head and each event that reaches a client. */
let arrived = (): void => {}

await requests(WARM)
report('line request', await rounds(async () => requests(REQUESTS)), await heapOf(() => requests(256), 256))
const handled = await openStreams()
report(
  'line event',
  await rounds(() => cpuEach(STREAMS * EVENTS, () => inTurn(EVENTS, events))),
  await heapOf(events, STREAMS),
)
child.stdin.write('end')
await Promise.all(handled)
await gate.audit.close()
child.kill()
rmSync(folder, { recursive: true })
process.exit()

async function open(url: string): Promise<{ gate: Gate; token: string }> {
  const deps = { clock: systemClock, observer: silentObserver }
  const key = testKey('ES256')
  const path = join(folder, 'jwks.json')
  writeFileSync(path, JSON.stringify({ keys: [key.jwk] }))
  const issuer = {
    issuer: 'https://idp.test',
    audiences: ['https://agents.test'],
    algorithms: ['ES256'],
    keys: { kind: 'file', path },
    tokenTypes: ['at+jwt'],
    preset: undefined,
    rolesPath: ['roles'],
    roleMap: undefined,
    leewayMs: 5_000,
    lifetimeMsMax: 86_400_000,
    staleMsMax: 86_400_000,
    cooldownMs: 5_000,
  } as const
  const route = testRoute(url, { protocol: 'openai' })
  const limits = { ...route.limits, requests: { max: 1_000_000_000, windowMs: 60_000 } }
  const identity = createAuthenticator([issuer], { ...deps, fetch: () => Promise.reject(new Error('none')) })
  await identity.start()
  const routes = makeRoutes({ publicUrl: 'https://gate.test', routes: [{ ...route, limits }] } as never, {
    ...deps,
    assertions: createAssertions('https://gate.test', systemClock),
    exchanges: { count: 0, max: 10_000 },
    counters: await rateCounters(createPluginHost()),
  })
  const audit = auditConfig(join(folder, 'audit'), { queueMax: 100_000, segmentBytesMax: 67_108_864 })
  const nowS = Math.floor(Date.now() / 1_000)
  const claims = { iss: issuer.issuer, aud: issuer.audiences[0], sub: 'alice', roles: ['reader'] }
  return {
    gate: {
      entry: {
        routes: routeTable(routes),
        hosts: new Set(['gate.test']),
        documents: new Map(),
        peers: peerBudget(1_000_000_000),
        load: { shedding: false, close() {} },
      },
      identity,
      policies: loadPolicies([route], []),
      bounds: { memory: bodyMemory(roomyBounds.bodyMemoryBytesMax), jsonDepthMax: 64, textsMax: 1_000 },
      screen: createScreen(),
      audit: await openAuditLog(audit, deps),
      observer: { event: (name, detail) => console.error(name, detail) },
      meter: createMetrics().meter,
      ownHeaders: [],
      revision: 'bench-revision',
    },
    token: await mintToken({
      key: key.privateKey,
      kid: key.kid,
      alg: key.alg,
      claims: { ...claims, iat: nowS, exp: nowS + 3_600 },
    }),
  }
}

function exchange(query: string): Exchange {
  return {
    id: '01JZX3M0B7K5R9W2V8Q4T6Y1NP',
    receivedMs: Date.now(),
    startedMs: performance.now(),
    version: '1.1',
    method: 'POST',
    target: `/agent/v1/chat/completions${query}`,
    authority: undefined,
    rawHeaders: HEADERS.concat('Content-Length', String(body.length), 'Authorization', `Bearer ${token}`),
    connection: {
      peer: '192.0.2.7',
      network: '192.0.2.7',
      trusted: false,
      named: false,
      servername: 'gate.test',
      tlsVersion: 'TLSv1.3',
    },
    body: { present: true, read: () => Promise.resolve(body), chunks: () => expectNothing() },
    client: client(),
  }
}

function client(): Client {
  return {
    gone: false,
    onGone() {},
    onLeft: (listener) => listener(),
    reply: ({ status }) => void (status === 200 || expectNothing()),
    open() {
      arrived()
      return { write: () => (arrived(), true), onDrain() {}, end() {} }
    },
    abort: () => expectNothing(),
    inform() {},
  }
}

function expectNothing(): never {
  throw new Error('the line did not go through')
}

function requests(count: number): Promise<number> {
  let left = count
  const lane = async (): Promise<void> => {
    for (; left > 0; await handle(gate, exchange(''))) left -= 1
  }
  return cpuEach(count, () => Promise.all(Array.from({ length: AT_ONCE }, lane)))
}

async function openStreams(): Promise<Promise<void>[]> {
  const heads = arrivals()
  const handled = Array.from({ length: STREAMS }, () => handle(gate, exchange('?stream')))
  await heads
  return handled
}

/** One event of each stream. */
async function events(): Promise<void> {
  const all = arrivals()
  child.stdin.write('event')
  await all
}

function arrivals(): Promise<void> {
  let left = STREAMS
  return new Promise((resolve) => (arrived = () => void ((left -= 1) === 0 && resolve())))
}

async function inTurn(count: number, run: () => Promise<void>): Promise<void> {
  for (let i = 0; i < count; i += 1) await run()
}

/** Microseconds for each. */
async function cpuEach(count: number, run: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / count
}

async function rounds(run: () => Promise<number>): Promise<number> {
  const all: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) all.push(await run())
  return median(all)
}

/** Bytes for each: the growth of a heap just collected, while it is too small to be collected again. */
async function heapOf(run: () => Promise<unknown>, count: number): Promise<number> {
  const all: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    globalThis.gc?.()
    const before = process.memoryUsage().heapUsed
    await run()
    const grown = process.memoryUsage().heapUsed - before
    if (grown > 0) all.push(grown / count)
  }
  return median(all)
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
}

function report(name: string, us: number, bytes: number): void {
  console.log(`${name}: ${us.toFixed(1)} us CPU, ${Math.round(bytes)} heap bytes`)
}
