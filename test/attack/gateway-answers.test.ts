import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ask } from '../fixtures/ask.ts'
import { askH2 } from '../fixtures/ask-h2.ts'
import { type BothSides, bothSides } from '../fixtures/both-sides.ts'
import { bytesOf, ok, until } from '../fixtures/raw-upstream.ts'

/** An agent that is broken or taken over answers what it likes: a client is answered or cut off, and the log tells it once. */
let sides: BothSides

beforeAll(async () => {
  sides = await bothSides()
})

beforeEach(() => {
  sides.answer = (socket) => void socket.write(ok('{"ok":true}'))
})

afterAll(async () => {
  await sides.close()
})

const TWICE = 'date: a\r\ndate: b\r\ncontent-type: text/plain\r\ncontent-type: text/html\r\n'

describe('an answer that says a single field twice', () => {
  it.each([
    ['whole', ok('done', TWICE)],
    [
      'streamed',
      bytesOf(`HTTP/1.1 200 OK\r\n${TWICE}transfer-encoding: chunked\r\n\r\n4\r\ndone\r\n0\r\n\r\n`),
    ],
  ])('reaches a client of HTTP/2 as it reaches one of HTTP/1.1 (%s)', async (_, bytes) => {
    sides.answer = (socket) => void socket.write(bytes)

    const answers = [await askH2(sides.gate), await ask(sides.gate)]

    expect(answers).toMatchObject([
      { status: 200, text: 'done', code: 0 },
      { status: 200, text: 'done', truncated: false },
    ])
    expect(sides.gate.events.filter(({ name }) => name === 'internal-error')).toEqual([])
  })
})

describe('an answer that can have no body', () => {
  it.each(['5', '0'])('and says a length (%s) leads no client to wait for it', async (length) => {
    sides.answer = (socket) =>
      void socket.write(bytesOf(`HTTP/1.1 204 No Content\r\ncontent-length: ${length}\r\n\r\n`))

    const answers = [await askH2(sides.gate), await ask(sides.gate)]

    expect(answers).toMatchObject([
      { status: 204, text: '', code: 0 },
      { status: 204, text: '' },
    ])
    for (const { headers } of answers) expect(headers['content-length']).toBeUndefined()
  })

  it('keeps its length where that is about the same answer to GET', async () => {
    sides.answer = (socket) =>
      void socket.write(bytesOf('HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\netag: "a"\r\n\r\n'))

    const answer = await ask(sides.gate)

    expect(answer).toMatchObject({ status: 304, headers: { 'content-length': '5' } })
  })
})

describe('early answers', () => {
  it('that break the rules of HTTP/2 end neither the gateway nor the answer behind them', async () => {
    const hint =
      'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\nlink: </b>\r\netag: "a"\r\netag: "b"\r\ncontent-length: 3\r\n\r\n'
    sides.answer = (socket) => void socket.write(Buffer.concat([bytesOf(hint), ok('done')]))

    const answers = [await askH2(sides.gate), await ask(sides.gate)]

    expect(answers).toMatchObject([
      { status: 200, text: 'done' },
      { status: 200, text: 'done' },
    ])
  })
})

describe('an agent that redirects', () => {
  const redirect = async (location: string): Promise<unknown> => {
    const { agent } = sides
    const to = location.replace('INSIDE', `127.0.0.1:${agent.port}`)
    sides.answer = (socket) => void socket.write(ok('', `location: ${to}\r\ncontent-location: ${to}\r\n`))
    const { headers } = await ask(sides.gate)
    expect(headers['content-location']).toBe(headers['location'])
    return headers['location']
  }

  it.each([
    ['http://INSIDE/', '/agent/'],
    ['http://INSIDE', '/agent'],
    ['https://INSIDE/a/b?c=d#e', '/agent/a/b?c=d#e'],
    ['HTTP://INSIDE?c', '/agent?c'],
  ])('to itself (%s) leads to where clients found it', async (location, path) => {
    expect(await redirect(location)).toBe(sides.gate.url + path)
  })

  it.each(['/relative', 'next', 'https://elsewhere.test/agent', 'http://INSIDE.evil.test/'])(
    'to %s is not ours to correct',
    async (location) => {
      expect(await redirect(location)).toBe(location.replace('INSIDE', `127.0.0.1:${sides.agent.port}`))
    },
  )
})

describe('whatever the agent answered', () => {
  it('each exchange so far has one decision and one end on record', async () => {
    const ids = (kind: string): string[] =>
      sides.gate
        .records()
        .filter((record) => record['kind'] === kind)
        .map((record) => String(record['id']))
    await until(() => ids('outcome').length >= ids('decision').length)

    expect(ids('outcome').sort()).toEqual(ids('decision').sort())
  })
})
