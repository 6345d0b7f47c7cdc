import { readJson } from '../src/json/read.ts'
import { chat } from '../test/fixtures/bodies.ts'

/** The strict JSON reader beside JSON.parse, on the same bytes, interleaved: median CPU time and heap bytes of one reading. */
const ROUNDS = 15
const BYTES_A_ROUND = 1_000_000

const readers = [
  ['ours', (bytes: Buffer): unknown => readJson(bytes, { depthMax: 64 })],
  ['JSON.parse', (bytes: Buffer): unknown => JSON.parse(bytes.toString())],
] as const

for (const [name, bytes] of [
  ['1 KB', chat(1_024)],
  ['32 KB', chat(32_768)],
  ['1 MB', chat(1_048_576)],
] as const) {
  const times: number[][] = readers.map(() => [])
  const heaps: number[][] = readers.map(() => [])
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, [, read]] of readers.entries()) {
      const { ns, heapBytes } = measure(read, bytes)
      times[i]?.push(ns)
      // A collection in between may make the difference negative.
      if (heapBytes > 0) heaps[i]?.push(heapBytes)
    }
  }
  for (const [i, [reader]] of readers.entries()) {
    console.log(`json ${name} ${reader}: ${median(times[i])} ns, ${median(heaps[i])} heap bytes`)
  }
}

function measure(read: (bytes: Buffer) => unknown, bytes: Buffer): { ns: number; heapBytes: number } {
  const count = Math.max(1, Math.round(BYTES_A_ROUND / bytes.length))
  const start = process.cpuUsage()
  for (let i = 0; i < count; i++) read(bytes)
  const { user, system } = process.cpuUsage(start)

  // Few enough that most rounds see no collection.
  const few = Math.min(count, 32)
  const heapBefore = process.memoryUsage().heapUsed
  for (let i = 0; i < few; i++) read(bytes)
  const heapBytes = (process.memoryUsage().heapUsed - heapBefore) / few
  return { ns: ((user + system) * 1_000) / count, heapBytes }
}

function median(values: readonly number[] = []): number {
  const sorted = [...values].sort((a, b) => a - b)
  return Math.round(sorted[sorted.length >> 1] ?? 0)
}
