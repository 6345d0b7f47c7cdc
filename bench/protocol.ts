import { protocols } from '../src/protocol/index.ts'
import type { Protocol } from '../src/protocol/protocol.ts'
import { chat1k, chat32k, codingAgent } from '../test/fixtures/bodies.ts'

/** Reading a request into a call with its texts, beside JSON.parse alone on the same bytes: median CPU time of one reading. */
const ROUNDS = 15
const BYTES_A_ROUND = 2_000_000
const BOUNDS = { jsonDepthMax: 64, textsMax: 20_000 }

for (const [name, protocol, path, body] of [
  ['1 KB chat, openai', protocols.openai, '/v1/chat/completions', chat1k],
  ['32 KB chat, openai', protocols.openai, '/v1/chat/completions', chat32k],
  ['49 KB coding agent, anthropic', protocols.anthropic, '/v1/messages', codingAgent],
  ['1 KB chat, http', protocols.http, '/', chat1k],
] as const) {
  const [ours, parse] = compare(read(protocol, path, body), () => JSON.parse(body.toString()), body.length)
  console.log(`protocol ${name}: ${ours} ns, JSON.parse ${parse} ns`)
}

function read(protocol: Protocol, path: string, body: Buffer): () => unknown {
  const request = { method: 'POST', path, query: '', contentType: 'application/json', body }
  return () => protocol.read(request, BOUNDS)
}

// Interleaved, for the speed of a shared machine drifts.
function compare(ours: () => unknown, parse: () => unknown, bytes: number): [number, number] {
  const times: [number[], number[]] = [[], []]
  for (let round = 0; round < ROUNDS; round++) {
    times[0].push(cpuNs(ours, bytes))
    times[1].push(cpuNs(parse, bytes))
  }
  return [median(times[0]), median(times[1])]
}

function cpuNs(run: () => unknown, bytes: number): number {
  const count = Math.round(BYTES_A_ROUND / bytes)
  const start = process.cpuUsage()
  for (let i = 0; i < count; i++) run()
  const { user, system } = process.cpuUsage(start)
  return ((user + system) * 1_000) / count
}

function median(values: number[]): number {
  return Math.round(values.sort((a, b) => a - b)[values.length >> 1] ?? 0)
}
