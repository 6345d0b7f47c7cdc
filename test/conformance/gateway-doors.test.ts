import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testRoute } from '../fixtures/gate.ts'
import { type BothSides, bothSides, GOOD_ANSWER, jsonRest, lastValues } from '../fixtures/both-sides.ts'
import * as h2 from '../fixtures/h2-raw.ts'
import { rawTcp, statusOf } from '../fixtures/raw.ts'

/**
 * Who is let in, where, and how it is put on record: through the whole gateway, raw sockets on both sides. Each refusal is beside
 * a request that differs in that one thing and passes.
 */
let sides: BothSides

beforeAll(async () => {
  const { limits, upstream } = testRoute('')
  sides = await bothSides((url) => [
    testRoute(url),
    testRoute(url, { name: 'opaque', path: '/opaque', opaque: true }),
    testRoute(url, {
      name: 'limited',
      path: '/limited',
      limits: { ...limits, requests: { max: 2, windowMs: 60_000 } },
    }),
    testRoute(url, {
      name: 'down',
      path: '/down',
      // A port that nothing listens on: 1 needs rights that no test has.
      upstream: { ...upstream, url: 'http://127.0.0.1:1' },
    }),
  ])
})
afterAll(async () => {
  await sides.close()
})

const get = (over: Partial<Parameters<BothSides['send']>[0]> = {}): Promise<string> =>
  sides.send({ method: 'GET', rest: '\r\n', ...over })

/** Tells whether the agent was asked anything meanwhile. */
async function unasked(request: Promise<string>): Promise<string> {
  const before = sides.agent.requests.length
  const received = await request
  expect(sides.agent.requests.length).toBe(before)
  return received
}

describe('R12: HTTP/2, through the gateway', () => {
  const fields = async (method: string, ...more: string[]): Promise<string[]> => [
    ':method',
    method,
    ':scheme',
    'https',
    ':authority',
    `localhost:${sides.gate.port}`,
    ':path',
    '/agent',
    'authorization',
    `Bearer ${await sides.gate.token()}`,
    ...more,
  ]

  it.each([
    ['a field of the connection', ['connection', 'x-user']],
    ['a coding', ['transfer-encoding', 'chunked']],
    ['an upper-case name', ['X-User', 'root']],
    ['a second path', [':path', '/admin']],
    ['te other than trailers', ['te', 'gzip']],
  ])('R12: %s is a stream error, and the agent hears nothing', async (_, more) => {
    const before = sides.agent.requests.length
    const client = await h2.rawH2(sides.gate.port)

    client.send(h2.headers(1, await fields('GET', ...more)))
    const end = await client.frame(h2.ending(1))
    client.end()

    expect(h2.codeOf(end)).toBe(h2.errorCode.protocol)
    expect(sides.agent.requests.length).toBe(before)
  })

  it.each([
    ['longer', '{"a":1}'],
    ['shorter', '{'],
  ])('R12: a body %s than declared never reaches the agent', async (_, body) => {
    const before = sides.agent.requests.length
    const client = await h2.rawH2(sides.gate.port)

    const head = await fields('POST', 'content-type', 'application/json', 'content-length', '2')
    client.send(h2.headers(1, head, false), h2.data(1, body))
    await client.frame(h2.ending(1))
    client.end()

    expect(sides.agent.requests.length).toBe(before)
  })

  // A known limit: nghttp2 drops such a field in silence. What matters is that nobody behind it sees the field, or a part of it.
  it.each([
    ['CR LF', 'a\r\nx-user: root'],
    ['LF', 'a\nx-user: root'],
    ['NUL', 'a\0b'],
  ])('R12: a field with %s is seen by nobody', async (_, value) => {
    const client = await h2.rawH2(sides.gate.port)

    client.send(h2.headers(1, await fields('GET', 'x-a', value)))
    await client.frame(h2.ending(1))
    client.end()

    expect([...lastValues(sides.agent, 'x-a'), ...lastValues(sides.agent, 'x-user')]).toEqual([])
    expect(sides.agent.faults).toEqual([])
  })

  it('R12: a good request leaves as one of HTTP/1.1', async () => {
    const client = await h2.rawH2(sides.gate.port)

    const head = await fields('POST', 'content-type', 'application/json', 'cookie', 'a=1', 'cookie', 'b=2')
    client.send(h2.headers(1, head, false), h2.data(1, '{"a":1}'))
    await client.frame(h2.ending(1))
    client.end()

    expect(sides.agent.requests.at(-1)).toMatchObject({ method: 'POST', body: Buffer.from('{"a":1}') })
    expect(lastValues(sides.agent, 'cookie')).toEqual(['a=1; b=2'])
    expect(lastValues(sides.agent, 'via')).toEqual(['2 sallyport'])
  })
})

