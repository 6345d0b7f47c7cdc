import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RouteConfig } from '../../src/core/config.ts'
import { ask } from '../fixtures/ask.ts'
import { answerJson, startAgent, type TestAgent } from '../fixtures/agent.ts'
import { startGate, type TestGate, testRoute } from '../fixtures/gate.ts'

/** The whole line, from the client's socket to the agent's and back. */
let agent: TestAgent
let gate: TestGate
const gone: string[] = []

beforeAll(async () => {
  agent = await startAgent((seen, response, request) => {
    const path = seen.url
    if (path.endsWith('/events')) return events(response, request, path)
    if (path.endsWith('/cut'))
      return void response
        .writeHead(200, { 'content-length': 100_000 })
        .write('half', () => setTimeout(() => response.destroy(), 50))
    if (path.endsWith('/cut-events'))
      return void response
        .writeHead(200, { 'content-type': 'text/event-stream' })
        .write('data: 1\n\n', () => setTimeout(() => response.destroy(), 50))
    if (path.endsWith('/204')) return void response.writeHead(204).end()
    if (path.endsWith('/304'))
      return void response.writeHead(304, { etag: '"x"', 'content-length': '5' }).end()
    if (path.endsWith('/big')) return void response.end(Buffer.alloc(3_000_000, 'x'))
    if (path.endsWith('/hints')) response.writeEarlyHints({ link: '</style.css>; rel=preload' })
    if (path.endsWith('/leaky')) {
      response.setHeader('connection', 'keep-alive, x-inner')
      response.setHeader('x-inner', '10.0.0.7')
      response.setHeader('access-control-allow-origin', '*')
      response.setHeader('sallyport-decision', 'permit; id=forged')
      response.setHeader('x-own', 'kept')
    }
    return answerJson(response, { got: seen.body.length })
  })
  const upstream = testRoute(agent.url).upstream
  const route = (name: string, over: Partial<RouteConfig> = {}): RouteConfig =>
    testRoute(agent.url, { name, path: `/${name}`, ...over })
  gate = await startGate({
    routes: [
      route('agent'),
      route('named', {
        upstream: {
          ...upstream,
          assertion: {
            header: 'x-sallyport-assertion',
            audience: 'https://agent.internal',
            lifetimeMs: 60_000,
          },
          identityHeaders: [
            { name: 'x-user', from: 'subject' },
            { name: 'x-roles', from: 'roles' },
          ],
        },
      }),
      route('browser', {
        cors: { origins: ['https://app.example'], headers: ['authorization', 'content-type'], maxAgeS: 600 },
      }),
      route('raw', { opaque: true }),
    ],
    config: { trustedPeers: [] },
  })
})
afterAll(async () => {
  await gate.close()
  await agent.close()
})

function events(response: ServerResponse, request: IncomingMessage, path: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  let sent = 0
  const timer = setInterval(() => {
    sent += 1
    response.write(`data: ${performance.now()}\n\n`)
    if (sent === 10) {
      clearInterval(timer)
      response.end()
    }
  }, 30)
  request.socket.on('close', () => clearInterval(timer))
  response.on('close', () => {
    if (!response.writableFinished) gone.push(path)
  })
}

async function outcomeOf(id: unknown): Promise<Record<string, unknown> | undefined> {
  for (let i = 0; i < 100; i += 1) {
    const found = gate.records().find((record) => record['kind'] === 'outcome' && record['id'] === id)
    if (found !== undefined) return found
    await sleep(20)
  }
  return undefined
}

function lastHeaders(): Record<string, string | string[] | undefined> {
  return agent.seen.at(-1)?.headers ?? {}
}

