import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { Denial } from '../../src/problem/problems.ts'
import type { Upstream } from '../../src/upstream/upstream.ts'
import {
  bytesOf,
  collect,
  ok,
  order,
  post,
  type RawUpstream,
  rawUpstream,
  send,
  testUpstream,
  until,
  upstreamConfig,
} from '../fixtures/raw-upstream.ts'
import { valuesOf } from '../fixtures/strict-http.ts'

const closing: { close(): Promise<void> }[] = []

afterEach(async () => {
  await Promise.all(closing.splice(0).map((one) => one.close()))
})

async function raw(
  answer: Parameters<typeof rawUpstream>[0],
): Promise<{ agent: RawUpstream; upstream: Upstream }> {
  const agent = await rawUpstream(answer)
  const upstream = testUpstream(upstreamConfig(agent.url))
  closing.push(upstream, agent)
  return { agent, upstream }
}

/** Answers the first request with `first`, all others well. */
function firstly(first: string, end = false): Parameters<typeof rawUpstream>[0] {
  return (socket, _, at) => {
    socket.write(at === 0 ? bytesOf(first) : ok('next'))
    if (at === 0 && end) socket.end()
  }
}

const BODY = 'content-length: 2\r\n\r\nok'
const CHUNKED = '2\r\nok\r\n0\r\n\r\n'

describe('R8: a head that is not one answer to one request is upstream-invalid, and its connection ends', () => {
  it.each([
    ['Content-Length and Transfer-Encoding', `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n${BODY}`],
    ['two Content-Lengths', `HTTP/1.1 200 OK\r\ncontent-length: 3\r\n${BODY}`],
    ['two equal Content-Lengths', `HTTP/1.1 200 OK\r\ncontent-length: 2\r\n${BODY}`],
    ['a list of Content-Lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2, 2\r\n\r\nok'],
    ['a signed Content-Length', 'HTTP/1.1 200 OK\r\ncontent-length: +2\r\n\r\nok'],
    ['a hexadecimal Content-Length', 'HTTP/1.1 200 OK\r\ncontent-length: 0x2\r\n\r\nok'],
    ['a coding beside chunked', `HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n${CHUNKED}`],
    ['chunked twice', `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked, chunked\r\n\r\n${CHUNKED}`],
    [
      'two Transfer-Encodings',
      `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n${CHUNKED}`,
    ],
    ['identity coding', 'HTTP/1.1 200 OK\r\ntransfer-encoding: identity\r\n\r\nok'],
    ['a bad status line', `HTTP/1.1 2x0 OK\r\n${BODY}`],
    ['a status over 599', `HTTP/1.1 999 OK\r\n${BODY}`],
    ['a status under 100', `HTTP/1.1 099 OK\r\n${BODY}`],
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'],
    ['an unknown version', `HTTP/3.7 200 OK\r\n${BODY}`],
    ['NUL in a value', `HTTP/1.1 200 OK\r\nx-a: o\0ne\r\n${BODY}`],
    ['CR in a value', `HTTP/1.1 200 OK\r\nx-a: o\rne\r\n${BODY}`],
    ['a control character in a value', `HTTP/1.1 200 OK\r\nx-a: o\x01ne\r\n${BODY}`],
    ['a folded line', `HTTP/1.1 200 OK\r\nx-a: one\r\n two\r\n${BODY}`],
    ['bare LF', 'HTTP/1.1 200 OK\nx-a: one\ncontent-length: 2\n\nok'],
    ['a space before the colon', `HTTP/1.1 200 OK\r\nx-a : one\r\n${BODY}`],
    ['an empty name', `HTTP/1.1 200 OK\r\n: one\r\n${BODY}`],
    ['a head over the bound', `HTTP/1.1 200 OK\r\nx-a: ${'a'.repeat(20_000)}\r\n${BODY}`],
    [
      'a 101 nobody asked for',
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\nxx',
    ],
    ['a bare 101', `HTTP/1.1 101 Switching Protocols\r\n\r\nHTTP/1.1 200 OK\r\n${BODY}`],
    ['a body named as hop-by-hop', `HTTP/1.1 200 OK\r\nconnection: content-type\r\n${BODY}`],
  ])('%s', async (_, answer) => {
    const { agent, upstream } = await raw(firstly(answer))

    const { denial } = await send(upstream, post('{}'))
    const next = await send(upstream, post('{}'))

    expect(denial?.problem).toBe('upstream-invalid')
    expect(next.body).toBe('next')
    expect(agent.requests.length).toBe(2)
    expect(agent.sockets.length).toBe(2)
  })

  it.each([
    ['a second answer', `HTTP/1.1 200 OK\r\n${BODY}HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\npoison`],
    ['junk', `HTTP/1.1 200 OK\r\n${BODY}junk`],
    ['bytes after the last chunk', `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${CHUNKED}junk`],
    ['a body after 204', `HTTP/1.1 204 No Content\r\n${BODY}`],
    ['a body after 304', `HTTP/1.1 304 Not Modified\r\netag: "a"\r\n\r\nok`],
  ])('never reuses a connection after %s', async (_, answer) => {
    const { agent, upstream } = await raw(firstly(answer))

    await send(upstream, post('{}'))
    const next = await send(upstream, post('{}'))

    expect(next.body).toBe('next')
    expect(agent.sockets.length).toBe(2)
  })

  it('answers with nothing of a stray answer that comes while the connection is idle', async () => {
    const { agent, upstream } = await raw((socket, _, at) => {
      socket.write(ok(`answer ${at}`))
      if (at === 0) setTimeout(() => socket.write(ok('stray')), 20)
    })

    await send(upstream, post('{}'))
    await sleep(80)
    const next = await send(upstream, post('{}'))

    expect(next.body).toBe('answer 1')
    expect(agent.sockets.length).toBe(2)
  })

  it('keeps a connection whose answers are well formed', async () => {
    const { agent, upstream } = await raw((socket) => void socket.write(ok()))

    for (let i = 0; i < 5; i += 1) await send(upstream, post('{}'))

    expect(agent.requests.length).toBe(5)
    expect(agent.sockets.length).toBe(1)
  })
})

