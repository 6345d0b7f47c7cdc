import { afterEach, describe, expect, it } from 'vitest'
import { BodyFaultError } from '../../../src/core/exchange.ts'
import { listening, text, type Listening } from '../../fixtures/listening.ts'
import { ask, isWhole, rawTls, settle, statusOf } from '../../fixtures/raw.ts'

const HOST = 'Host: localhost\r\n'
const HELLO = `GET /x HTTP/1.1\r\n${HOST}\r\n`

let gate: Listening

afterEach(async () => {
  await gate.close()
})

describe('bodies over HTTP/1', () => {
  it.each([
    ['declared', `POST / HTTP/1.1\r\n${HOST}Content-Length: 11\r\n\r\n`],
    ['chunked', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n0\r\n\r\n`],
  ])('too large by one byte, %s: refused', async (_name, request) => {
    gate = await listening({ handle: tell })

    expect(await ask(gate.port, request, isWhole)).toMatch(/too-large$/)
  })

  it.each([
    ['declared', `POST / HTTP/1.1\r\n${HOST}Content-Length: 10\r\n\r\nhello worl`],
    [
      'chunked',
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\na;x=y\r\nhello worl\r\n0\r\nx: y\r\n\r\n`,
    ],
    [
      'in pieces',
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\n worl\r\n0\r\n\r\n`,
    ],
  ])('of exactly the bound, %s, are whole', async (_name, request) => {
    gate = await listening({ handle: tell })

    expect(await ask(gate.port, request, isWhole)).toMatch(/hello worl$/)
  })

  it.each(['GET / HTTP/1.1', 'POST / HTTP/1.1\r\nContent-Length: 0'])('are not there in %j', async (head) => {
    gate = await listening({ handle: tell })

    const answer = await ask(gate.port, `${head}\r\n${HOST}\r\n`, isWhole)

    expect(statusOf(answer)).toBe(200)
    expect(gate.exchanges[0]?.body.present).toBe(false)
  })

  it.each(['read', 'chunks'] as const)('fail as aborted when the client leaves: %s', async (way) => {
    const faults: unknown[] = []
    gate = await listening({
      handle: async (exchange) => {
        faults.push(way === 'read' ? await exchange.body.read(100) : await collected(exchange))
      },
    })
    const client = await rawTls(gate.port)
    client.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 50\r\n\r\nabc`)
    await settle(() => gate.exchanges.length === 1)

    client.end()
    await settle(() => faults.length === 1)

    expect(faults).toEqual(['aborted'])
  })

  it('stream piece by piece, and fail when they grow too large', async () => {
    gate = await listening({
      handle: async (exchange) => {
        const whole = await collected(exchange)
        exchange.client.reply(text(200, whole, whole === 'too-large'))
      },
    })
    const chunked = (body: string): string =>
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`

    expect(await ask(gate.port, chunked('a'.repeat(100)), isWhole)).toMatch(/\r\n\r\na{100}$/)
    expect(await ask(gate.port, chunked('a'.repeat(101)), isWhole)).toMatch(/too-large$/)
    expect(await ask(gate.port, HELLO, isWhole)).toMatch(/content-length: 0\r\n/)
    expect(await ask(gate.port, `POST / HTTP/1.1\r\n${HOST}Content-Length: 101\r\n\r\n`, isWhole)).toMatch(
      /too-large$/,
    )
  })

  it('are refused late readers once they have gone', async () => {
    const faults: unknown[] = []
    gate = await listening({
      handle: ({ body, client }) => {
        client.onGone(() => void body.read(100).then((fault) => faults.push(fault)))
      },
    })
    const client = await rawTls(gate.port)
    client.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 50\r\n\r\nabc`)
    await settle(() => gate.exchanges.length === 1)

    client.end()
    await settle(() => faults.length === 1)

    expect(faults).toEqual(['aborted'])
  })
})

async function tell(exchange: Listening['exchanges'][number]): Promise<void> {
  const body = await exchange.body.read(10)
  exchange.client.reply(text(200, typeof body === 'string' ? body : Buffer.from(body).toString()))
}

async function collected(exchange: Listening['exchanges'][number]): Promise<string> {
  const pieces: Uint8Array[] = []
  try {
    for await (const piece of exchange.body.chunks(100)) pieces.push(piece)
  } catch (error) {
    return error instanceof BodyFaultError ? error.fault : String(error)
  }
  return Buffer.concat(pieces).toString()
}
