import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { ask } from '../fixtures/ask.ts'
import { type BothSides, bothSides } from '../fixtures/both-sides.ts'
import { testRoute } from '../fixtures/gate.ts'
import * as h2 from '../fixtures/h2-raw.ts'
import { bytesOf, ok, until } from '../fixtures/raw-upstream.ts'
import { type RawClient, rawTls, statusOf } from '../fixtures/raw.ts'

/** One valid token, or none, must not be enough to take the gateway's memory, its agents or its time from the others. */
let sides: BothSides

afterEach(async () => {
  await sides.close()
})

const LIMITS = testRoute('').limits

describe('a client of HTTP/2 that opens no window', () => {
  it('R45: has its untaken answers counted as exchanges, so that they are few', async () => {
    sides = await bothSides((url) => [
      testRoute(url, { limits: { ...LIMITS, concurrencyPerPrincipalMax: 4 } }),
    ])
    sides.answer = (socket) => void socket.write(ok('x'.repeat(60_000)))
    const client = await h2.rawH2(sides.gate.port)

    client.send(WINDOW_SHUT)
    for (let i = 0; i < 50; i += 1) client.send(h2.headers(2 * i + 1, await getAgent(sides)))
    await until(() => client.frames.filter(({ type }) => type === h2.frameType.headers).length === 50)
    client.end()

    expect(sides.agent.requests).toHaveLength(4)
    expect(sides.gate.records().filter(({ problem }) => problem === 'rate-exceeded')).toHaveLength(46)
  })

  it('R45: is given up when it takes nothing for as long as a connection may idle, and others are served', async () => {
    sides = await bothSides(
      (url) => [testRoute(url, { limits: { ...LIMITS, concurrencyPerPrincipalMax: 1 } })],
      { bounds: { idleMs: 500 } },
    )
    sides.answer = (socket) => void socket.write(ok('x'.repeat(60_000)))
    const client = await h2.rawH2(sides.gate.port)

    client.send(WINDOW_SHUT, h2.headers(1, await getAgent(sides)))
    const end = await client.frame((frame) => frame.stream === 1 && frame.type === h2.frameType.rstStream)
    client.end()
    sides.answer = (socket) => void socket.write(ok())
    const other = await ask(sides.gate)

    expect(h2.codeOf(end)).toBe(h2.errorCode.cancel)
    expect(other.status).toBe(200)
  })
})

describe('a client of HTTP/2 that asks and takes it back', () => {
  it.each([
    ['CANCEL', h2.errorCode.cancel],
    ['NO_ERROR', h2.errorCode.none],
  ])('R13: is told to calm down whatever it calls it (%s)', async (_, code) => {
    sides = await bothSides(undefined, { bounds: { resetsPerSMax: 20 } })
    sides.answer = () => {}
    const client = await h2.rawH2(sides.gate.port)
    const fields = await getAgent(sides)

    for (let i = 0; i < 30; i += 1) client.send(h2.headers(2 * i + 1, fields), h2.rstStream(2 * i + 1, code))
    const end = await client.frame(({ type }) => type === h2.frameType.goaway)
    client.end()

    expect(h2.codeOf(end)).toBe(h2.errorCode.calm)
  })
})

describe('a client of HTTP/1.1 that does not read', () => {
  it('R45: is cut when it takes nothing for as long as a connection may idle, and the agent with it', async () => {
    sides = await bothSides(undefined, { bounds: { idleMs: 500 } })
    sides.answer = (socket) => {
      socket.write(bytesOf('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'))
      const piece = Buffer.concat([bytesOf('10000\r\n'), Buffer.alloc(65_536), bytesOf('\r\n')])
      for (let i = 0; i < 400; i += 1) socket.write(piece)
    }
    const client = await rawTls(sides.gate.port)
    client.socket.pause()

    client.send((await sides.head({ method: 'GET' })) + '\r\n')
    await until(() => outcomes(sides).length === 1, 10_000)
    await until(() => sides.agent.open() === 0)
    client.end()

    expect(outcomes(sides)).toMatchObject([{ ending: 'client-aborted' }])
  })

  it('stays when it reads slowly', async () => {
    sides = await bothSides(undefined, { bounds: { idleMs: 500 } })
    sides.answer = (socket) => void socket.write(ok('x'.repeat(8_000_000)))
    const client = await rawTls(sides.gate.port)
    client.socket.on('data', () => {
      client.socket.pause()
      setTimeout(() => client.socket.resume(), 5)
    })

    client.send((await sides.head({ method: 'GET' })) + '\r\n')
    const received = await client.until((all) => all.length > 8_000_000)
    client.end()

    expect(received.length).toBeGreaterThan(8_000_000)
  })
})

describe('bodies that trickle', () => {
  it('R45: of one principal leave half of the memory to the others', async () => {
    sides = await bothSides(undefined, { bounds: { bodyMemoryBytesMax: 8 * 1_048_576 } })
    const greedy: RawClient[] = []

    for (let i = 0; i < 8; i += 1) {
      const client = await rawTls(sides.gate.port)
      client.send(
        (await sides.head({})) +
          'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n[\r\n',
      )
      greedy.push(client)
    }
    const refused = (): number => greedy.filter((client) => statusOf(client.received()) === 503).length
    await until(() => refused() === 4)
    const bob = await sides.gate.token({ sub: 'bob' })
    const other = await ask(sides.gate, { method: 'POST', body: '{"a":1}', token: bob })
    for (const client of greedy) client.end()

    expect(other.status).toBe(200)
  })
})

describe('many small things', () => {
  it.each([
    ['texts', JSON.stringify(Array.from({ length: 19_000 }, (_, i) => `a ${i}`))],
    ['members', JSON.stringify(Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`m${i}`, i])))],
    [
      'members named by numbers',
      `{${Array.from({ length: 60_000 }, (_, i) => `"${i * 4_294_967}":1`).join()}}`,
    ],
    ['brackets', `${'['.repeat(60)}${']'.repeat(60)}`.padEnd(1_000_000)],
    ['digits', `[${'1'.repeat(1_000_000)}]`],
    ['escapes', `["${'\\u0061'.repeat(170_000)}"]`],
  ])('%s in one body do not hold up the others', async (_, body) => {
    sides = await bothSides()
    let worstMs = 0
    let beatMs = performance.now()
    const beat = setInterval(() => {
      worstMs = Math.max(worstMs, performance.now() - beatMs - 10)
      beatMs = performance.now()
    }, 10)

    const answer = await ask(sides.gate, { method: 'POST', body })
    await sleep(20)
    clearInterval(beat)

    expect([200, 400, 403]).toContain(answer.status)
    expect(worstMs).toBeLessThan(1_000)
  })
})

/** SETTINGS with an initial window of 0: answers may send their head and nothing more. */
const WINDOW_SHUT = h2.settings([[4, 0]])

async function getAgent({ gate }: BothSides): Promise<string[]> {
  const fields = h2.get('/agent', 'authorization', `Bearer ${await gate.token()}`)
  return fields.map((field) => (field === 'localhost' ? `localhost:${gate.port}` : field))
}

function outcomes({ gate }: BothSides): Record<string, unknown>[] {
  return gate.records().filter(({ kind }) => kind === 'outcome')
}
