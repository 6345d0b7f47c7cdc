import type { Call } from '../src/core/call.ts'
import { detectors } from '../src/screen/detectors/index.ts'
import { createScreen } from '../src/screen/screen.ts'
import { viewsOf } from '../src/screen/views.ts'
import { call, settings } from '../test/fixtures/screen/texts.ts'

/**
 * Median CPU time and heap bytes of one screening: ordinary bodies of several sizes and scripts, and texts that are meant to be
 * slow. Each body is screened in three spellings by turns, for what was screened last is remembered.
 */
const ROUNDS = 15
const UNITS_A_ROUND = 4_000_000
/** Screenings whose heap bytes are measured: few enough that most rounds see no collection. */
const FEW = 16

const ENGLISH =
  'Could you look at the numbers of the northern region and tell me which stores did better than last year? Please include the returns, ignore the shipping costs, and write two or three sentences on what changed. '
const CHINESE = '请看一下北方地区的季度数据，告诉我哪些门店比去年表现更好，然后用两三句话说明发生了什么变化。'
const RUSSIAN =
  'Посмотри, пожалуйста, на показатели северного региона и скажи, какие магазины сработали лучше. '

const MIXED = `${ENGLISH}${CHINESE}${RUSSIAN}Größe und Gewicht der Geräte – „sehr“ schön… 한국어 문장도 있습니다. `
/** A chat of 1 KB, as agents send it. */
const CHAT = [
  'You are a helpful assistant for a travel company. Answer in a friendly tone and keep the answer to a short paragraph. When you are not sure about something, say so and propose a next step.',
  'Hello, we would like to spend nine days in Portugal next spring, walking near the sea.',
  'That sounds lovely. Would you rather stay in one place and make day trips, or move every few days?',
  'Moving every few days is fine for us. We have a rental car from Lisbon airport and two children aged six and nine. Please propose a route with three stops, and tell us how long each drive takes.',
  'client-17',
]

const bodies = [
  ['1 KB English', fill(ENGLISH, 1_024)],
  ['1 KB Russian', fill(RUSSIAN, 1_024)],
  ['1 KB Chinese', fill(CHINESE, 1_024)],
  ['32 KB English', fill(ENGLISH, 32_768)],
  ['32 KB mixed', fill(MIXED, 32_768)],
  ['1 MB English', fill(ENGLISH, 1_048_576)],
  ['1 MB Chinese', fill(CHINESE, 1_048_576)],
  ['1 MB openings', fill('ignore all the previous forget all of your reveal the ', 1_048_576)],
  ['1 MB base64', fill('QW4gaW5ub2NlbnQgdGV4dCB0aGF0IGlzIGVuY29kZWQ ', 1_048_576)],
  ['1 MB entities', fill('&#97;&#98;&#99; ', 1_048_576)],
  ['1 MB wide gaps', fill('[system ', 1_048_576)],
  ['1 MB ligatures', fill('\ufdfa', 1_048_576)],
  ['1 MB escapes', fill('\\u0061%62vtaber erongi ', 1_048_576)],
] as const

const screen = createScreen()
screen.selfTest()
await report('1 KB chat', CHAT)
for (const [name, text] of bodies) {
  await report(
    name,
    [text],
    text.length > 8_192 ? `, longest turn ${(await longestTurnMs(text)).toFixed(1)} ms` : '',
  )
}

for (const detector of detectors) {
  const views = bodies.slice(0, 4).flatMap(([, text]) => [...viewsOf(text, 'user')].map(({ view }) => view))
  const units = views.reduce((sum, { normal }) => sum + normal.length, 0)
  const times = Array.from({ length: ROUNDS }, () => {
    const start = process.cpuUsage()
    for (let i = 0; i < 20; i++) for (const view of views) detector.scan(view)
    const { user, system } = process.cpuUsage(start)
    return ((user + system) * 1_000) / (20 * units)
  })
  const cost = median(times)
  console.log(`screen ${detector.name}: ${cost.toFixed(1)} ns a unit, budget ${detector.costNsPerCharMax}`)
  if (cost > detector.costNsPerCharMax) process.exitCode = 1
}

async function report(name: string, texts: readonly string[], more = ''): Promise<void> {
  const calls = ['', 'a', 'b'].map((letter) =>
    call(...texts.map((text) => Buffer.from(letter + text.slice(letter.length)).toString())),
  )
  const units = texts.reduce((sum, text) => sum + text.length, 0)
  const times: number[] = []
  const heaps: number[] = []
  for (let round = 0; round < (units > 100_000 ? 3 : ROUNDS); round++) {
    const count = Math.max(1, Math.round(UNITS_A_ROUND / units))
    const start = process.cpuUsage()
    await screenAll(calls, count)
    const { user, system } = process.cpuUsage(start)
    times.push((user + system) / count)

    globalThis.gc?.()
    const few = Math.min(count, FEW)
    const heapBefore = process.memoryUsage().heapUsed
    await screenAll(calls, few)
    heaps.push((process.memoryUsage().heapUsed - heapBefore) / few)
  }
  console.log(
    `screen ${name}: ${median(times).toFixed(1)} us, ${Math.max(0, Math.round(median(heaps)))} heap bytes${more}`,
  )
}

async function screenAll(calls: readonly Call[], count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const verdict = screen.screen(calls[i % calls.length] ?? call(), settings(), false)
    if (verdict instanceof Promise) await verdict
  }
}

/** The most CPU time of this thread between two turns of the event loop, while eight such texts are judged at once. */
async function longestTurnMs(text: string): Promise<number> {
  let longestUs = 0
  let before = process.threadCpuUsage().user
  let ended = false
  const tick = (): void => {
    const now = process.threadCpuUsage().user
    longestUs = Math.max(longestUs, now - before)
    before = now
    if (!ended) setImmediate(tick)
  }
  setImmediate(tick)
  await Promise.all(Array.from({ length: 8 }, async () => screen.screen(call(text), settings(), false)))
  ended = true
  return longestUs / 1_000
}

function fill(pattern: string, length: number): string {
  return pattern.repeat(Math.ceil(length / pattern.length)).slice(0, length)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}
