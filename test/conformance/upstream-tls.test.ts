import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer as createHttp } from 'node:http'
import { createSecureServer, type Http2SecureServer, type ServerHttp2Stream } from 'node:http2'
import { createServer, type Server } from 'node:https'
import { type AddressInfo, createServer as createTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { UpstreamTlsConfig } from '../../src/core/config.ts'
import { Denial } from '../../src/problem/problems.ts'
import { createFetch } from '../../src/upstream/fetch.ts'
import type { Upstream } from '../../src/upstream/upstream.ts'
import { type TestCertificate, testCertificate } from '../fixtures/certs.ts'
import { collect, post, send, testUpstream, until, upstreamConfig } from '../fixtures/raw-upstream.ts'

let one: TestCertificate
let other: TestCertificate
const closing: (() => unknown)[] = []

beforeAll(async () => {
  one = await testCertificate('one')
  other = await testCertificate('two')
})
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function listening(server: Server | Http2SecureServer): Promise<number> {
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  return (server.address() as AddressInfo).port
}

const trusting = (over: Partial<UpstreamTlsConfig> = {}): UpstreamTlsConfig => ({
  ca: one.ca,
  servername: undefined,
  cert: undefined,
  key: undefined,
  ...over,
})

function toward(port: number, tls: UpstreamTlsConfig | undefined, host = 'localhost'): Upstream {
  const upstream = testUpstream(upstreamConfig(`https://${host}:${port}`, { tls, connectMs: 1_000 }))
  closing.push(() => upstream.close())
  return upstream
}

describe('R17: the upstream is who the configuration says', () => {
  it('is asked when its certificate chains to the configured authority', async () => {
    const port = await listening(createServer({ ...one }, (_, response) => response.end('ok')))

    expect((await send(toward(port, trusting()), post('{}'))).body).toBe('ok')
  })

  it.each([
    ['of another authority', () => trusting({ ca: other.ca })],
    ['that the system does not know', () => undefined],
    ['for another name', () => trusting({ servername: 'agent.example' })],
  ])('is not asked under a certificate %s', async (_, tls) => {
    let asked = 0
    const port = await listening(
      createServer({ ...one }, (_request, response) => response.end(String((asked += 1)))),
    )

    const { denial } = await send(toward(port, tls()), post('{}'))

    expect(denial?.problem).toBe('upstream-unreachable')
    expect(asked).toBe(0)
  })

  it('is verified under the configured name, not under the one in Host', async () => {
    let servername: unknown
    const server = createServer({ ...one }, (request, response) => {
      servername = (request.socket as TLSSocket).servername
      response.end('ok')
    })
    const port = await listening(server)
    const upstream = toward(port, trusting({ servername: 'gate.test' }), '127.0.0.1')

    const outcome = await send(upstream, post('{}', { headers: ['host', 'agent.example'] }))

    expect(outcome.body).toBe('ok')
    expect(servername).toBe('gate.test')
  })

  it.each([
    ['127.0.0.1', 'whole'],
    ['127.0.0.2', 'denied'],
  ])('is verified as an address where the URL has one, whatever Host says: %s %s', async (host, end) => {
    const server = createServer({ ...one }, (_, response) => response.end('ok'))
    server.listen(0, host)
    await once(server, 'listening')
    closing.push(() => server.close())
    const upstream = toward((server.address() as AddressInfo).port, trusting(), host)

    expect((await send(upstream, post('{}', { headers: ['host', 'localhost'] }))).end).toBe(end)
  })

  it('is not asked over TLS 1.1', async () => {
    const port = await listening(
      createServer(
        { ...one, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
        (_, response) => response.end(),
      ),
    )

    expect((await send(toward(port, trusting()), post('{}'))).denial?.problem).toBe('upstream-unreachable')
  })

  it('is shown our certificate where it wants one', async () => {
    const options = { ...one, ca: other.ca, requestCert: true, rejectUnauthorized: true }
    const port = await listening(createServer(options, (_, response) => response.end('ok')))

    const shown = await send(toward(port, trusting({ cert: other.cert, key: other.key })), post('{}'))
    const bare = await send(toward(port, trusting()), post('{}'))

    expect(shown.body).toBe('ok')
    expect(bare.end).toBe('denied')
  })

  it('is not spoken to in clear text beyond loopback', () => {
    expect(() => testUpstream(upstreamConfig('http://agent.example'))).toThrow('clear text')
  })

  it('is reached by a unix socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-upstream-'))
    const socket = join(folder, 'agent.sock')
    const server = createHttp((request, response) => response.end(request.headers.host))
    server.listen(socket)
    await once(server, 'listening')
    const upstream = testUpstream(upstreamConfig('http://agent', { socket }))
    closing.push(
      () => upstream.close(),
      () => server.close(),
      () => rmSync(folder, { recursive: true }),
    )

    expect((await send(upstream, post('{}', { headers: ['host', 'agent'] }))).body).toBe('agent')
  })

  it('that never finishes its handshake costs the connect bound', async () => {
    const silent = createTcp((socket) => socket.on('error', () => {}))
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    closing.push(() => silent.close())
    const { port } = silent.address() as AddressInfo
    const upstream = testUpstream(upstreamConfig(`https://localhost:${port}`, { connectMs: 100 }))
    closing.push(() => upstream.close())

    expect((await send(upstream, post('{}'))).denial?.problem).toBe('upstream-timeout')
  })
})

