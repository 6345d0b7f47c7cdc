import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { UpstreamConfig } from '../../src/core/config.ts'
import { BodyFaultError } from '../../src/core/exchange.ts'
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

const closing: { close(): Promise<unknown> }[] = []

afterEach(async () => {
  await Promise.all(closing.splice(0).map((one) => one.close()))
})

type Answer = Parameters<typeof rawUpstream>[0]

async function raw(
  answer: Answer,
  over: Partial<UpstreamConfig> = {},
): Promise<{ agent: RawUpstream; upstream: Upstream; events: string[] }> {
  const agent = await rawUpstream(answer)
  const events: string[] = []
  const observer = {
    event: (name: string, detail: object) => void events.push(`${name} ${JSON.stringify(detail)}`),
  }
  const upstream = testUpstream(upstreamConfig(agent.url, over), { observer })
  closing.push(upstream, agent)
  return { agent, upstream, events }
}

const HOOKS = { onInform: () => {}, onStart: () => {} }
const GET = order()
const HEAD = order({ method: 'HEAD' })
const POST = post('{}')
const GET_WITH_BODY = post('{}', { method: 'GET' })

describe('F1: the upstream dies', () => {
  it.each([
    ['GET', GET, 2, 'whole'],
    ['HEAD', HEAD, 2, 'whole'],
    ['GET with a body', GET_WITH_BODY, 1, 'denied'],
    ['POST', POST, 1, 'denied'],
    ['DELETE', order({ method: 'DELETE' }), 1, 'denied'],
  ] as const)('closing a kept connection as %s arrives: it is asked %#', async (_, what, asked, end) => {
    const { agent, upstream } = await raw((socket, _request, at) => {
      if (at === 1) socket.destroy()
      else socket.write(ok(''))
    })
    await send(upstream, POST)
    agent.requests.length = 1

    const outcome = await send(upstream, what)

    expect(outcome.end).toBe(end)
    expect(agent.requests.length - 1).toBe(asked)
    expect(outcome.denial?.problem).toBe(end === 'denied' ? 'upstream-unreachable' : undefined)
  })

  it('every time: GET is asked twice, and no more', async () => {
    const { agent, upstream } = await raw((socket, _, at) =>
      at === 0 ? socket.write(ok()) : socket.destroy(),
    )
    await send(upstream, POST)

    const outcome = await send(upstream, GET)

    expect(outcome.denial?.problem).toBe('upstream-unreachable')
    expect(agent.requests.length - 1).toBe(2)
  })

  it('on a fresh connection: nothing is asked again, for the connection was not to blame', async () => {
    const { agent, upstream } = await raw((socket) => socket.destroy())

    expect((await send(upstream, GET)).denial?.problem).toBe('upstream-unreachable')
    expect(agent.requests.length).toBe(1)
  })

  it('after the first byte of its answer: GET is not asked again', async () => {
    const { agent, upstream } = await raw((socket, _, at) =>
      at === 0 ? socket.write(ok()) : socket.end('H'),
    )
    await send(upstream, POST)

    const outcome = await send(upstream, GET)

    expect(outcome.denial?.problem).toBe('upstream-invalid')
    expect(agent.requests.length - 1).toBe(1)
  })

  it.each([
    ['closes inside its head', (socket) => socket.end(bytesOf('HTTP/1.1 200 OK\r\ncontent-le'))],
    [
      'closes inside a short body',
      (socket) => socket.end(bytesOf('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf')),
    ],
  ] satisfies [string, Answer][])('%s: 502, nothing passed on, POST asked once', async (_, answer) => {
    const { agent, upstream, events } = await raw(answer)

    const { denial } = await send(upstream, POST)

    expect(denial?.problem).toBe('upstream-invalid')
    expect(agent.requests.length).toBe(1)
    expect(events.join()).toContain('upstream-fault')
  })

  it.each([
    ['closes', (socket) => socket.end()],
    ['resets', (socket) => socket.resetAndDestroy()],
  ] satisfies [string, (socket: Socket) => unknown][])(
    '%s inside a chunk of a stream: a fault, never an end',
    async (_, die) => {
      const { agent, upstream, events } = await raw((socket) =>
        socket.write(
          bytesOf(
            'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\nff\r\ndata: 1\n\n',
          ),
        ),
      )
      const answer = await upstream.send(POST, HOOKS)
      if (answer instanceof Denial) throw new Error(answer.reason)
      const read = collect()
      answer.source?.pipe(read.sink)
      await until(() => read.chunks.length > 0)

      for (const socket of agent.sockets) die(socket)

      expect(await read.done).toMatchObject({ end: 'fault', body: 'data: 1\n\n' })
      expect(events).toHaveLength(1)
      expect(agent.requests.length).toBe(1)
    },
  )

  it('before anybody reads its stream: the fault waits for the reader', async () => {
    const { agent, upstream } = await raw((socket) =>
      socket.write(bytesOf('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\npart\r\n')),
    )
    const answer = await upstream.send(POST, HOOKS)
    if (answer instanceof Denial) throw new Error(answer.reason)
    agent.sockets[0]?.resetAndDestroy()
    await sleep(50)
    const read = collect()

    answer.source?.pipe(read.sink)

    expect((await read.done).end).toBe('fault')
  })

  it('does not listen: upstream-unreachable, and an event', async () => {
    const { agent, upstream, events } = await raw(() => {})
    await agent.close()

    expect((await send(upstream, POST)).denial?.problem).toBe('upstream-unreachable')
    expect(events.join()).toContain('ECONNREFUSED')
  })

  it('and comes back: the next request is answered', async () => {
    const { upstream } = await raw((socket, _, at) =>
      at === 0 ? socket.resetAndDestroy() : socket.write(ok()),
    )

    await send(upstream, POST)

    expect((await send(upstream, POST)).body).toBe('ok')
  })

  it('that closed its idle connection is asked on a new one, POST too', async () => {
    const { agent, upstream } = await raw((socket) => socket.write(ok()))
    await send(upstream, POST)
    agent.sockets[0]?.end()
    await sleep(50)

    const outcome = await send(upstream, POST)

    expect(outcome.body).toBe('ok')
    expect(agent.requests.length).toBe(2)
  })
})

