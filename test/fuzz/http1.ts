import assert from 'node:assert/strict'
import { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { systemClock } from '../../src/core/clock.ts'
import type { Exchange } from '../../src/core/exchange.ts'
import type { ClientConnection } from '../../src/listener/connection.ts'
import { keepAlive } from '../../src/listener/encode.ts'
import type { Entry } from '../../src/listener/entry.ts'
import { Lane } from '../../src/listener/http1.ts'
import { Pace } from '../../src/listener/pace.ts'
import { roomyBounds, text } from '../fixtures/listening.ts'
import { llhttpMessages, type Message } from '../fixtures/llhttp.ts'
import { seeded } from './seeded.ts'

type Below = (max: number) => number

/** What readers of HTTP/1 differ on. */
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
  ',',
  '"',
  '=',
  '\r\n\r\n',
  '\n\n',
  '0\r\n\r\n',
  '5\r\nhello\r\n',
  '05',
  'a',
  '1;x=y\r\nz\r\n',
  '0;x\r\n',
  'ffffffff',
  '100000000',
  'HTTP/1.1',
  'HTTP/1.0',
  'GET / HTTP/1.1\r\n',
  'Host: x\r\n',
  'Connection: close\r\n',
  'Upgrade: h2c\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: gzip, chunked\r\n',
  'Transfer-Encoding : chunked\r\n',
  'Content-Length: 3\r\n',
  'Content-Length: 0\r\n',
  'Content-Length: +3\r\n',
  'Content-Length: 3, 3\r\n',
  'Expect: 100-continue\r\n',
  'X: y\r\n z: folded\r\n',
  'Trailer: x\r\n',
  'TE: trailers\r\n',
]

const FRAMINGS = [
  '\r\n',
  'Content-Length: 7\r\n\r\n{"a":1}',
  'Content-Length: 0\r\n\r\n',
  'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;q=1\r\ndefg\r\n0\r\n\r\n',
  'Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: 1\r\n\r\n',
]

/**
 * Bytes of several requests with changes in them, cut at random places. What the lane hands in is what Node's own parser
 * (llhttp, strict) reads, field by field and byte by byte, from the first request on: we may stop before it does, and never
 * read another request than it. How the bytes are cut changes nothing.
 */
export const http1 = {
  name: 'http1',
  async run(cases: number, seed: number): Promise<void> {
    const below = seeded(seed)
    for (let i = 0; i < cases; i += 1) {
      const bytes = Buffer.from(stream(below), 'latin1')
      const whole = await handedIn([bytes])
      const cut = await handedIn(cuts(bytes, below))
      assert.deepEqual(cut, whole, `cut elsewhere: ${JSON.stringify(bytes.toString('latin1'))}`)
      const theirs = llhttpMessages(bytes)
      for (const [n, { message, known }] of whole.entries()) {
        // Behind a method that Node's parser does not know it reads nothing; the lane leaves methods to the line.
        if (!known && theirs[n] === undefined) break
        // It takes a tab behind `chunked` for a part of it, which is white space by RFC 9110 section 5.5.
        if (TAB_BEHIND_CODING.test(bytes.toString('latin1'))) break
        assert.deepEqual(message, theirs[n], `read otherwise: ${JSON.stringify(bytes.toString('latin1'))}`)
      }
    }
  },
}

function stream(below: Below): string {
  let bytes = ''
  for (let n = 1 + below(3); n > 0; n -= 1)
    bytes += `POST /${n} HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n${FRAMINGS[below(FRAMINGS.length)]}`
  for (let changes = below(3); changes > 0; changes -= 1) {
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

function cuts(bytes: Buffer, below: Below): Buffer[] {
  const pieces: Buffer[] = []
  const longest = 1 + below(below(2) === 0 ? 4 : 60)
  for (let at = 0; at < bytes.length;) {
    const end = at + 1 + below(longest)
    pieces.push(bytes.subarray(at, end))
    at = end
  }
  return pieces
}

interface HandedIn {
  readonly message: Message
  /** One of the methods that Node's parser certainly knows. */
  readonly known: boolean
}

const TAB_BEHIND_CODING = /transfer-encoding:[^\r\n]*\t/i
const KNOWN = new Set(['GET', 'POST', 'HEAD', 'PUT'])

/** What a lane makes of the pieces: the requests whose body came in whole. */
async function handedIn(pieces: readonly Buffer[]): Promise<HandedIn[]> {
  const messages: HandedIn[] = []
  const socket = new Wire()
  const entry: Entry = {
    clock: systemClock,
    bounds: roomyBounds,
    pace: PACE,
    tally: { exchanges: 0, draining: false },
    nextId: () => 'id',
    handle: (exchange) => answer(exchange, messages),
    renderFault: () => text(400, 'no', true),
    onFault: () => {},
  }
  // The lane touches what a stream has; the rest of a TLS socket is for those who made it.
  const connection = { peer: '192.0.2.1', raw: { resetAndDestroy: () => {} } } as unknown as ClientConnection
  const lane = new Lane({
    socket: socket as unknown as TLSSocket,
    connection,
    entry,
    keepAlive: keepAlive(60_000),
    through: (passing) => passing.enter(),
  })
  for (const piece of pieces) {
    if (socket.destroyed) break
    socket.push(piece)
    if (pieces.length < 20) await turn()
  }
  for (let idle = 0; idle < 3; idle += 1) await turn()
  assert.equal(lane.idle || !socket.destroyed, true)
  socket.destroy()
  await turn()
  assert.equal(entry.tally.exchanges, 0, 'an exchange never ended')
  return messages
}

async function answer(exchange: Exchange, messages: HandedIn[]): Promise<void> {
  const { method, target, rawHeaders, version } = exchange
  const body = await exchange.body.read(1_000)
  if (typeof body === 'string') return exchange.client.abort()
  const message = {
    method,
    target,
    version,
    rawHeaders: [...rawHeaders],
    body: Buffer.from(body).toString('latin1'),
  }
  messages.push({ message, known: KNOWN.has(method) })
  exchange.client.reply(text(200, 'ok'))
}

class Wire extends Duplex {
  override _read(): void {}

  override _write(_chunk: unknown, _encoding: unknown, done: () => void): void {
    done()
  }
}

const PACE = new Pace(systemClock, roomyBounds)

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