describe('R9: an upstream that dies in its body never looks as if it had finished', () => {
  it.each([
    ['inside a long declared body', 'HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\npart'],
    ['inside a chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\npa'],
    ['between chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\npart\r\n'],
    ['before the last CRLF', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\npart\r\n0\r\n'],
    [
      'inside events',
      'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 50\r\n\r\ndata: 1',
    ],
  ])('%s: a fault', async (_, answer) => {
    const { upstream } = await raw(firstly(answer, true))

    const outcome = await send(upstream, post('{}'))

    expect(outcome.end).toBe('fault')
  })

  it('inside a short declared body, of which nothing was passed on: upstream-invalid', async () => {
    const { upstream } = await raw(firstly('HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\npart', true))

    expect((await send(upstream, post('{}'))).denial?.problem).toBe('upstream-invalid')
  })

  it('by breaking the framing of chunks: a fault', async () => {
    const { upstream } = await raw(
      firstly('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nokX\r\n0\r\n\r\n'),
    )

    expect((await send(upstream, post('{}'))).end).toBe('fault')
  })

  it('ends cleanly where the end of the connection is the end of the body', async () => {
    const { upstream } = await raw(firstly('HTTP/1.1 200 OK\r\n\r\nall of it', true))

    expect(await send(upstream, post('{}'))).toMatchObject({ end: 'clean', body: 'all of it' })
  })
})

describe('R10: the client is gone', () => {
  it.each([
    ['before the head', ''],
    ['in the body', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\npart\r\n'],
  ])('%s: the connection is destroyed within a second', async (_, answer) => {
    const { agent, upstream } = await raw((socket) => void socket.write(bytesOf(answer)))
    let abort = (): void => {}
    const sent = upstream.send(post('{}'), { onInform: () => {}, onStart: (give) => (abort = give) })
    await until(() => agent.requests.length === 1)
    if (answer !== '') await sent

    abort()

    await until(() => agent.open() === 0, 1_000)
    expect(agent.requests.length).toBe(1)
  })

  it('before a connection was had: nothing is sent', async () => {
    const { agent, upstream } = await raw((socket) => void socket.write(ok()))

    const denial = await upstream.send(post('{}'), {
      onInform: () => {},
      onStart: (abort) => queueMicrotask(abort),
    })
    await sleep(50)

    expect(denial).toBeInstanceOf(Denial)
    expect(agent.requests).toEqual([])
  })

  it('at once: not even a connection is made', async () => {
    const { agent, upstream } = await raw((socket) => void socket.write(ok()))

    const denial = await upstream.send(post('{}'), { onInform: () => {}, onStart: (abort) => abort() })

    expect(denial).toMatchObject({ problem: 'upstream-unreachable' })
    expect(agent.sockets).toEqual([])
  })

  it('after the answer: nothing happens to the connection', async () => {
    const { agent, upstream } = await raw((socket) => void socket.write(ok()))
    let abort = (): void => {}
    await upstream.send(post('{}'), { onInform: () => {}, onStart: (give) => (abort = give) })

    abort()
    await send(upstream, post('{}'))

    expect(agent.sockets.length).toBe(1)
  })
})

describe('R7: answers without a body, and informational ones', () => {
  it.each([
    ['HEAD', order({ method: 'HEAD' }), 'HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n', '1000'],
    ['204', post('{}'), 'HTTP/1.1 204 No Content\r\n\r\n', undefined],
    ['304 with a length', order(), 'HTTP/1.1 304 Not Modified\r\ncontent-length: 1000\r\n\r\n', '1000'],
    ['304 without one', order(), 'HTTP/1.1 304 Not Modified\r\netag: "a"\r\n\r\n', undefined],
    ['an empty 200', post('{}'), 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', '0'],
  ])('%s comes whole and empty', async (_, what, answer, length) => {
    const { upstream } = await raw(firstly(answer))

    const outcome = await send(upstream, what)

    const { headers = [] } = outcome.answer ?? {}
    expect(outcome).toMatchObject({ end: 'whole', body: '' })
    expect(headers[headers.indexOf('content-length') + 1]).toBe(length ?? headers[0])
  })

  it('relays informational answers without what belongs to the connection', async () => {
    const early = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\nkeep-alive: timeout=5\r\n\r\n'
    const { upstream } = await raw(firstly(`${early}${early}HTTP/1.1 200 OK\r\n${BODY}`))

    const outcome = await send(upstream, post('{}'))

    expect(outcome.body).toBe('ok')
    expect(outcome.informs).toEqual(
      Array.from({ length: 2 }, () => ({ status: 103, headers: ['link', '</a>'] })),
    )
  })

  it('ends a flood of them', async () => {
    const { upstream } = await raw(firstly('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(9)))

    const outcome = await send(upstream, post('{}'))

    expect(outcome.denial?.problem).toBe('upstream-invalid')
    expect(outcome.informs.length).toBe(8)
  })
})

describe('R3, R4: what belongs to the connection stays on it', () => {
  it('drops trailers, and chunk extensions', async () => {
    const chunks = '2;a=b\r\nok\r\n0\r\nx-user: root\r\n\r\n'
    const { upstream } = await raw(
      firstly(`HTTP/1.1 200 OK\r\ntrailer: x-user\r\ntransfer-encoding: chunked\r\n\r\n${chunks}`),
    )

    expect(await send(upstream, post('{}'))).toMatchObject({
      body: 'ok',
      end: 'clean',
      trailers: [],
      answer: { headers: [] },
    })
  })

  it('removes hop-by-hop fields of the answer, and those that Connection names', async () => {
    const fields =
      'connection: keep-alive, X-Inner\r\nx-inner: 1\r\nkeep-alive: timeout=5\r\nupgrade: h2c\r\nproxy-authenticate: Basic\r\nalt-svc: h3=":443"\r\nserver: agent\r\n'
    const { upstream } = await raw((socket) => void socket.write(ok('ok', fields)))

    const { answer } = await send(upstream, post('{}'))

    expect(answer?.headers).toEqual(['server', 'agent', 'content-length', '2'])
  })
})

describe('R2: the head on the wire is one request under the strictest reading', () => {
  it('sends a known body in one piece with its length', async () => {
    const { agent, upstream } = await raw((socket) => void socket.write(ok()))

    await send(upstream, post('{"a":1}', { target: '/v1/chat?x=1', headers: ['host', 'agent', 'x-a', 'b'] }))

    const [request] = agent.requests
    expect(request).toMatchObject({ method: 'POST', target: '/v1/chat?x=1', body: Buffer.from('{"a":1}') })
    expect(request?.headers).toEqual([
      ['host', 'agent'],
      ['connection', 'keep-alive'],
      ['x-a', 'b'],
      ['content-length', '7'],
    ])
  })

  it('sends a streamed body in chunks, or under its declared length', async () => {
    const { agent, upstream } = await raw((socket) => void socket.write(ok()))
    async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('one ')
      yield Buffer.from('two')
    }

    await send(upstream, post(body()))
    await send(upstream, post(body(), { bodyBytes: 7 }))

    expect(agent.requests.map((request) => request.body.toString())).toEqual(['one two', 'one two'])
    expect(agent.requests.map((request) => valuesOf(request, 'content-length'))).toEqual([[], ['7']])
    expect(agent.faults).toEqual([])
  })

  it('sends a POST without a body as one of length 0', async () => {
    const { agent, upstream } = await raw((socket) => void socket.write(ok()))

    await send(upstream, post(''))

    expect(valuesOf(agent.requests[0] ?? { headers: [] }, 'content-length')).toEqual(['0'])
  })

  it.each([
    ['a header that breaks the line', order({ headers: ['host', 'agent', 'x-a', 'b\r\nx-c: d'] })],
    ['framing of its own', order({ headers: ['host', 'agent', 'transfer-encoding', 'chunked'] })],
    ['a target with a space', order({ target: '/a b' })],
  ])('never sends %s, whoever assembled it', async (_, bad) => {
    const { agent, upstream } = await raw((socket) => void socket.write(ok()))

    const { denial } = await send(upstream, bad)

    expect(denial?.problem).toBe('internal')
    expect(agent.requests).toEqual([])
  })
})

describe('R11: events go on as they come', () => {
  it('passes each event on before the next one exists', async () => {
    const events =
      'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n'
    const { agent, upstream } = await raw((socket) => void socket.write(bytesOf(events)))
    const answer = await upstream.send(post('{}'), { onInform: () => {}, onStart: () => {} })
    if (answer instanceof Denial) throw new Error(answer.reason)
    const read = collect()
    answer.source?.pipe(read.sink)

    for (const text of ['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n']) {
      agent.sockets[0]?.write(`${text.length.toString(16)}\r\n${text}\r\n`)
      await until(() => read.chunks.at(-1) === text)
    }
    agent.sockets[0]?.write('0\r\n\r\n')

    expect(await read.done).toMatchObject({ end: 'clean', body: 'data: 1\n\ndata: 2\n\ndata: 3\n\n' })
  })

  it('opens as many streams as are asked for: none waits for the socket of another', async () => {
    const { agent, upstream } = await raw((socket) =>
      socket.write(bytesOf('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: 1\n\n')),
    )

    const answers = await Promise.all(
      Array.from({ length: 100 }, () => upstream.send(post('{}'), { onInform: () => {}, onStart: () => {} })),
    )

    expect(answers.every((answer) => !(answer instanceof Denial) && answer.source !== undefined)).toBe(true)
    expect(agent.open()).toBe(100)
  })

  it('stops reading while the client does not, and loses nothing', async () => {
    const piece = 'x'.repeat(65_536)
    const { agent, upstream } = await raw((socket) => {
      socket.write(bytesOf(`HTTP/1.1 200 OK\r\ncontent-length: ${200 * piece.length}\r\n\r\n`))
      for (let i = 0; i < 200; i += 1) socket.write(piece)
    })
    const answer = await upstream.send(post('{}'), { onInform: () => {}, onStart: () => {} })
    if (answer instanceof Denial) throw new Error(answer.reason)
    let bytes = 0
    let slow = true
    const { promise, resolve } = Promise.withResolvers<string>()
    answer.source?.pipe({
      data: (chunk) => ((bytes += chunk.length), !slow),
      end: () => resolve('clean'),
      fault: resolve,
    })
    await sleep(100)
    const whileSlow = bytes
    slow = false
    answer.source?.resume()

    expect(whileSlow).toBeLessThan(1_000_000)
    expect(agent.sockets[0]?.writableLength).toBeGreaterThan(1_000_000)
    expect(await promise).toBe('clean')
    expect(bytes).toBe(200 * piece.length)
  })
})
