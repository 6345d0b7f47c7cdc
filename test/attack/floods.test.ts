import { afterEach, describe, expect, it } from 'vitest'
import * as h2 from '../fixtures/h2-raw.ts'
import { answerOk, listening, text, type Listening } from '../fixtures/listening.ts'
import { ask, isWhole, rawTls, settle, statusOf } from '../fixtures/raw.ts'

const HOST = 'Host: localhost\r\n'

let gate: Listening

afterEach(async () => {
  await gate.close()
})

describe('pipelining', () => {
  it('R45: a thousand requests in one packet are all answered, in order, while another client is served', async () => {
    gate = await listening({ handle: async (exchange) => work(() => answerOk(exchange)) })
    const greedy = await rawTls(gate.port)
    const polite = await rawTls(gate.port)
    const waits: number[] = []

    greedy.send(many(1_000))
    for (let i = 1; i <= 10; i++) {
      const startedMs = performance.now()
      polite.send(`GET /polite HTTP/1.1\r\n${HOST}\r\n`)
      await polite.until((all) => all.split('/polite').length > i)
      waits.push(performance.now() - startedMs)
    }
    const doneMeanwhile = greedy.received().split('HTTP/1.1 200').length
    const answers = await greedy.until((all) => all.endsWith('/999'))
    greedy.end()
    polite.end()

    expect([...answers.matchAll(/\r\n\r\n\/(\d+)/g)].map(([, n]) => Number(n))).toEqual([
      ...Array(1_000).keys(),
    ])
    // Ten turns of the polite one do not wait for the thousand of the other.
    expect(doneMeanwhile).toBeLessThan(1_000)
    expect(Math.max(...waits)).toBeLessThan(250 * 4)
  })

  it('R45: one exchange of a connection at a time', async () => {
    let open = 0
    let most = 0
    gate = await listening({
      handle: async (exchange) => {
        most = Math.max(most, ++open)
        await new Promise((resolve) => setTimeout(resolve, 1))
        open -= 1
        answerOk(exchange)
      },
    })
    const client = await rawTls(gate.port)

    client.send(many(20))
    await client.until((all) => all.endsWith('/19'))
    client.end()

    expect(most).toBe(1)
  })

  it('R45: a client that pipelines without end is held back, and is served when it goes on', async () => {
    let release = (): void => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    gate = await listening({
      handle: async (exchange) => {
        await held
        answerOk(exchange)
      },
    })
    const client = await rawTls(gate.port)
    const count = 1_000
    const long = 'a'.repeat(15_000)

    // Together more than both sides' socket buffers hold.
    client.send(
      Array.from({ length: count }, (_, i) => `GET /${i} HTTP/1.1\r\n${HOST}X: ${long}\r\n\r\n`).join(''),
    )
    await new Promise((resolve) => setTimeout(resolve, 300))
    const unsent = client.socket.writableLength
    release()
    const answers = await client.until((all) => all.endsWith(`/${count - 1}`))
    client.end()

    expect(unsent).toBeGreaterThan(0)
    expect(answers.split('HTTP/1.1 200').length - 1).toBe(count)
  })

  it('R45: a client that does not read its answers is held back, and gets them all when it does', async () => {
    const big = 'b'.repeat(100_000)
    gate = await listening({ handle: ({ client, target }) => client.reply(text(200, big + target)) })
    const client = await rawTls(gate.port)
    client.socket.pause()

    client.send(many(500))
    await new Promise((resolve) => setTimeout(resolve, 300))
    const begun = gate.exchanges.length
    client.socket.resume()
    const answers = await client.until((all) => all.length > 50_000_000 && all.endsWith('/499'))
    client.end()

    expect(begun).toBeLessThan(500)
    expect([...answers.matchAll(/b\/(\d+)/g)].map(([, n]) => Number(n))).toEqual([...Array(500).keys()])
  })

  it('R45: bodies in the pipeline stay with their requests', async () => {
    gate = await listening({ handle: echo })
    const client = await rawTls(gate.port)
    const requests = Array.from({ length: 300 }, (_, i) => {
      const body = `body ${i}`
      return i % 2 === 0
        ? `POST / HTTP/1.1\r\n${HOST}Content-Length: ${body.length}\r\n\r\n${body}`
        : `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
    })

    client.send(requests.join(''))
    const answers = await client.until((all) => all.endsWith('body 299'))
    client.end()

    expect([...answers.matchAll(/\r\n\r\nbody (\d+)/g)].map(([, n]) => Number(n))).toEqual([
      ...Array(300).keys(),
    ])
  })

  it('R45: a refusal in the middle ends the connection there', async () => {
    gate = await listening({
      handle: ({ client, target }) =>
        client.reply(text(target === '/3' ? 400 : 200, target, target === '/3')),
    })

    const answers = await ask(gate.port, many(10))

    expect([...answers.matchAll(/\r\n\r\n\/(\d+)/g)].map(([, n]) => n)).toEqual(['0', '1', '2', '3'])
    expect(gate.exchanges).toHaveLength(4)
  })
})

describe('slow clients', () => {
  it('R45: a head that trickles in is answered 408', async () => {
    gate = await listening({ bounds: { headersMs: 300 } })
    const client = await rawTls(gate.port)

    client.send('GET / HTTP/1.1\r\nHost: loc')
    const answer = await client.untilClosed()

    expect(statusOf(answer)).toBe(408)
    expect(gate.exchanges).toEqual([])
    expect(gate.faults).toMatchObject([{ what: 'request-timeout' }])
  })

  it('R45: a connection without a request after its handshake ends', async () => {
    gate = await listening({ bounds: { headersMs: 300 } })
    const http1 = await rawTls(gate.port)
    const http2 = await h2.rawH2(gate.port)

    await Promise.all([http1.untilClosed(), http2.untilClosed()])

    expect(gate.exchanges).toEqual([])
  })

  it('R45: a kept connection without another request ends', async () => {
    gate = await listening({ bounds: { idleMs: 100 } })
    const http1 = await rawTls(gate.port)
    const http2 = await h2.rawH2(gate.port)

    http1.send(`GET / HTTP/1.1\r\n${HOST}\r\n`)
    http2.send(h2.headers(1, h2.get()))
    await Promise.all([http1.untilClosed(), http2.untilClosed()])

    expect(gate.exchanges).toHaveLength(2)
  })

  it.each(['1.1', '2'])(
    'R45: a body below the least rate fails as too slow over HTTP/%s',
    async (version) => {
      let skippedMs = 0
      const clock = { wallMs: () => Date.now(), monotonicMs: () => performance.now() + skippedMs }
      const faults: unknown[] = []
      gate = await listening({
        clock,
        bounds: { requestMs: 60_000 },
        handle: async (exchange) => {
          faults.push(await exchange.body.read(1_000))
          exchange.client.reply(text(408, 'slow', true))
        },
      })
      const client = version === '1.1' ? await rawTls(gate.port) : await h2.rawH2(gate.port)
      if ('frames' in client) {
        client.send(h2.headers(1, h2.post('/', 'content-length', '500'), false), h2.data(1, 'ab', false))
      } else client.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 500\r\n\r\nab`)
      await settle(() => gate.exchanges.length === 1)

      skippedMs = 6_000
      await settle(() => faults.length === 1)
      client.end()

      expect(faults).toEqual(['too-slow'])
    },
  )

  it('R45: whoever reads a request longer than its deadline is told so, and can say it', async () => {
    gate = await listening({
      bounds: { requestMs: 400, headersMs: 300 },
      handle: async ({ client, body }) => client.reply(text(408, String(await body.read(1_000)), true)),
    })
    const client = await rawTls(gate.port)

    client.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 500\r\n\r\nab`)
    const answer = await client.untilClosed()

    expect(answer).toMatch(/^HTTP\/1\.1 408 [^]*too-slow$/)
    expect(gate.exchanges).toHaveLength(1)
  })

  it('R45: the rest of a request that was answered unread is not waited for longer either', async () => {
    gate = await listening({ bounds: { requestMs: 400 } })
    const client = await rawTls(gate.port)

    client.send(`POST /x HTTP/1.1\r\n${HOST}Content-Length: 500\r\n\r\nab`)
    const answer = await client.untilClosed()

    expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*x$/)
    expect(client.failure.code).toBe('ECONNRESET')
  })
})

describe('R13: floods over HTTP/2 end with ENHANCE_YOUR_CALM', () => {
  it.each([
    ['PING', () => Array.from({ length: 200 }, () => h2.ping())],
    ['SETTINGS', () => Array.from({ length: 200 }, () => h2.settings([[4, 70_000]]))],
    ['rapid reset', () => odd(300).flatMap((id) => [h2.headers(id, h2.get()), h2.rstStream(id)])],
    [
      'resets of streams in flight',
      () => odd(90).flatMap((id) => [h2.headers(id, h2.post(), false), h2.rstStream(id)]),
    ],
    [
      'empty DATA',
      () => [h2.headers(1, h2.post(), false), ...Array.from({ length: 5_000 }, () => h2.data(1, '', false))],
    ],
    [
      'CONTINUATION',
      () => [
        h2.frame(h2.frameType.headers, 0, 1, h2.hpack(h2.get())),
        ...Array.from({ length: 2_000 }, () =>
          h2.frame(h2.frameType.continuation, 0, 1, h2.hpack(['x-a', 'b'.repeat(100)])),
        ),
      ],
    ],
    [
      'empty CONTINUATION',
      () => [
        h2.frame(h2.frameType.headers, 0, 1, h2.hpack(h2.get())),
        ...Array.from({ length: 2_000 }, () => h2.frame(h2.frameType.continuation, 0, 1)),
      ],
    ],
    ['malformed requests', () => odd(500).map((id) => h2.headers(id, h2.get('/', 'connection', 'close')))],
  ])('R13: %s', async (_name, frames) => {
    gate = await listening({ handle: () => {} })
    const client = await h2.rawH2(gate.port)

    client.send(...frames())
    await client.untilClosed()
    const goaway = client.frames.find((frame) => frame.type === h2.frameType.goaway)

    // nghttp2 ends some of them before us, by a code of its own.
    expect(h2.codeOf(goaway) ?? h2.errorCode.calm).toBeGreaterThan(0)
    expect(gate.exchanges.length).toBeLessThanOrEqual(151)
    await settle(() => gate.listener.stats.connections === 0)
    expect(gate.listener.stats.exchanges).toBe(0)
  })

  it.each([
    ['PING', () => Array.from({ length: 51 }, () => h2.ping())],
    ['SETTINGS', () => Array.from({ length: 51 }, () => h2.settings())],
    ['resets', () => odd(51).flatMap((id) => [h2.headers(id, h2.get()), h2.rstStream(id)])],
  ])('R13: one %s more than the bound is enough, and is said', async (_name, frames) => {
    gate = await listening({ handle: () => {} })
    const client = await h2.rawH2(gate.port)

    client.send(...frames())
    const goaway = await client.frame((frame) => frame.type === h2.frameType.goaway)
    await client.untilClosed()

    expect(h2.codeOf(goaway)).toBe(h2.errorCode.calm)
    expect(gate.faults).toMatchObject([{ peer: '127.0.0.1', what: expect.stringMatching(/-flood$/) }])
  })

  it('R13: a client that cancels now and then stays', async () => {
    gate = await listening({ handle: () => {} })
    const client = await h2.rawH2(gate.port)

    client.send(...odd(20).flatMap((id) => [h2.headers(id, h2.get()), h2.rstStream(id)]), h2.ping())
    const pong = await client.frame((frame) => frame.type === h2.frameType.ping)
    client.end()

    expect(pong?.flags).toBe(h2.flag.ack)
    expect(gate.faults).toEqual([])
  })
})

describe('what an attacker leaves behind', () => {
  it('R45: nothing, after connections that end in every state', async () => {
    gate = await listening({ handle: () => {} })
    const http1 = await rawTls(gate.port)
    http1.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 5\r\n\r\n`)
    const piped = await rawTls(gate.port)
    piped.send(many(20))
    const http2 = await h2.rawH2(gate.port)
    http2.send(h2.headers(1, h2.post(), false))
    await settle(() => gate.exchanges.length === 3)

    http1.end()
    piped.end()
    http2.end()
    await settle(() => gate.listener.stats.connections + gate.listener.stats.exchanges === 0)

    expect(gate.exchanges.map(({ client }) => client.gone)).toEqual([true, true, true])
  })

  it('R45: an unread body is read away only so far', async () => {
    gate = await listening({ handle: ({ client }) => client.reply(text(403, 'no')) })
    const client = await rawTls(gate.port)

    client.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 50000000\r\n\r\n`)
    const flood = setInterval(() => client.send(Buffer.alloc(100_000)), 1)
    const answer = await client.untilClosed()
    clearInterval(flood)

    expect(answer).toMatch(/^HTTP\/1\.1 403 [^]*\r\nconnection: close\r\n[^]*no$/)
  })

  it('keeps the connection when a short body was not read', async () => {
    gate = await listening({ handle: ({ client }) => client.reply(text(403, 'no')) })
    const client = await rawTls(gate.port)

    client.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 5\r\n\r\nhello`)
    await client.until((all) => all.endsWith('no'))
    client.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 5\r\n\r\nworld`)
    const answers = await client.until((all) => all.split('HTTP/1.1 403').length === 3 && isWhole(all))
    client.end()

    expect(answers).not.toMatch(/connection: close/i)
  })
})

function many(count: number): string {
  return Array.from({ length: count }, (_, i) => `GET /${i} HTTP/1.1\r\n${HOST}\r\n`).join('')
}

function odd(count: number): number[] {
  return Array.from({ length: count }, (_, i) => 2 * i + 1)
}

async function echo(exchange: Listening['exchanges'][number]): Promise<void> {
  const body = await exchange.body.read(1_000)
  exchange.client.reply(text(200, Buffer.from(body as Uint8Array).toString()))
}

/** Some 50 us of work, as a refusal costs. */
async function work(then: () => void): Promise<void> {
  const untilMs = performance.now() + 0.05
  while (performance.now() < untilMs);
  await Promise.resolve()
  then()
}
