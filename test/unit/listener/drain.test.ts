import { afterEach, describe, expect, it } from 'vitest'
import { codeOf, errorCode, frameType, get, headers, rawH2 } from '../../fixtures/h2-raw.ts'
import { answerOk, type Listening, listening } from '../../fixtures/listening.ts'
import { isWhole, rawTls } from '../../fixtures/raw.ts'

const HELLO = 'GET /late HTTP/1.1\r\nHost: localhost\r\n\r\n'

let gate: Listening
afterEach(() => gate.close())

describe('a drain', () => {
  it('answers the request that was on its way to an idle HTTP/1 connection, and says close', async () => {
    gate = await listening()
    const client = await rawTls(gate.port)
    client.send(HELLO)
    await client.until(isWhole)

    const drained = gate.listener.drain(5_000)
    client.send(HELLO)
    const received = await client.untilClosed()
    await drained

    expect(received.match(/HTTP\/1\.1 200/g)).toHaveLength(2)
    expect(received).toMatch(/\r\nconnection: close\r\n[^]*\/late$/)
    expect(client.failure.code).toBeUndefined()
  })

  it('tells an HTTP/2 client which of its streams were processed, and processes no others', async () => {
    let finish = (): void => {}
    gate = await listening({
      handle: (exchange) => {
        finish = () => answerOk(exchange)
      },
    })
    const client = await rawH2(gate.port)
    client.send(headers(1, get('/first')))
    while (gate.exchanges.length === 0) await new Promise((resolve) => setImmediate(resolve))

    const drained = gate.listener.drain(5_000)
    const goaway = await client.frame(({ type }) => type === frameType.goaway)
    client.send(headers(3, get('/crossed')))
    finish()
    await client.untilClosed()
    await drained

    expect(goaway?.payload.readUInt32BE(0)).toBe(1)
    expect(codeOf(goaway)).toBe(errorCode.none)
    expect(gate.exchanges.map(({ target }) => target)).toEqual(['/first'])
    expect(client.frames.some((frame) => frame.stream === 1 && frame.type === frameType.data)).toBe(true)
  })

  it('leaves nobody who asks nothing more', async () => {
    gate = await listening()
    const idle = await rawTls(gate.port)
    const second = await rawH2(gate.port)

    await gate.listener.drain(5_000)
    await idle.untilClosed()
    await second.untilClosed()

    expect(gate.listener.stats.connections).toBe(0)
    expect(idle.failure.code).toBeUndefined()
  })
})