describe('HTTP/2 upstream, by ALPN', () => {
  async function http2(
    onStream: (stream: ServerHttp2Stream, headers: Record<string, unknown>) => void,
  ): Promise<{ upstream: Upstream; sessions: () => number }> {
    let sessions = 0
    const server = createSecureServer({ ...one })
    server.on('session', () => (sessions += 1))
    server.on('stream', (stream: ServerHttp2Stream, headers) => {
      stream.on('error', () => {})
      onStream(stream, headers)
    })
    const open = new Set<{ destroy(): void }>()
    server.on('session', (session) => void open.add(session))
    const port = await listening(server)
    const upstream = toward(port, trusting())
    closing.unshift(() => open.forEach((session) => session.destroy()))
    return { upstream, sessions: () => sessions }
  }

  it('carries our head, and no field of a connection', async () => {
    let seen: Record<string, unknown> = {}
    const { upstream } = await http2((stream, headers) => {
      seen = headers
      stream.respond({ ':status': 200, 'x-a': 'b', 'content-length': '2', 'set-cookie': ['a=1', 'b=2'] })
      stream.end('ok')
    })

    const outcome = await send(
      upstream,
      post('{}', { target: '/v1?x=1', headers: ['host', 'agent', 'x-user', 'alice'] }),
    )

    expect(outcome).toMatchObject({ body: 'ok', end: 'whole' })
    expect(outcome.answer?.headers).toEqual(
      expect.arrayContaining(['x-a', 'b', 'set-cookie', 'a=1', 'set-cookie', 'b=2']),
    )
    expect(seen).toMatchObject({
      ':authority': 'agent',
      ':path': '/v1?x=1',
      ':method': 'POST',
      'x-user': 'alice',
    })
    expect(seen).not.toHaveProperty('connection')
  })

  it('puts later exchanges on one connection', async () => {
    const { upstream, sessions } = await http2((stream) => {
      stream.respond({ ':status': 200 })
      stream.end('ok')
    })
    await send(upstream, post('{}'))

    const outcomes = await Promise.all(Array.from({ length: 20 }, () => send(upstream, post('{}'))))

    expect(outcomes.every(({ body }) => body === 'ok')).toBe(true)
    expect(sessions()).toBe(1)
  })

  it('R10: resets the stream when the client is gone, and nothing else', async () => {
    let closed = false
    const { upstream, sessions } = await http2((stream, headers) => {
      stream.respond({ ':status': 200, 'content-type': 'text/event-stream' })
      stream.write('data: 1\n\n')
      if (headers[':path'] === '/hang') stream.on('close', () => (closed = true))
      else stream.end()
    })
    const answer = await upstream.send(post('{}', { target: '/hang' }), {
      onInform: () => {},
      onStart: () => {},
    })
    if (answer instanceof Denial) throw new Error(answer.reason)
    const read = collect()
    answer.source?.pipe(read.sink)
    await until(() => read.chunks.length === 1)

    answer.source?.abort()

    await until(() => closed, 1_000)
    expect((await send(upstream, post('{}'))).end).toBe('clean')
    expect(sessions()).toBe(1)
  })

  it.each([
    ['a stream that is reset', (stream: ServerHttp2Stream) => stream.close(2)],
    [
      'a body shorter than declared',
      (stream: ServerHttp2Stream) => {
        stream.respond({ ':status': 200, 'content-length': '10' })
        stream.end('ok')
      },
    ],
    ['a session that ends', (stream: ServerHttp2Stream) => stream.session?.destroy()],
  ])('R9: %s is no clean end', async (_, answer) => {
    const { upstream } = await http2(answer)

    expect((await send(upstream, post('{}'))).end).toBe('denied')
  })

  it.each([
    ['is reset', (stream: ServerHttp2Stream) => stream.destroy(new Error('broken'))],
    ['loses its session', (stream: ServerHttp2Stream) => stream.session?.destroy()],
    ['loses its socket', (stream: ServerHttp2Stream) => stream.session?.socket.destroy()],
  ])('R9: a stream that %s in its body is a fault', async (_, die) => {
    const { upstream } = await http2((stream) => {
      stream.respond({ ':status': 200 })
      stream.write('part', () => setTimeout(() => die(stream), 20))
    })

    expect((await send(upstream, post('{}'))).end).toBe('fault')
  })

  it('bounds the wait for a stream where the upstream allows few', async () => {
    const paths: unknown[] = []
    let closed = 0
    const server = createSecureServer({ ...one, settings: { maxConcurrentStreams: 1 } })
    server.on('stream', (stream: ServerHttp2Stream, headers) => {
      stream.on('error', () => {})
      paths.push(headers[':path'])
      stream.respond({ ':status': 200 })
      if (headers[':path'] !== '/hang') stream.end('ok')
      stream.on('close', () => (closed += 1))
    })
    const port = await listening(server)
    const upstream = testUpstream(
      upstreamConfig(`https://localhost:${port}`, { tls: trusting(), connectMs: 100 }),
    )
    closing.unshift(() => upstream.close())
    await send(upstream, post('{}'))
    const hanging = await upstream.send(post('{}', { target: '/hang' }), {
      onInform: () => {},
      onStart: () => {},
    })

    const { denial } = await send(upstream, post('{}', { target: '/late' }))
    if (!(hanging instanceof Denial)) hanging.source?.abort()
    await until(() => closed === 2)
    const next = await send(upstream, post('{}', { target: '/next' }))

    expect(denial?.problem).toBe('upstream-timeout')
    expect(next.body).toBe('ok')
    expect(paths).toEqual(['/', '/hang', '/next'])
  })

  it('bounds the wait for the head', async () => {
    const port = await listening(
      createSecureServer({ ...one }).on(
        'stream',
        (stream: ServerHttp2Stream) => void stream.on('error', () => {}),
      ),
    )
    const upstream = testUpstream(
      upstreamConfig(`https://localhost:${port}`, { tls: trusting(), firstByteMs: 100 }),
    )
    closing.unshift(() => upstream.close())

    expect((await send(upstream, post('{}'))).denial?.problem).toBe('upstream-timeout')
  })
})