describe('F2: the upstream hangs', () => {
  it.each([
    ['before its head', '', { firstByteMs: 100 }],
    ['inside its head', 'HTTP/1.1 200 OK\r\ncontent-', { firstByteMs: 100 }],
    ['inside a short body', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf', { idleMs: 100 }],
    ['for the whole time it has', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf', { totalMs: 100 }],
    ['behind informational answers', 'HTTP/1.1 103 Early Hints\r\n\r\n', { totalMs: 100 }],
  ])('%s: upstream-timeout, and its connection is closed', async (_, said, over) => {
    const { agent, upstream, events } = await raw(
      (socket) => void (said === '' || socket.write(bytesOf(said))),
      over,
    )

    const { denial } = await send(upstream, POST)

    expect(denial?.problem).toBe('upstream-timeout')
    expect(events).toHaveLength(1)
    await until(() => agent.open() === 0)
  })

  it.each([
    ['idleMs', { idleMs: 100 }],
    ['totalMs', { totalMs: 150 }],
  ])('inside a stream, over %s: a fault', async (_, over) => {
    const { agent, upstream } = await raw(
      (socket) => socket.write(bytesOf('HTTP/1.1 200 OK\r\n\r\ndata')),
      over,
    )

    expect((await send(upstream, POST)).end).toBe('fault')
    await until(() => agent.open() === 0)
  })

  it('stopped by a signal, half open: time is up, and others are answered meanwhile', async () => {
    const child = spawn(
      process.execPath,
      [
        '-e',
        "require('http').createServer((q, s) => s.end('ok')).listen(0, '127.0.0.1', function () { console.log(this.address().port) })",
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    closing.push({ close: async () => void child.kill('SIGKILL') })
    const [port] = (await once(child.stdout, 'data')) as [Buffer]
    const hung = testUpstream(
      upstreamConfig(`http://127.0.0.1:${Number(port.toString())}`, { firstByteMs: 300, connectMs: 300 }),
    )
    const { upstream: well } = await raw((socket) => socket.write(ok()))
    closing.push(hung)
    await send(hung, POST)

    child.kill('SIGSTOP')
    const waiting = Array.from({ length: 10 }, () => send(hung, POST))
    const others = await Promise.all(Array.from({ length: 10 }, () => send(well, POST)))
    const late = await Promise.all(waiting)

    expect(others.every(({ body }) => body === 'ok')).toBe(true)
    expect(late.map(({ denial }) => denial?.problem)).toEqual(
      Array.from({ length: 10 }, () => 'upstream-timeout'),
    )

    child.kill('SIGCONT')
    expect((await send(hung, POST)).body).toBe('ok')
  })

  it('with its own bounds only: a stream without a total bound outlives the first byte\u2019s', async () => {
    const { agent, upstream } = await raw((socket) => socket.write(bytesOf('HTTP/1.1 200 OK\r\n\r\n')), {
      firstByteMs: 100,
      idleMs: 5_000,
    })
    const answer = await upstream.send(POST, HOOKS)
    if (answer instanceof Denial) throw new Error(answer.reason)
    const read = collect()
    answer.source?.pipe(read.sink)
    await sleep(300)

    agent.sockets[0]?.end('late')

    expect(await read.done).toMatchObject({ end: 'clean', body: 'late' })
  })
})

describe('the client\u2019s body fails while it is streamed', () => {
  async function* failing(fault: 'too-large' | 'too-slow' | 'aborted'): AsyncGenerator<Uint8Array> {
    yield Buffer.from('part')
    await sleep(10)
    throw new BodyFaultError(fault)
  }

  it.each([
    ['too-large', 'content-too-large'],
    ['too-slow', 'request-timeout'],
    ['aborted', 'upstream-unreachable'],
  ] as const)('%s: %s, and the upstream never sees a whole request', async (fault, problem) => {
    const { agent, upstream } = await raw((socket) => socket.write(ok()))

    const { denial } = await send(upstream, post(failing(fault)))

    expect(denial?.problem).toBe(problem)
    await until(() => agent.open() === 0)
    expect(agent.requests).toEqual([])
  })

  it('shorter than it declared: refused, and never filled up by the next request', async () => {
    const { agent, upstream } = await raw((socket) => socket.write(ok()))
    async function* short(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('part')
    }

    const { denial } = await send(upstream, post(short(), { bodyBytes: 10 }))
    await send(upstream, POST)

    expect(denial?.problem).toBe('malformed-request')
    expect(agent.requests.map(({ body }) => body.toString())).toEqual(['{}'])
  })

  it('while the upstream answers early: the answer is whole, the connection not used again', async () => {
    const server = createServer((_, response) => response.end('early'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    closing.push({ close: async () => void (server.closeAllConnections(), server.close()) })
    const upstream = testUpstream(
      upstreamConfig(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    )
    closing.push(upstream)
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('part')
      await sleep(100)
      yield Buffer.from('rest')
    }

    expect((await send(upstream, post(slow()))).body).toBe('early')
    expect((await send(upstream, POST)).body).toBe('early')
  })
})

describe('close', () => {
  it('ends what is in flight, and idle connections', async () => {
    const { agent, upstream } = await raw((socket, _, at) => void (at === 0 && socket.write(ok())))
    await send(upstream, POST)
    const waiting = send(upstream, POST)
    await until(() => agent.requests.length === 2)

    await upstream.close()

    expect((await waiting).end).toBe('denied')
    await until(() => agent.open() === 0)
  })
})
