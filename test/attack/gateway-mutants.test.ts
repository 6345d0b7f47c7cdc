import { afterAll, beforeAll, expect, it } from 'vitest'
import { atRest, NOTHING } from '../fixtures/at-rest.ts'
import { type BothSides, bothSides } from '../fixtures/both-sides.ts'
import { testRoute } from '../fixtures/gate.ts'
import { ok, until } from '../fixtures/raw-upstream.ts'
import { rawTls } from '../fixtures/raw.ts'
import { seeded } from '../fuzz/seeded.ts'

/** Requests with bytes changed, put in and taken out: none ends the gateway, none leaves it unread, unrecorded or doubled. */
let sides: BothSides
const faults: unknown[] = []
const onFault = (fault: unknown): void => void faults.push(fault)

beforeAll(async () => {
  process.on('uncaughtException', onFault).on('unhandledRejection', onFault)
  sides = await bothSides(
    (url) => [testRoute(url), testRoute(url, { name: 'opaque', path: '/opaque', opaque: true })],
    { bounds: { headersMs: 300, idleMs: 300, requestMs: 1_000 } },
  )
  sides.answer = (socket) => void socket.write(ok('{"ok":true}'))
})

afterAll(async () => {
  process.off('uncaughtException', onFault).off('unhandledRejection', onFault)
  await sides.close()
})

/** What readers of HTTP differ on. */
const SPICES = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  '\t',
  '\x0b',
  '\x7f',
  '\xff',
  ':',
  ';',
  '#',
  '?',
  '%',
  '%00',
  '%2f',
  '\\',
  '//',
  '..',
  '@',
  ',',
  '"',
  'HTTP/1.1',
  'HTTP/1.0',
  'Transfer-Encoding: chunked\r\n',
  'Content-Length: 3\r\n',
  'Content-Length: 0\r\n',
  'Connection: close\r\n',
  'Connection: content-type, host\r\n',
  'Upgrade: h2c\r\n',
  'Expect: 100-continue\r\n',
  'Host: x\r\n',
  '0\r\n\r\n',
  '5\r\nhello\r\n',
  'https://localhost',
  'GET /agent HTTP/1.1\r\n',
  'X: y\r\n z: folded\r\n',
  'Trailer: x\r\n',
  'Content_Length: 9\r\n',
  'TE: trailers\r\n',
]

const TOKEN = '<T>'

it('holds, whatever bytes come', { timeout: 120_000 }, async () => {
  const below = seeded(9_110)
  // The token stands aside: it is most of the head, and another test is about its bytes.
  const heads = await Promise.all(
    ['/agent', '/opaque', '/agent/a%20b?q=1'].map((target) => sides.head({ target, token: TOKEN })),
  )
  const token = await sides.gate.token()
  const queue = Array.from({ length: 800 }, () => mutant(heads, below).replace(TOKEN, token))

  const worker = async (): Promise<void> => {
    for (let bytes = queue.pop(); bytes !== undefined; bytes = queue.pop()) {
      const client = await rawTls(sides.gate.port)
      client.send(Buffer.from(bytes, 'latin1'))
      await client.until((received) => /\r\n\r\n/.test(received))
      client.end()
    }
  }
  await Promise.all(Array.from({ length: 16 }, worker))
  const left = await atRest(sides.gate)

  expect(faults).toEqual([])
  expect(sides.gate.events.filter(({ name }) => name === 'internal-error')).toEqual([])
  expect(left).toEqual(NOTHING)
  // What the agent got was read as one request each by the strictest reader, and stands on record.
  expect(sides.agent.faults).toEqual([])
  await until(() => ids('outcome').length === ids('decision').length)
  expect(ids('decision').length).toBeGreaterThan(80)
  const known = new Set(ids('decision'))
  const got = sides.agent.requests.map(
    ({ headers }) => headers.find(([name]) => name === 'x-request-id')?.[1] ?? '',
  )
  expect(new Set(got).size).toBe(got.length)
  expect(got.filter((id) => !known.has(id))).toEqual([])
})

function mutant(heads: readonly string[], below: (max: number) => number): string {
  const framings = [
    'Content-Length: 7\r\n\r\n{"a":1}',
    'Transfer-Encoding: chunked\r\n\r\n7\r\n{"a":1}\r\n0\r\n\r\n',
  ]
  let bytes = `${heads[below(heads.length)]}Content-Type: application/json\r\n${framings[below(2)]}`
  for (let changes = 1 + below(2); changes > 0; changes -= 1) {
    const at = below(bytes.length)
    const kind = below(4)
    const end = kind === 0 ? at + 1 + below(4) : at + (kind === 1 ? 1 : 0)
    // Spices go between lines as often as within one.
    const place = kind === 2 ? Math.max(0, bytes.lastIndexOf('\r\n', at) + 2) : at
    const put =
      kind === 0 ? '' : kind === 1 ? String.fromCharCode(below(256)) : (SPICES[below(SPICES.length)] ?? '')
    bytes = bytes.slice(0, place) + put + bytes.slice(kind === 2 ? place : end)
  }
  return bytes
}

function ids(kind: string): string[] {
  return sides.gate
    .records()
    .filter((record) => record['kind'] === kind)
    .map((record) => String(record['id']))
}
