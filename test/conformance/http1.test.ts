import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ask, isWhole, rawTls, settle, statusOf } from '../fixtures/raw.ts'
import { listening, text, type Listening, type ListeningOptions } from '../fixtures/listening.ts'
import { problems } from '../../src/problem/problems.ts'

const HOST = 'Host: localhost\r\n'

let gate: Listening

beforeEach(async () => {
  gate = await listening()
})

afterEach(async () => {
  await gate.close()
})

describe('R1: framing in doubt is answered 400, closed and never handed in', () => {
  it.each([
    [
      'Content-Length with Transfer-Encoding',
      'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'Transfer-Encoding before Content-Length',
      'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n',
    ],
    ['a coding before chunked', 'Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n'],
    ['chunked twice in a list', 'Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n'],
    ['chunked in two fields', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a coding after chunked', 'Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n'],
    ['an unknown coding', 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['a quoted coding', 'Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n'],
    ['a vertical tab before the coding', 'Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n'],
    ['an empty coding', 'Transfer-Encoding:\r\n\r\n'],
    ['differing lengths', 'Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello'],
    ['a list of lengths', 'Content-Length: 5, 5\r\n\r\nhello'],
    ['a signed length', 'Content-Length: +5\r\n\r\nhello'],
    ['a negative length', 'Content-Length: -1\r\n\r\n'],
    ['a hexadecimal length', 'Content-Length: 0x5\r\n\r\nhello'],
    ['an empty length', 'Content-Length:\r\n\r\n'],
    ['a length beyond all bounds', 'Content-Length: 99999999999999999999\r\n\r\n'],
    ['a chunk size that is none', 'Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n'],
    ['a chunk longer than its size', 'Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n'],
  ])('R1: %s', async (_name, rest) => {
    gate = await reopened(gate, (exchange) => reading(exchange))

    const answer = await ask(gate.port, `POST /x HTTP/1.1\r\n${HOST}${rest}`)

    expect(statusOf(answer)).toBe(400)
    expect(answer).toMatch(/\r\nconnection: close\r\n/i)
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1)
  })

  it('R1: Transfer-Encoding in HTTP/1.0', async () => {
    const answer = await ask(
      gate.port,
      `POST / HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    )

    expect(statusOf(answer)).toBe(400)
    expect(gate.exchanges).toEqual([])
  })

  it('R1: nothing behind a refused request is served', async () => {
    const answer = await ask(
      gate.port,
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n${HOST}\r\n`,
    )

    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1)
    expect(gate.exchanges).toEqual([])
  })

  it('R1: passes an honest chunked body', async () => {
    gate = await reopened(gate, (exchange) => reading(exchange))

    const answer = await ask(
      gate.port,
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
      isWhole,
    )

    expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*hello$/)
  })

  it('R1: is answered after the good requests before it, in order', async () => {
    const answer = await ask(gate.port, `GET /good HTTP/1.1\r\n${HOST}\r\nGET /bad HTTP/1.1\r\n\r\n`)

    expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*\/good[^]*HTTP\/1\.1 400 /)
    expect(gate.faults).toMatchObject([{ peer: '127.0.0.1', what: 'malformed-request' }])
  })
})

