import { connect, createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { listening, text, type Listening } from '../../fixtures/listening.ts'
import { ask, isWhole, rawTls, settle } from '../../fixtures/raw.ts'

const HOST = 'Host: localhost\r\n'
const HELLO = `GET /x HTTP/1.1\r\n${HOST}\r\n`

let gate: Listening

afterEach(async () => {
  await gate.close()
})

describe('whole answers over HTTP/1', () => {
  it('leave head and body in one TLS record', async () => {
    gate = await listening()
    const records: number[] = []
    const relay = createServer((client) => {
      const side = connect(gate.port, '127.0.0.1')
      side.on('data', (chunk: Buffer) => {
        for (let at = 0; at + 5 <= chunk.length; at += 5 + chunk.readUInt16BE(at + 3))
          records.push(chunk[at] ?? 0)
        client.write(chunk)
      })
      client.pipe(side)
      for (const socket of [client, side]) socket.on('error', () => {})
    }).listen(0, '127.0.0.1')
    await once(relay, 'listening')
    const client = await rawTls((relay.address() as AddressInfo).port)
    client.send(HELLO)
    await client.until(isWhole)
    const before = records.length

    client.send(HELLO)
    await client.until((all) => all.split('/x').length === 3)
    client.end()
    relay.close()

    expect(records.slice(before)).toEqual([0x17])
  })

  it('have Date and Content-Length once, and what their maker says instead of ours', async () => {
    gate = await listening({
      handle: ({ client }) =>
        client.reply({
          ...text(200, 'abc'),
          headers: ['Content-Length', '3', 'set-cookie', 'a', 'set-cookie', 'b'],
        }),
    })

    const answer = await ask(gate.port, HELLO, isWhole)

    expect(answer.match(/content-length/gi)).toHaveLength(1)
    expect(answer.match(/date: /gi)).toHaveLength(1)
    expect(answer.match(/set-cookie: /g)).toHaveLength(2)
  })

  it('are given once, and not after a stream has begun', async () => {
    gate = await listening({
      handle: ({ client }) => {
        client.reply(text(200, 'first'))
        client.reply(text(500, 'second'))
        client.open({ status: 500, headers: [] }).end()
        client.inform({ status: 103, headers: [] })
      },
    })

    const answer = await ask(gate.port, HELLO, isWhole)

    expect(answer).toMatch(/first$/)
  })

  it('close after an old client, and where they say so', async () => {
    gate = await listening({
      handle: ({ client, version }) => client.reply(text(200, version, version === '1.1')),
    })

    const old = await ask(gate.port, `GET / HTTP/1.0\r\n${HOST}\r\n`)
    const told = await ask(gate.port, HELLO)

    expect(old).toMatch(/connection: close[^]*1\.0$/i)
    expect(told).toMatch(/\r\nconnection: close\r\n[^]*1\.1$/)
  })

  it('cannot carry a line break in a field', async () => {
    const thrown: unknown[] = []
    gate = await listening({
      handle: ({ client }) => {
        for (const close of [true, false]) {
          try {
            client.reply({ status: 200, headers: ['x-a', 'b\r\nx-c: d'], body: new Uint8Array(0), close })
          } catch (error) {
            thrown.push(error)
          }
        }
        client.abort()
      },
    })

    await ask(gate.port, HELLO)

    expect(thrown).toHaveLength(2)
  })
})

describe('streamed answers over HTTP/1', () => {
  it('leave chunk by chunk, with trailers at the end', async () => {
    gate = await listening({
      handle: ({ client }) => {
        const stream = client.open({ status: 200, headers: ['content-type', 'text/event-stream'] })
        stream.write(Buffer.from('one'))
        setTimeout(() => {
          stream.write(Buffer.from('two'))
          stream.end(['x-sum', '2'])
        }, 10)
      },
    })

    const answer = await ask(gate.port, HELLO, (all) => all.endsWith('x-sum: 2\r\n\r\n'))

    expect(answer).toMatch(
      /transfer-encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\nx-sum: 2\r\n\r\n$/i,
    )
  })

  it('show their head before the first byte of the body is there', async () => {
    gate = await listening({
      handle: ({ client }) => void client.open({ status: 200, headers: ['x-a', '1'] }),
    })

    const head = await ask(gate.port, HELLO, (all) => all.includes('\r\n\r\n'))

    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\nx-a: 1\r\n/)
  })

  it('R9: break off by a reset: no last chunk, no clean end', async () => {
    gate = await listening({
      handle: ({ client }) => {
        const stream = client.open({ status: 200, headers: [] })
        stream.write(Buffer.from('half'))
        setTimeout(() => client.abort(), 20)
      },
    })
    const client = await rawTls(gate.port)

    client.send(HELLO)
    const answer = await client.untilClosed()

    expect(answer).toMatch(/4\r\nhalf\r\n$/)
    expect(client.failure.code).toBe('ECONNRESET')
  })

  it('R9: say last words before they break off, where the answer is chunked', async () => {
    gate = await listening({
      handle: ({ client, target }) => {
        const length = target === '/long' ? ['content-length', '100'] : []
        client.open({ status: 200, headers: length }).write(Buffer.from('half'))
        setTimeout(() => client.abort(Buffer.from('sorry')), 20)
      },
    })

    const chunked = await ask(gate.port, HELLO)
    const counted = await ask(gate.port, `GET /long HTTP/1.1\r\n${HOST}\r\n`)

    expect(chunked).toMatch(/4\r\nhalf\r\n5\r\nsorry\r\n$/)
    expect(counted).toMatch(/half$/)
  })

  it('R9: do not wait for ever for a client that does not read the last words', async () => {
    gate = await listening({
      handle: ({ client }) => {
        const stream = client.open({ status: 200, headers: [] })
        for (let i = 0; i < 300; i++) stream.write(Buffer.alloc(65_536))
        client.abort(Buffer.from('sorry'))
      },
    })
    const client = await rawTls(gate.port)
    client.socket.pause()
    client.send(HELLO)

    await settle(() => gate.exchanges.length === 1)
    await settle(() => gate.listener.stats.connections === 0)
    client.end()

    expect(gate.listener.stats.exchanges).toBe(0)
  })

  it('are not broken off once they have ended: the connection serves the next', async () => {
    gate = await listening({
      handle: ({ client, target }) => {
        client.reply(text(200, target))
        client.abort()
        setTimeout(() => client.abort(), 10)
      },
    })
    const client = await rawTls(gate.port)

    client.send(HELLO)
    await client.until(isWhole)
    await new Promise((resolve) => setTimeout(resolve, 30))
    client.send(HELLO)
    const answers = await client.until((all) => all.split('/x').length === 3)
    client.end()

    expect(answers.match(/HTTP\/1\.1 200/g)).toHaveLength(2)
  })

  it('press back on who writes, and go on when the client reads', async () => {
    const written: boolean[] = []
    gate = await listening({
      handle: ({ client }) => {
        const stream = client.open({ status: 200, headers: ['content-length', String(400 * 65_536)] })
        const pump = (): void => {
          while (written.length < 400) {
            written.push(stream.write(Buffer.alloc(65_536)))
            if (written.at(-1) === false) return
          }
          stream.end()
        }
        stream.onDrain(pump)
        pump()
      },
    })
    const client = await rawTls(gate.port)
    client.socket.pause()
    client.send(HELLO)
    await settle(() => written.includes(false))
    await new Promise((resolve) => setTimeout(resolve, 50))
    const held = written.length

    client.socket.resume()
    const answer = await client.until((all) => all.length > 400 * 65_536)
    client.end()

    expect(held).toBeLessThan(400)
    expect(answer.length).toBeGreaterThan(400 * 65_536)
  })

  it('R10: tell when the client has gone, and take no more', async () => {
    const gone: string[] = []
    gate = await listening({
      handle: ({ client }) => {
        const stream = client.open({ status: 200, headers: [] })
        client.onGone(() => {
          gone.push('gone')
          client.onGone(() => gone.push('late'))
          stream.write(Buffer.from('x'))
          stream.end()
          client.reply(text(200, 'x'))
        })
      },
    })
    const client = await rawTls(gate.port)
    client.send(HELLO)
    await client.until((all) => all.includes('\r\n\r\n'))

    client.end()
    await settle(() => gone.length === 2)

    expect(gone).toEqual(['gone', 'late'])
    expect(gate.exchanges[0]?.client.gone).toBe(true)
  })

  it('do not call a finished exchange gone', async () => {
    const gone: string[] = []
    gate = await listening({
      handle: ({ client }) => {
        client.onGone(() => gone.push('gone'))
        client.reply(text(200, 'done'))
      },
    })

    await ask(gate.port, HELLO, isWhole)
    await settle(() => gate.listener.stats.connections === 0)

    expect(gone).toEqual([])
  })

  it('end the connection when the request is still coming in', async () => {
    gate = await listening({
      handle: ({ client }) => {
        const stream = client.open({ status: 200, headers: ['content-length', '5'] })
        stream.write(Buffer.from('early'))
        stream.end()
      },
    })

    const answer = await ask(gate.port, `POST / HTTP/1.1\r\n${HOST}Content-Length: 1000000\r\n\r\nabc`)

    expect(answer).toMatch(/early$/)
  })
})