describe('where a request is meant for', () => {
  it('R14: the absolute form of our own host is served, and leaves in origin form', async () => {
    const received = await get({ target: `https://localhost:${sides.gate.port}/agent/x?y=1` })

    expect(statusOf(received)).toBe(200)
    expect(sides.agent.requests.at(-1)?.target).toBe('/x?y=1')
    expect(lastValues(sides.agent, 'host')).toEqual([`127.0.0.1:${sides.agent.port}`])
  })

  it.each([
    ['an absolute form of another host', { target: 'https://evil.example/agent' }, 400],
    ['an absolute form in clear text', { target: 'http://localhost/agent' }, 400],
    ['another Host', { host: 'evil.example' }, 421],
    ['the Host of another port', { host: 'localhost:1' }, 421],
    ['no Host', { host: null }, 400],
    ['a Host with user information', { host: 'a@localhost' }, 421],
  ])('R14: %s is refused', async (_, over, status) => {
    expect(statusOf(await unasked(get(over)))).toBe(status)
  })

  it.each(['PATCH', 'PROPFIND', 'TRACE', 'OPTIONS', 'get'])(
    'R15: %s, which the route has not, is refused',
    async (method) => {
      const received = await unasked(get({ method }))

      expect([400, 405]).toContain(statusOf(received))
      expect(method === 'get' || /\r\nallow: GET, HEAD, POST, PUT, DELETE\r\n/i.test(received)).toBe(true)
    },
  )

  it('R15: CONNECT makes no tunnel', async () => {
    const received = await unasked(get({ method: 'CONNECT', target: `127.0.0.1:${sides.agent.port}` }))

    expect(statusOf(received)).toBe(405)
  })

  it('R16: plain HTTP is answered 421 and nothing of it is served', async () => {
    const before = sides.agent.requests.length
    const client = await rawTcp(sides.gate.port)
    client.send(`${await sides.head({ method: 'GET' })}\r\n`)
    const received = await client.untilClosed()

    expect(received).toMatch(/^HTTP\/1\.1 421 [\s\S]*"tls-required"/)
    expect(received).not.toMatch(/\r\nlocation:/i)
    expect(sides.agent.requests.length).toBe(before)
  })

  it('R18: a server name and a Host that differ are refused, each of which is served alone', async () => {
    const other = { tls: { servername: 'gate.test' } }

    expect(statusOf(await unasked(get(other)))).toBe(421)
    expect(statusOf(await get({ ...other, host: `gate.test:${sides.gate.port}` }))).toBe(200)
    expect(statusOf(await get())).toBe(200)
  })

  it('R18: without a server name the Host is judged all the same', async () => {
    const nameless = { tls: { servername: '' } }

    expect(statusOf(await get(nameless))).toBe(200)
    expect(statusOf(await unasked(get({ ...nameless, host: 'evil.example' })))).toBe(421)
  })
})

describe('who it is', () => {
  it.each([
    ['in the query', (token: string) => ({ target: `/agent?access_token=${token}` })],
    ['in a cookie', (token: string) => ({ rest: `Cookie: access_token=${token}; token=${token}\r\n\r\n` })],
    ['in a header of another name', (token: string) => ({ rest: `X-Api-Key: ${token}\r\n\r\n` })],
    ['for the proxy', (token: string) => ({ rest: `Proxy-Authorization: Bearer ${token}\r\n\r\n` })],
    [
      'in the body',
      (token: string) => ({
        method: 'POST',
        rest: `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${token.length + 13}\r\n\r\naccess_token=${token}`,
      }),
    ],
  ])('R27: a token %s is no credential', async (_, over) => {
    const token = await sides.gate.token()

    const received = await unasked(get({ token: null, ...over(token) }))

    expect(statusOf(received)).toBe(401)
    expect(received).toContain('"token-missing"')
  })

  it('R27: two credentials are none, even if both are good', async () => {
    const token = await sides.gate.token()

    const received = await unasked(get({ rest: `Authorization: Bearer ${token}\r\n\r\n` }))

    expect(statusOf(received)).toBe(401)
  })

  it.each([
    ['expired', { exp: 1_000 }, 'token-expired'],
    ['without an end', { exp: undefined }, 'token-invalid'],
    ['of another issuer', { iss: 'https://evil.test' }, 'token-invalid'],
    ['for another audience', { aud: 'https://other.test' }, 'audience-mismatch'],
    ['with a subject that breaks a line', { sub: 'a\r\nx-user: root' }, 'token-invalid'],
  ])('R22: a token %s is 401', async (_, claims, problem) => {
    const received = await unasked(get({ token: await sides.gate.token(claims) }))

    expect(statusOf(received)).toBe(401)
    expect(received).toContain(`"${problem}"`)
    expect(received).toMatch(/\r\nwww-authenticate: Bearer error="invalid_token"/i)
  })

  it.each([{ jkt: 'x' }, { 'x5t#S256': 'x' }, {}])(
    'R28: a token bound by %j is not taken for a bearer token',
    async (cnf) => {
      const received = await unasked(get({ token: await sides.gate.token({ cnf }) }))

      expect(statusOf(received)).toBe(401)
      expect(received).toContain('"proof-required"')
    },
  )

  it.each(['/agent', '/opaque'])(
    'R38: the token reaches the agent under no spelling of a name that carries one (%s)',
    async (target) => {
      const token = await sides.gate.token()

      await sides.send({
        target,
        token,
        rest: jsonRest(
          '{}',
          `X-Api-Key: ${token}\r\nProxy-Authorization: Bearer ${token}\r\nAuthor_ization: ${token}\r\nAuthorization_: ${token}\r\n`,
        ),
      })

      const seen = JSON.stringify(sides.agent.requests.at(-1)?.headers)
      const [, , signature = ''] = token.split('.')
      expect(signature.length).toBeGreaterThan(40)
      expect(seen).not.toContain(signature)
    },
  )
})

