import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Pool } from 'undici'
import { order, testUpstream, upstreamConfig } from '../test/fixtures/raw-upstream.ts'

/**
 * CPU of one hop: a POST of 1 KB, answered with 1 KB by a Node server in another process, beside `undici.request` to the
 * same server, interleaved. Only this process's CPU is counted: median microseconds for each request.
 */
const ROUNDS = 9
const REQUESTS = 4_000
const AT_ONCE = 64
const SERVER = `const body = JSON.stringify({ text: 'x'.repeat(1000) })
require('http').createServer((q, s) => { q.resume(); q.on('end', () => { s.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }); s.end(body) }) })
  .listen(0, '127.0.0.1', function () { console.log(this.address().port) })`

const child = spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] })
const [line] = (await once(child.stdout, 'data')) as [Buffer]
const url = `http://127.0.0.1:${Number(line.toString())}`
const body = Buffer.from(JSON.stringify({ text: 'x'.repeat(1_000) }))
const headers = [
  'host',
  'agent',
  'content-type',
  'application/json',
  'accept',
  'application/json',
  'user-agent',
  'bench',
  'forwarded',
  'proto=https;host="a"',
  'via',
  '1.1 sallyport',
  'x-request-id',
  '01JD0000000000000000000000',
]

const ours = testUpstream(upstreamConfig(url))
const hooks = { onInform: (): void => {}, onStart: (): void => {} }
const pool = new Pool(url)

const ways = {
  ours: async () => {
    const answer = await ours.send(order({ method: 'POST', target: '/', headers, body }), hooks)
    if (!('whole' in answer) || answer.whole === undefined) throw new Error('not whole')
  },
  'undici.request': async () => {
    const answer = await pool.request({ method: 'POST', path: '/', headers, body })
    await answer.body.arrayBuffer()
  },
}

const times: Record<string, number[]> = {}
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, way] of Object.entries(ways)) (times[name] ??= []).push(await measure(way))
}
for (const [name, list] of Object.entries(times)) {
  const sorted = list.slice(2).sort((a, b) => a - b)
  console.log(`upstream ${name}: ${(sorted[sorted.length >> 1] ?? 0).toFixed(1)} us CPU a hop`)
}
await Promise.all([ours.close(), pool.close()])
child.kill()

async function measure(way: () => Promise<void>): Promise<number> {
  let left = REQUESTS
  const start = process.cpuUsage()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left > 0) {
        left -= 1
        await way()
      }
    }),
  )
  const { user, system } = process.cpuUsage(start)
  return (user + system) / REQUESTS
}