describe('drain', () => {
  it('lets what is in flight end, says close, and takes nobody new', async () => {
    let finish = (): void => {}
    gate = await listening({
      handle: (exchange) => {
        finish = () => exchange.client.reply(text(200, 'late'))
      },
    })
    const idle = await rawTls(gate.port)
    const busy = await rawTls(gate.port)
    busy.send(HELLO)
    await settle(() => gate.exchanges.length === 1)

    const drained = gate.listener.drain(5_000)
    await idle.untilClosed()
    finish()
    const answer = await busy.untilClosed()
    await drained

    expect(answer).toMatch(/\r\nconnection: close\r\n[^]*late$/)
    await expect(rawTls(gate.port)).rejects.toThrow('ECONNREFUSED')
  })

  it('destroys what does not end in time', async () => {
    gate = await listening({
      handle: ({ client }) => void client.open({ status: 200, headers: [] }).write(Buffer.from('x')),
    })
    const client = await rawTls(gate.port)
    client.send(HELLO)
    await client.until((all) => all.includes('x'))

    await gate.listener.drain(50)
    await client.untilClosed()

    expect(client.received()).not.toMatch(/0\r\n\r\n$/)
    expect(gate.listener.stats.connections).toBe(0)
  })
})

describe('helmet', () => {
  it('gives the fields of our own answers, once', async () => {
    gate = await listening()

    const fields = gate.listener.helmetHeaders.filter((_, i) => i % 2 === 0)

    expect(fields).toEqual(
      expect.arrayContaining(['strict-transport-security', 'x-content-type-options', 'referrer-policy']),
    )
    expect(gate.listener.helmetHeaders).toContain("default-src 'none';frame-ancestors 'none'")
    expect(new Set(fields).size).toBe(fields.length)
  })
})