describe('what is answered and recorded', () => {
  it.each([
    ['no token', { token: null }, 401],
    ['no route', { target: '/nowhere' }, 404],
    ['an agent that is not there', { target: '/down' }, 502],
    ['a malformed path', { target: '/agent/%2e%2e/x' }, 400],
    [
      'a body of an unknown kind',
      { method: 'POST', rest: 'Content-Type: x/y\r\nContent-Length: 1\r\n\r\nx' },
      415,
    ],
  ])('R43: %s is a problem document that tells nothing of the inside', async (_, over, status) => {
    const received = await get(over)

    const [head = '', body = ''] = received.split('\r\n\r\n')
    expect(statusOf(received)).toBe(status)
    expect(head).toMatch(/\r\ncontent-type: application\/problem\+json(?:\r\n|$)/i)
    expect(JSON.parse(body)).toMatchObject({ status, type: expect.stringMatching(/^urn:sallyport:problem:/) })
    expect(head + body).not.toMatch(
      /127\.0\.0\.1|ECONN|node_modules|src\/|\.ts\b|undici|fastify|cedar|node\.js|x-powered-by|\r\nserver:/i,
    )
  })

  it('R44: says policy and rest on every answer, and when to come back when it is enough', async () => {
    const token = await sides.gate.token({ sub: 'r44' })
    const again = (): Promise<string> =>
      // Another address, as a client may claim: it is no other client.
      get({ target: '/limited', token, rest: `X-Forwarded-For: 10.0.0.${Math.random()}\r\n\r\n` })
    const answers = [await again(), await again(), await again()]
    const others = await get({ target: '/limited', token: await sides.gate.token({ sub: 'other' }) })

    expect(answers.map(statusOf)).toEqual([200, 200, 429])
    expect(answers.map((answer) => /\r\nratelimit: "requests";r=(\d+);t=\d+\r\n/i.exec(answer)?.[1])).toEqual(
      ['1', '0', '0'],
    )
    expect(answers[0]).toMatch(/\r\nratelimit-policy: "requests";q=2;w=60\r\n/i)
    expect(answers[2]).toMatch(/\r\nretry-after: [1-6]?\d\r\n/i)
    expect(statusOf(others)).toBe(200)
  })

  it('R45: a body over the bound is refused before it is read, declared or not', async () => {
    const declared = await unasked(
      sides.send({ rest: 'Content-Type: application/json\r\nContent-Length: 2000000\r\n\r\n' }),
    )
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`
    const chunked = await unasked(
      sides.send({
        rest: `Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(17)}`,
      }),
    )

    expect([statusOf(declared), statusOf(chunked)]).toEqual([413, 413])
  })

  it('R51: the decision stands on record when the agent is asked, the outcome when the client has its answer', async () => {
    let kinds: unknown[] = []
    const recorded = (id: string): unknown[] =>
      sides.gate
        .records()
        .filter((record) => record['id'] === id)
        .map(({ kind }) => kind)
    sides.answer = (socket, { headers }) => {
      kinds = recorded(headers.find(([name]) => name === 'x-request-id')?.[1] ?? '')
      socket.write(GOOD_ANSWER)
    }

    const received = await get()

    const [, id = ''] = /\r\nx-request-id: (\w+)/i.exec(received) ?? []
    expect(kinds).toEqual(['decision'])
    expect(recorded(id)).toEqual(['decision', 'outcome'])
  })

  it('R51: a refusal stands on record when the client is told, and one before anybody is known is counted', async () => {
    const refused = await get({ token: await sides.gate.token({ roles: ['guest'] }) })
    const anonymous = await get({ token: null })

    const [refusal, none] = [refused, anonymous].map((received) => {
      const [, id = ''] = /\r\nx-request-id: (\w+)/i.exec(received) ?? []
      return sides.gate.records().find((record) => record['id'] === id)
    })
    expect(refusal).toMatchObject({
      kind: 'refusal',
      problem: 'policy-forbids',
      principal: { subject: 'alice', roles: ['guest'] },
      revision: 'test-revision',
      route: 'agent',
      method: 'GET',
    })
    expect(none).toBeUndefined()
  })
})