describe('fetch of what the gateway itself needs', () => {
  async function fetchFrom(
    answer: Parameters<typeof createHttp>[1],
    over: object = {},
  ): ReturnType<ReturnType<typeof createFetch>> {
    const port = await listening(createServer({ ...one }, answer))
    return createFetch()({
      url: `https://localhost:${port}/jwks?a=1`,
      ca: one.ca,
      timeoutMs: 1_000,
      bytesMax: 100,
      ...over,
    })
  }

  it('gives status, type and bytes', async () => {
    const answer = await fetchFrom((request, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(request.url)
    })

    expect(answer).toEqual({ status: 200, contentType: 'application/json', body: Buffer.from('/jwks?a=1') })
  })

  it('gives answers that are no success too: the caller decides', async () => {
    expect((await fetchFrom((_, response) => response.writeHead(500).end())).status).toBe(500)
  })

  it.each([301, 302, 307, 308])('refuses a %i', async (status) => {
    await expect(
      fetchFrom((_, response) => response.writeHead(status, { location: 'https://evil.example' }).end()),
    ).rejects.toThrow('redirect')
  })

  it('refuses more bytes than the bound, declared or not', async () => {
    await expect(fetchFrom((_, response) => response.end('x'.repeat(101)))).rejects.toThrow('longer than 100')
    await expect(
      fetchFrom((_, response) => {
        response.write('x'.repeat(60))
        response.end('x'.repeat(60))
      }),
    ).rejects.toThrow('longer than 100')
  })

  it('refuses an authority that it was not told to trust', async () => {
    await expect(fetchFrom((_, response) => response.end(), { ca: other.ca })).rejects.toThrow('certificate')
  })

  it('refuses an answer that does not come in time, or never ends', async () => {
    await expect(fetchFrom(() => {}, { timeoutMs: 100 })).rejects.toThrow('timeout')
    await expect(fetchFrom((_, response) => void response.write('x'), { timeoutMs: 100 })).rejects.toThrow(
      'timeout',
    )
  })

  it('refuses clear text beyond loopback', async () => {
    await expect(
      createFetch()({ url: 'http://idp.example/jwks', ca: undefined, timeoutMs: 100, bytesMax: 10 }),
    ).rejects.toThrow('clear text')
  })
})