describe('R2: a head outside the grammar is answered 400 and never handed in', () => {
  it.each([
    ['a space before the colon', `GET / HTTP/1.1\r\nHost : localhost\r\n\r\n`],
    ['a folded field', `GET / HTTP/1.1\r\n${HOST}X-A: 1\r\n 2\r\n\r\n`],
    ['a fold in the first field', `GET / HTTP/1.1\r\n X-A: 1\r\n${HOST}\r\n`],
    ['NUL in a value', `GET / HTTP/1.1\r\n${HOST}X-A: a\0b\r\n\r\n`],
    ['a lone CR in a value', `GET / HTTP/1.1\r\n${HOST}X-A: a\rb\r\n\r\n`],
    ['bare LF after a field', `GET / HTTP/1.1\r\nHost: localhost\nX-A: 1\r\n\r\n`],
    ['bare LF after the request line', `GET / HTTP/1.1\n${HOST}\r\n`],
    ['a control character in a name', `GET / HTTP/1.1\r\n${HOST}X\x01A: 1\r\n\r\n`],
    ['an empty name', `GET / HTTP/1.1\r\n${HOST}: 1\r\n\r\n`],
    ['a line without a colon', `GET / HTTP/1.1\r\n${HOST}nonsense\r\n\r\n`],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n'],
    ['no Host in HTTP/1.0', 'GET / HTTP/1.0\r\n\r\n'],
    ['two Hosts', `GET / HTTP/1.1\r\n${HOST}Host: localhost\r\n\r\n`],
    ['two Hosts in two cases', `GET / HTTP/1.1\r\n${HOST}HOST: other\r\n\r\n`],
    ['a version of its own', `GET / HTTP/1.2\r\n${HOST}\r\n`],
    ['HTTP/2.0 by name', `GET / HTTP/2.0\r\n${HOST}\r\n`],
    ['HTTP/0.9', 'GET /\r\n\r\n'],
    ['a space in the target', `GET /a b HTTP/1.1\r\n${HOST}\r\n`],
    ['a method that is no token', `G@T / HTTP/1.1\r\n${HOST}\r\n`],
    ['an expectation of its own', `GET / HTTP/1.1\r\n${HOST}Expect: miracles\r\n\r\n`],
  ])('R2: %s', async (_name, request) => {
    const answer = await ask(gate.port, request)

    expect(statusOf(answer)).toBe(400)
    expect(answer).toContain('"malformed-request"')
    expect(gate.exchanges).toEqual([])
    expect(gate.faults).toHaveLength(1)
  })

  it('R2: hands in what is odd but legal, unchanged', async () => {
    const answer = await ask(
      gate.port,
      `OPTIONS * HTTP/1.1\r\n${HOST}__proto__: x\r\nX_A: 1\r\nX-A:  2 \r\nx-a: 3\r\nX-Empty:\r\n\r\n`,
      isWhole,
    )

    expect(statusOf(answer)).toBe(200)
    expect(gate.exchanges[0]).toMatchObject({
      method: 'OPTIONS',
      target: '*',
      version: '1.1',
      authority: undefined,
    })
    expect(gate.exchanges[0]?.rawHeaders).toEqual([
      'Host',
      'localhost',
      '__proto__',
      'x',
      'X_A',
      '1',
      'X-A',
      '2',
      'x-a',
      '3',
      'X-Empty',
      '',
    ])
  })

  it.each(['/%zz', '/a/../b', '/%2e%2e/', '//', '/;a=1', 'https://localhost/abs', '/?q=%'])(
    'R2: hands the target %s in as it came',
    async (target) => {
      const answer = await ask(gate.port, `GET ${target} HTTP/1.1\r\n${HOST}\r\n`, isWhole)

      expect(statusOf(answer)).toBe(200)
      expect(gate.exchanges[0]?.target).toBe(target)
    },
  )

  it.each(['PROPFIND', 'PATCH', 'TRACE', 'QUERY', 'M-SEARCH', 'DELETE'])(
    'R15: hands method %s in for admission to judge',
    async (method) => {
      const answer = await ask(gate.port, `${method} / HTTP/1.1\r\n${HOST}\r\n`, isWhole)

      expect(statusOf(answer)).toBe(200)
      expect(gate.exchanges[0]?.method).toBe(method)
    },
  )

  it('R15: CONNECT makes no tunnel', async () => {
    const answer = await ask(gate.port, `CONNECT example.com:443 HTTP/1.1\r\n${HOST}\r\n`)

    expect(statusOf(answer)).toBe(405)
    expect(gate.exchanges).toEqual([])
  })

  it.each(['nonsense', 'text/', ';', 'a/b; c="', ''])(
    'hands media type %j in for reading to judge',
    async (type) => {
      gate = await reopened(gate, (exchange) => reading(exchange))

      const answer = await ask(
        gate.port,
        `POST / HTTP/1.1\r\n${HOST}Content-Type: ${type}\r\nContent-Length: 2\r\n\r\nhi`,
        isWhole,
      )

      expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*hi$/)
    },
  )

  it('ignores Upgrade and serves the request', async () => {
    const upgrade = `GET /ws HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`

    const answer = await ask(gate.port, upgrade, isWhole)

    expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*\/ws$/)
  })
})

