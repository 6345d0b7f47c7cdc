import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { testRoute } from '../fixtures/gate.ts'
import {
  type BothSides,
  bothSides,
  GOOD_ANSWER,
  jsonRest,
  lastValues,
  namesOf,
} from '../fixtures/both-sides.ts'
import { rawTls, statusOf } from '../fixtures/raw.ts'
import { bytesOf, until } from '../fixtures/raw-upstream.ts'

/**
 * RFC 9110 and 9112 through the whole gateway, raw sockets on both sides: what the client may not send never reaches the agent,
 * and what the agent may not answer never reaches the client. The agent reads as strictly as anybody could.
 */
let sides: BothSides

beforeAll(async () => {
  sides = await bothSides((url) => [
    testRoute(url, { methods: ['GET', 'HEAD', 'POST', 'OPTIONS'] }),
    testRoute(url, { name: 'opaque', path: '/opaque', opaque: true }),
  ])
})
afterEach(() => {
  sides.answer = (socket) => void socket.write(GOOD_ANSWER)
})
afterAll(async () => {
  await sides.close()
})

const JSON_TYPE = 'Content-Type: application/json\r\n'

describe('a request whose framing is in doubt', () => {
  it.each([
    [
      'both lengths',
      `${JSON_TYPE}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    ],
    ['a coding besides chunked', `${JSON_TYPE}Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`],
    ['two lengths', `${JSON_TYPE}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} `],
    ['a signed length', `${JSON_TYPE}Content-Length: +2\r\n\r\n{}`],
    ['a list of equal lengths', `${JSON_TYPE}Content-Length: 2, 2\r\n\r\n{}`],
    ['a chunk size with a sign', `${JSON_TYPE}Transfer-Encoding: chunked\r\n\r\n+2\r\n{}\r\n0\r\n\r\n`],
  ])('R1: %s is 400, the connection ends, and the agent hears nothing', async (_, rest) => {
    const before = [sides.agent.requests.length, sides.agent.sockets.length]

    const received = await sides.send({ rest: `${rest}GET /smuggled HTTP/1.1\r\n`, enough: () => false })

    expect(statusOf(received)).toBe(400)
    expect(received.match(/HTTP\/1\.1 /g)).toHaveLength(1)
    expect([sides.agent.requests.length, sides.agent.sockets.length]).toEqual(before)
  })

  it('R1: a coding in HTTP/1.0 is 400', async () => {
    const before = sides.agent.requests.length

    const received = await sides.send({
      version: 'HTTP/1.0',
      rest: `${JSON_TYPE}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    })

    expect(statusOf(received)).toBe(400)
    expect(sides.agent.requests.length).toBe(before)
  })

  it('R1: an honest chunked body goes on under its length', async () => {
    const received = await sides.send({
      rest: `${JSON_TYPE}Transfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n3\r\n:1}\r\n0\r\n\r\n`,
    })

    expect(statusOf(received)).toBe(200)
    expect(sides.agent.requests.at(-1)?.body.toString()).toBe('{"a":1}')
    expect(lastValues(sides.agent, 'content-length')).toEqual(['7'])
    expect(lastValues(sides.agent, 'transfer-encoding')).toEqual([])
  })
})

describe('a request outside the grammar', () => {
  it.each([
    ['a bare LF', 'X-A: 1\nX-B: 2\r\n\r\n'],
    ['a bare CR', 'X-A: 1\rX-B: 2\r\n\r\n'],
    ['NUL', 'X-A: 1\0\r\n\r\n'],
    ['a folded line', 'X-A: 1\r\n 2\r\n\r\n'],
    ['a space before a colon', 'X-A : 1\r\n\r\n'],
    ['a second Host', 'Host: localhost\r\n\r\n'],
    ['an empty name', ': 1\r\n\r\n'],
  ])('R2: with %s is 400, and the agent hears nothing', async (_, rest) => {
    const before = sides.agent.requests.length

    const received = await sides.send({ method: 'GET', rest })

    expect(statusOf(received)).toBe(400)
    expect(sides.agent.requests.length).toBe(before)
  })

  it.each(['Content_Length: 7', 'Transfer_Encoding: chunked', 'content-length_: 7', 'X-Request_Id: 1'])(
    'R2: the twin %s never leaves',
    async (field) => {
      const received = await sides.send({ rest: jsonRest('{"a":1}', `${field}\r\n`) })

      const [name = ''] = field.toLowerCase().split(':')
      expect(statusOf(received)).toBe(200)
      expect(namesOf(sides.agent.requests.at(-1))).not.toContain(name)
      expect(lastValues(sides.agent, 'content-length')).toEqual(['7'])
    },
  )

  it('R2: whatever left so far was one request each, under the strictest reading', () => {
    expect(sides.agent.requests.length).toBeGreaterThan(3)
    expect(sides.agent.faults).toEqual([])
  })
})