describe('a permitted exchange', () => {
  it('R51: has its decision on record before, and its outcome before the answer ended', async () => {
    const answer = await ask(gate, { method: 'POST', body: '{"a":"hello"}' })
    const id = answer.headers['x-request-id']
    const kinds = gate.records().filter((record) => record['id'] === id)

    expect(answer.json).toEqual({ got: 13 })
    expect(answer.headers['sallyport-decision']).toBe(`permit; id=${String(id)}`)
    expect(kinds.map((record) => record['kind'])).toEqual(['decision', 'outcome'])
    expect(kinds[0]).toMatchObject({
      route: 'agent',
      operation: 'POST',
      principal: { issuer: 'https://idp.test', subject: 'alice', roles: ['reader'] },
      policies: [expect.stringContaining('agent')],
      revision: 'test-revision',
      requestBytes: 13,
    })
    expect(kinds[1]).toMatchObject({ ending: 'completed', status: 200, upstreamStatus: 200 })
  })

  it('R51: holds no token and no content on record', async () => {
    const token = await gate.token()
    await ask(gate, { token, method: 'POST', body: '{"a":"a very particular text"}' })
    const log = JSON.stringify(gate.records())

    expect(log).not.toContain('a very particular text')
    expect(log).not.toContain(token.split('.')[2])
  })

  it('R38: never hands the client credential on, in any spelling', async () => {
    await ask(gate, { headers: { 'x-api-key': 'k', proxy_authorization: 'p', 'x_api-key': 'k2' } })

    expect(Object.keys(lastHeaders()).filter((name) => /auth|api.?key/.test(name))).toEqual([])
  })

  it('R4: drops hop-by-hop fields and what Connection names, and adds Via and Forwarded', async () => {
    await ask(gate, {
      headers: {
        connection: 'x-gone, close',
        'x-gone': '1',
        'x-kept': '2',
        te: 'trailers',
        'x-forwarded-for': '1.2.3.4',
        x_forwarded_host: 'evil',
        'x-original-url': '/admin',
        'x-http-method-override': 'DELETE',
      },
    })
    const headers = lastHeaders()

    expect(headers['x-kept']).toBe('2')
    for (const name of [
      'x-gone',
      'te',
      'x-forwarded-for',
      'x_forwarded_host',
      'x-original-url',
      'x-http-method-override',
    ]) {
      expect(headers[name]).toBeUndefined()
    }
    expect(headers['via']).toMatch(/^1\.1 sallyport/)
    expect(headers['forwarded']).toBe(`proto=https;host="localhost:${gate.port}"`)
    expect(headers['host']).toBe(`127.0.0.1:${agent.port}`)
  })

  it('tells the agent who asks, in a signed assertion and in headers that a client cannot forge', async () => {
    await ask(gate, { path: '/named', headers: { x_user: 'root', 'X-User': 'root', 'x-roles': 'admin' } })
    const headers = lastHeaders()
    const jwks = await ask(gate, { path: '/.well-known/jwks.json', token: null })
    const { payload } = await jwtVerify(
      String(headers['x-sallyport-assertion']),
      createLocalJWKSet(jwks.json as never),
      {
        issuer: `https://localhost:${gate.port}`,
        audience: 'https://agent.internal',
      },
    )

    expect([headers['x-user'], headers['x_user'], headers['x-roles']]).toEqual(['alice', undefined, 'reader'])
    expect(payload).toMatchObject({ sub: 'alice', roles: ['reader'] })
  })

  it('R4: takes hop-by-hop fields, CORS and our own names off the answer, and keeps the rest', async () => {
    const { headers } = await ask(gate, { path: '/agent/leaky' })

    expect(headers['x-own']).toBe('kept')
    expect(headers['x-inner']).toBeUndefined()
    expect(headers['access-control-allow-origin']).toBeUndefined()
    expect(headers['sallyport-decision']).not.toContain('forged')
  })

  it.each([
    ['HEAD', '/agent', 200],
    ['GET', '/agent/204', 204],
    ['GET', '/agent/304', 304],
  ])('R7: %s %s has no body', async (method, path, status) => {
    const answer = await ask(gate, { method, path })

    expect([answer.status, answer.text]).toEqual([status, ''])
  })

  it('R7: relays early hints', async () => {
    const token = await gate.token()
    const request = https.request({
      port: gate.port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: gate.ca,
      path: '/agent/hints',
      headers: { host: `localhost:${gate.port}`, authorization: `Bearer ${token}` },
    })
    const hints: unknown[] = []
    request.on('information', (information) => hints.push(information.headers))
    request.end()
    const [response] = await once(request, 'response')
    response.resume()

    expect(hints).toEqual([{ link: '</style.css>; rel=preload' }])
  })

  it('streams a long answer whole, and an opaque upload unread', async () => {
    const big = await ask(gate, { path: '/agent/big' })
    const upload = await ask(gate, {
      method: 'POST',
      path: '/raw',
      body: Buffer.alloc(900_000, 'z'),
      headers: { 'content-type': 'application/x-unknown' },
    })

    expect(big.text.length).toBe(3_000_000)
    expect(upload.json).toEqual({ got: 900_000 })
    expect(gate.records().findLast((record) => record['kind'] === 'decision')).toMatchObject({
      route: 'raw',
      opaque: true,
    })
  })

  it('speaks HTTP/2 to the client', async () => {
    const session = http2.connect(gate.url, { ca: gate.ca })
    const stream = session.request({ ':path': '/agent', authorization: `Bearer ${await gate.token()}` })
    const [headers] = await once(stream, 'response')
    const body = Buffer.concat(await stream.toArray()).toString()
    session.close()

    expect(headers[':status']).toBe(200)
    expect(JSON.parse(body)).toEqual({ got: 0 })
  })
})