describe('R45: heads are bounded', () => {
  it('R45: 431 for a head longer than the bound', async () => {
    const answer = await ask(gate.port, `GET / HTTP/1.1\r\n${HOST}X: ${'a'.repeat(20_000)}\r\n\r\n`)

    expect(statusOf(answer)).toBe(problems['headers-too-large'].status)
    expect(gate.exchanges).toEqual([])
  })

  it.each([
    [101, 431],
    [100, 200],
  ])('R45: %i fields are answered %i', async (count, status) => {
    const fields = Array.from({ length: count - 1 }, (_, i) => `x${i}: 1\r\n`).join('')

    const answer = await ask(gate.port, `GET / HTTP/1.1\r\n${HOST}${fields}\r\n`, isWhole)

    expect(statusOf(answer)).toBe(status)
  })

  it.each([
    [4_096, 200],
    [4_097, 431],
  ])('R45: a target of %i bytes is answered %i', async (length, status) => {
    const answer = await ask(gate.port, `GET ${'/'.padEnd(length, 'a')} HTTP/1.1\r\n${HOST}\r\n`, isWhole)

    expect(statusOf(answer)).toBe(status)
  })
})

describe('R6: Expect: 100-continue', () => {
  const EXPECT = `POST / HTTP/1.1\r\n${HOST}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n`

  it('R6: asks for the body only when it is read', async () => {
    let read = (): void => {}
    const decided = new Promise<void>((resolve) => {
      read = resolve
    })
    gate = await reopened(gate, async (exchange) => {
      await decided
      await reading(exchange)
    })
    const client = await rawTls(gate.port)
    client.send(EXPECT)
    await settle(() => gate.exchanges.length === 1)
    const before = client.received()

    read()
    await client.until((all) => all.includes('100 Continue'))
    client.send('hello')
    const answer = await client.until((all) => all.endsWith('hello'))
    client.end()

    expect(before).toBe('')
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /)
  })

  it('R6: a refusal comes instead of 100, and the connection ends', async () => {
    gate = await reopened(gate, (exchange) => exchange.client.reply(text(401, 'no')))

    const answer = await ask(gate.port, EXPECT)

    expect(answer).toMatch(/^HTTP\/1\.1 401 /)
    expect(answer).toMatch(/\r\nconnection: close\r\n/)
  })
})

describe('R7: answers without a body', () => {
  it.each([
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ])('R7: %s %i', async (method, status) => {
    gate = await reopened(gate, (exchange) =>
      exchange.client.reply({ status, headers: ['x-a', '1'], body: new Uint8Array(0), close: false }),
    )
    const client = await rawTls(gate.port)
    client.send(`${method} / HTTP/1.1\r\n${HOST}\r\n`)
    await client.until((all) => all.includes('\r\n\r\n'))
    client.send(`${method} / HTTP/1.1\r\n${HOST}\r\n`)
    const answers = await client.until((all) => all.split('\r\n\r\n').length === 3)
    client.end()

    expect(answers.split('\r\n\r\n').map((head) => head.slice(0, 12))).toEqual([
      `HTTP/1.1 ${status}`,
      `HTTP/1.1 ${status}`,
      '',
    ])
    expect(answers).not.toMatch(/transfer-encoding|content-length/i)
    expect(answers).toMatch(/\r\nDate: /i)
  })

  it('R7: relays a bounded number of informational answers, and none to HTTP/1.0', async () => {
    gate = await reopened(gate, (exchange) => {
      for (let i = 0; i < 50; i++)
        exchange.client.inform({ status: 103, headers: ['link', '</a>; rel=preload'] })
      exchange.client.inform({ status: 101, headers: [] })
      exchange.client.reply(text(200, 'done'))
    })

    const modern = await ask(gate.port, `GET / HTTP/1.1\r\n${HOST}\r\n`, (all) => all.endsWith('done'))
    const old = await ask(gate.port, `GET / HTTP/1.0\r\n${HOST}\r\n`, (all) => all.endsWith('done'))

    expect(modern.match(/HTTP\/1\.1 103 Early Hints\r\nlink: /g)).toHaveLength(16)
    expect(modern).not.toContain(' 101 ')
    expect(old).toMatch(/^HTTP\/1\.1 200 /)
  })
})

async function reopened(open: Listening, handle: ListeningOptions['handle'] & {}): Promise<Listening> {
  await open.close()
  return await listening({ handle })
}

async function reading(exchange: Listening['exchanges'][number]): Promise<void> {
  const body = await exchange.body.read(1_000)
  if (typeof body === 'string') exchange.client.reply(text(400, body, true))
  else exchange.client.reply(text(200, Buffer.from(body).toString()))
}
