import { Denial } from '../src/problem/problems.ts'
import { checkAnswerHead } from '../src/upstream/answer-head.ts'
import { assembleRequest } from '../src/upstream/request-headers.ts'
import { assembly, SPEAKING } from '../test/fixtures/upstream-request.ts'

/** Header assembly for what the openai SDK sends, and the check of a common answer's head: ns and heap bytes for each. */
const ROUNDS = 15
const COUNT = 50_000

const SDK = [
  'Host',
  'agents.test',
  'Connection',
  'keep-alive',
  'Content-Length',
  '1024',
  'Accept',
  'application/json',
  'Content-Type',
  'application/json',
  'User-Agent',
  'OpenAI/JS 7.57.0',
  'X-Stainless-Retry-Count',
  '0',
  'X-Stainless-Lang',
  'js',
  'X-Stainless-Package-Version',
  '7.57.0',
  'X-Stainless-OS',
  'Linux',
  'X-Stainless-Arch',
  'x64',
  'X-Stainless-Runtime',
  'node',
  'X-Stainless-Runtime-Version',
  'v26.10.0',
  'Authorization',
  `Bearer ${'x'.repeat(800)}`,
  'Accept-Encoding',
  'gzip, deflate',
]
const ANSWER = [
  'Content-Type',
  'application/json',
  'Date',
  'Tue, 24 Nov 2026 18:00:00 GMT',
  'Connection',
  'keep-alive',
  'Keep-Alive',
  'timeout=5',
  'Content-Length',
  '1024',
  'Server',
  'uvicorn',
  'X-Ratelimit-Remaining',
  '99',
]

const answer = Object.fromEntries(
  ANSWER.flatMap((name, at) => (at % 2 === 0 ? [[name.toLowerCase(), ANSWER[at + 1]]] : [])),
)
const plain = assembly(SDK)
const speaking = assembly(SDK, { config: SPEAKING })

for (const [name, run] of [
  ['assemble, 15 headers', () => assembleRequest(plain)],
  ['assemble, 15 headers, assertion and 4 identity headers', () => assembleRequest(speaking)],
  ['check answer, 7 headers', () => checkAnswerHead(200, answer, 'POST')],
] as const) {
  if (run() instanceof Denial) throw new Error(`${name}: denied`)
  const ns: number[] = []
  const bytes: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = process.cpuUsage()
    for (let i = 0; i < COUNT; i += 1) run()
    const { user, system } = process.cpuUsage(start)
    ns.push(((user + system) * 1_000) / COUNT)
    const before = process.memoryUsage().heapUsed
    for (let i = 0; i < 64; i += 1) run()
    const grown = (process.memoryUsage().heapUsed - before) / 64
    if (grown > 0) bytes.push(grown)
  }
  console.log(`upstream-headers ${name}: ${median(ns)} ns, ${median(bytes)} heap bytes`)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return Math.round(sorted[sorted.length >> 1] ?? 0)
}