describe('what belongs to the hop', () => {
  it.each(['/agent', '/opaque'])('R3: chunk extensions and trailers end here (%s)', async (target) => {
    const received = await sides.send({
      target,
      rest: `${JSON_TYPE}Trailer: x-user\r\nTransfer-Encoding: chunked\r\n\r\n7;a="b"\r\n{"a":1}\r\n0;c\r\nx-user: root\r\n\r\n`,
    })

    const request = sides.agent.requests.at(-1)
    expect(statusOf(received)).toBe(200)
    expect(request?.body.toString()).toBe('{"a":1}')
    expect(namesOf(request)).not.toContain('x-user')
    expect(namesOf(request)).not.toContain('trailer')
  })

  it('R4: a client cannot have our own headers removed by naming them', async () => {
    await sides.send({
      rest: jsonRest('{}', 'Connection: via, forwarded, x-request-id, x-mine, close\r\nX-Mine: 1\r\n'),
      enough: () => false,
    })

    const names = namesOf(sides.agent.requests.at(-1))
    expect(names).toEqual(expect.arrayContaining(['via', 'forwarded', 'x-request-id']))
    expect(names).not.toContain('x-mine')
  })

  it('R4: what the agent says of its connection stays there', async () => {
    sides.answer = (socket) =>
      void socket.write(
        bytesOf(
          'HTTP/1.1 200 OK\r\nConnection: keep-alive, x-inner\r\nX-Inner: 10.0.0.7\r\nKeep-Alive: timeout=9\r\nUpgrade: h2c\r\nProxy-Authenticate: Basic\r\nX-Kept: 1\r\nContent-Length: 2\r\n\r\nok',
        ),
      )

    const received = await sides.send({ method: 'GET', rest: '\r\n' })

    expect(received).toMatch(/\r\nx-kept: 1\r\n/i)
    expect(received).not.toMatch(/x-inner|timeout=9|h2c|proxy-authenticate/i)
  })

  it('R5: names itself behind those before it', async () => {
    await sides.send({ method: 'GET', rest: 'Via: 1.0 first\r\n\r\n' })

    expect(lastValues(sides.agent, 'via')).toEqual(['1.0 first, 1.1 sallyport'])
  })

  it('R5: counts Max-Forwards down, and does not forward at 0', async () => {
    await sides.send({ method: 'OPTIONS', rest: 'Max-Forwards: 3\r\n\r\n' })
    const left = lastValues(sides.agent, 'max-forwards')
    const before = sides.agent.requests.length
    const last = await sides.send({ method: 'OPTIONS', rest: 'Max-Forwards: 0\r\n\r\n' })

    expect(left).toEqual(['2'])
    expect(statusOf(last)).toBe(501)
    expect(sides.agent.requests.length).toBe(before)
  })
})

describe('R6: a client that waits to be asked for its body', () => {
  const REST = `${JSON_TYPE}Expect: 100-continue\r\nContent-Length: 7\r\n\r\n`

  it.each([
    ['without a token', { token: null }, 401],
    ['on no route', { target: '/nowhere' }, 404],
    ['by a method that the route has not', { method: 'PATCH' }, 405],
  ])('R6: is refused instead, %s', async (_, request, status) => {
    const received = await sides.send({ ...request, rest: REST })

    expect(statusOf(received)).toBe(status)
    expect(received).not.toContain(' 100 ')
  })

  it('R6: is refused instead, when its role may not', async () => {
    const received = await sides.send({ token: await sides.gate.token({ roles: ['guest'] }), rest: REST })

    expect(statusOf(received)).toBe(403)
    expect(received).not.toContain(' 100 ')
  })

  it('R6: is asked once it is permitted, and the agent is not asked to ask', async () => {
    const client = await rawTls(sides.gate.port)
    client.send((await sides.head({})) + REST)
    await client.until((all) => all.includes('\r\n\r\n'))
    client.send('{"a":1}')
    const received = await client.until((all) => all.endsWith('{"ok":true}'))
    client.end()

    expect(received).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /)
    expect(namesOf(sides.agent.requests.at(-1))).not.toContain('expect')
  })
})