describe('a stream', () => {
  it('R11: hands each event on as it comes', async () => {
    const token = await gate.token()
    const request = https.request({
      port: gate.port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: gate.ca,
      path: '/agent/events',
      headers: { host: `localhost:${gate.port}`, authorization: `Bearer ${token}` },
    })
    request.end()
    const [response] = await once(request, 'response')
    const lateMs: number[] = []
    for await (const piece of response) {
      for (const [, sent] of String(piece).matchAll(/data: ([\d.]+)/g))
        lateMs.push(performance.now() - Number(sent))
    }

    expect(lateMs.length).toBe(10)
    // Bounded far above the goal of 50 ms, for the machine that tests run on is shared.
    expect(lateMs.toSorted((a, b) => a - b)[5]).toBeLessThan(250)
    expect(await outcomeOf(response.headers['x-request-id'])).toMatchObject({ ending: 'completed' })
  })

  it('R10: ends the upstream within a second when the client is gone', async () => {
    const token = await gate.token()
    gone.length = 0
    const request = https.request({
      port: gate.port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: gate.ca,
      path: '/agent/events',
      headers: { host: `localhost:${gate.port}`, authorization: `Bearer ${token}` },
    })
    request.on('error', () => {})
    request.end()
    const [response] = await once(request, 'response')
    response.on('error', () => {})
    await once(response, 'data')
    request.destroy()
    await sleep(1_000)

    expect(gone).toEqual(['/events'])
    expect(await outcomeOf(response.headers['x-request-id'])).toMatchObject({ ending: 'client-aborted' })
  })

  it.each(['/agent/cut', '/agent/cut-events'])(
    'R9, F1: never ends cleanly when the agent dies in the middle (%s)',
    async (path) => {
      const answer = await ask(gate, { path })

      expect([answer.status, answer.truncated]).toEqual([200, true])
      expect(await outcomeOf(answer.headers['x-request-id'])).toMatchObject({ ending: 'upstream-aborted' })
    },
  )

  it('says so to a client that reads events, as its last event', async () => {
    const answer = await ask(gate, { path: '/agent/cut-events' })

    expect(answer.text).toContain('event: error\ndata: {"error":{"message":"The agent stopped')
  })
})

describe('browsers', () => {
  it('have their preflight answered before anybody is known', async () => {
    const headers = { origin: 'https://app.example', 'access-control-request-method': 'POST' }
    const answer = await ask(gate, { method: 'OPTIONS', path: '/browser', token: null, headers })

    expect(answer.status).toBe(204)
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': 'https://app.example',
      'access-control-allow-headers': 'authorization, content-type',
    })
  })

  it('are shown refusals too', async () => {
    const answer = await ask(gate, {
      path: '/browser',
      token: null,
      headers: { origin: 'https://app.example' },
    })

    expect(answer.status).toBe(401)
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': 'https://app.example',
      'access-control-expose-headers': expect.stringContaining('www-authenticate'),
    })
  })

  it('of other origins are not answered', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }
    const answer = await ask(gate, { method: 'OPTIONS', path: '/browser', token: null, headers })

    expect(answer.status).toBe(405)
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  })
})

describe('public documents', () => {
  it('R32: serve the metadata of each resource from public_url, whatever host is asked', async () => {
    const answer = await ask(gate, {
      path: '/.well-known/oauth-protected-resource/agent',
      token: null,
      headers: { host: `gate.test:${gate.port}` },
    }).catch(() => undefined)
    const own = await ask(gate, { path: '/.well-known/oauth-protected-resource/agent', token: null })

    expect(answer?.status ?? 421).toBe(421)
    expect(own.json).toMatchObject({
      resource: `https://localhost:${gate.port}/agent`,
      authorization_servers: ['https://idp.test'],
    })
  })
})