describe('an answer', () => {
  const get = (): Promise<string> => sides.send({ method: 'GET', rest: '\r\n' })
  const ended = (): Promise<string> => sides.send({ method: 'GET', rest: '\r\n', enough: () => false })

  it('R7: to HEAD has no body, and the next one on the connection is its own', async () => {
    sides.answer = (socket, { method }) =>
      void socket.write(
        method === 'HEAD' ? bytesOf('HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n') : GOOD_ANSWER,
      )
    const client = await rawTls(sides.gate.port)
    client.send(`${await sides.head({ method: 'HEAD' })}\r\n${await sides.head({ method: 'GET' })}\r\n`)
    const received = await client.until((all) => all.endsWith('{"ok":true}'))
    client.end()

    const [first, second, body] = received.split('\r\n\r\n')
    expect(first).toMatch(/^HTTP\/1\.1 200 [\s\S]*content-length: 5000/i)
    expect(second).toMatch(/^HTTP\/1\.1 200 /)
    expect(body).toBe('{"ok":true}')
  })

  it('R7: behind a flood of informational ones is 502', async () => {
    sides.answer = (socket) =>
      void socket.write(
        bytesOf(`${'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(100)}${GOOD_ANSWER.toString()}`),
      )

    const received = await sides.send({ method: 'GET', rest: '\r\n', enough: (all) => / 502 /.test(all) })

    expect(received.match(/HTTP\/1\.1 103/g)?.length).toBeLessThanOrEqual(8)
    expect(received).toContain('HTTP/1.1 502')
  })

  it.each([
    ['both lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc'],
    ['no status', 'HTTP/1.1 OK\r\n\r\n'],
    ['NUL in a field', 'HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n'],
    ['a 101 that nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'],
    ['too long a head', `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(20_000)}\r\nContent-Length: 0\r\n\r\n`],
  ])('R8: with %s is 502, and its connection is not used again', async (_, answer) => {
    let socket: unknown
    sides.answer = (answering) => {
      socket = answering
      answering.write(bytesOf(answer))
    }

    const received = await get()
    sides.answer = (answering) => void answering.write(answering === socket ? bytesOf(answer) : GOOD_ANSWER)
    const next = await get()

    expect(statusOf(received)).toBe(502)
    expect(received).toContain('"upstream-invalid"')
    expect(statusOf(next)).toBe(200)
  })

  it('R8: that goes on behind its end poisons nobody', async () => {
    sides.answer = (socket) =>
      void socket.write(
        bytesOf(`${GOOD_ANSWER.toString()}HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison`),
      )
    const first = await get()
    sides.answer = (socket) => void socket.write(GOOD_ANSWER)
    const second = await get()

    expect(first + second).not.toContain('poison')
    expect(statusOf(second)).toBe(200)
  })

  it.each([
    ['in a declared length', 'HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nhalf'],
    ['in a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nhalf'],
    ['between chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
  ])('R9: that breaks off %s does not end as if it were whole', async (_, answer) => {
    sides.answer = (socket) => void socket.end(bytesOf(answer))

    const received = await ended()

    expect(statusOf(received)).toBe(200)
    expect(received).toContain('half')
    expect(received).not.toMatch(/\r\n0\r\n(?:.*\r\n)*\r\n$/)
  })

  it('R10: that nobody waits for any more is taken back from the agent', async () => {
    sides.answer = () => {}
    const client = await rawTls(sides.gate.port)
    const before = sides.agent.requests.length
    client.send(`${await sides.head({ method: 'GET' })}\r\n`)
    await until(() => sides.agent.requests.length > before)
    const socket = sides.agent.sockets.findLast((one) => !one.destroyed)

    client.end()

    await until(() => socket?.destroyed === true, 1_000)
    expect(socket?.destroyed).toBe(true)
  })

  it('R11: in events goes on event by event, as it stands', async () => {
    let write = (_text: string): void => {}
    sides.answer = (socket) => {
      write = (text) => void socket.write(`${text.length.toString(16)}\r\n${text}\r\n`)
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n')
      write('data: 1\n\n')
    }
    const client = await rawTls(sides.gate.port)
    client.send(`${await sides.head({ method: 'GET' })}Accept-Encoding: gzip, br\r\n\r\n`)

    // The second event exists only once the first has arrived.
    await client.until((all) => all.includes('data: 1\n\n'))
    write('data: 2\n\n')
    const received = await client.until((all) => all.includes('data: 2\n\n'))
    client.end()

    expect(received).not.toMatch(/content-encoding/i)
  })
})
