import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect as connectH2 } from 'node:http2'
import { createServer as createHttps } from 'node:https'
import { connect, type TLSSocket } from 'node:tls'
import { testCertificate } from '../test/fixtures/certs.ts'
import { listening, text } from '../test/fixtures/listening.ts'

/**
 * CPU of one request of 1 KB, and memory of one idle connection: the listener alone with a handler that reads the body
 * and answers it, beside Node's https server doing the same. Both run in processes of their own, rounds interleaved.
 */
const ROUNDS = 7
const REQUESTS = 4_000
const CONNECTIONS = 16
const IDLE = 500
const BODY = Buffer.alloc(1_024, 'a')

type Kind = 'ours' | 'node:https'
type Way = 'HTTP/1.1' | 'HTTP/2'

if (process.argv[2] === undefined) await compare()
else await serve(process.argv[2] === 'ours' ? 'ours' : 'node:https')

async function serve(kind: Kind): Promise<void> {
  const port = kind === 'ours' ? await ours() : await bare()
  process.on('message', () => {
    globalThis.gc?.()
    const { user, system } = process.cpuUsage()
    process.send?.({ cpuUs: user + system, bytes: process.memoryUsage().rss })
  })
  process.send?.(port)
}

async function ours(): Promise<number> {
  const gate = await listening({
    remember: false,
    handle: async ({ body, client }) => {
      const bytes = await body.read(65_536)
      client.reply(typeof bytes === 'string' ? text(400, bytes) : { ...text(200, ''), body: bytes })
    },
  })
  return gate.port
}

async function bare(): Promise<number> {
  const { cert, key } = await testCertificate()
  const server = createHttps({ cert, key }, (request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const body = Buffer.concat(pieces)
      response.writeHead(200, ['content-type', 'text/plain', 'content-length', String(body.length)])
      response.end(body)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

async function compare(): Promise<void> {
  const sides = await Promise.all((['ours', 'node:https'] as const).map(started))
  const times = new Map<string, number[]>()
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { kind, port, usage } of sides) {
      for (const way of ['HTTP/1.1', 'HTTP/2'] as const) {
        if (kind === 'node:https' && way === 'HTTP/2') continue
        const before = await usage()
        await load(port, way)
        const cpuUs = ((await usage()).cpuUs - before.cpuUs) / REQUESTS
        // The first round warms up.
        if (round > 0) times.set(`${kind} ${way}`, [...(times.get(`${kind} ${way}`) ?? []), cpuUs])
      }
    }
  }
  for (const [name, list] of times) console.log(`listener ${name}: ${median(list)} us CPU a request`)
  for (const { kind, port, usage } of sides) {
    const before = await usage()
    const idle = await Promise.all(Array.from({ length: IDLE }, () => opened(port)))
    const bytes = ((await usage()).bytes - before.bytes) / IDLE
    console.log(`listener ${kind}: ${Math.round(bytes / 1_024)} KiB of RSS an idle TLS connection`)
    for (const socket of idle) socket.destroy()
  }
  for (const { stop } of sides) stop()
}

async function started(kind: Kind) {
  const child = fork(new URL(import.meta.url), [kind], { execArgv: ['--expose-gc'] })
  const [port] = (await once(child, 'message')) as [number]
  const usage = async (): Promise<{ cpuUs: number; bytes: number }> => {
    child.send('usage')
    const [answer] = (await once(child, 'message')) as [{ cpuUs: number; bytes: number }]
    return answer
  }
  return { kind, port, usage, stop: () => child.kill() }
}

async function load(port: number, way: Way): Promise<void> {
  const each = REQUESTS / CONNECTIONS
  const one = way === 'HTTP/2' ? loadH2 : loadH1
  await Promise.all(Array.from({ length: CONNECTIONS }, () => one(port, each)))
}

async function loadH1(port: number, count: number): Promise<void> {
  const socket = await opened(port)
  const request = Buffer.concat([
    Buffer.from(`POST /v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${BODY.length}\r\n\r\n`),
    BODY,
  ])
  for (let i = 0; i < count; i++) {
    socket.write(request)
    for (let got = 0; got < BODY.length;) {
      const [chunk] = (await once(socket, 'data')) as [Buffer]
      got += chunk.length
    }
  }
  socket.destroy()
}

async function loadH2(port: number, count: number): Promise<void> {
  const session = connectH2(`https://127.0.0.1:${port}`, {
    rejectUnauthorized: false,
    servername: 'localhost',
  })
  for (let i = 0; i < count; i++) {
    const stream = session.request({ ':method': 'POST', ':path': '/v1/chat' })
    stream.end(BODY)
    stream.resume()
    await once(stream, 'end')
  }
  session.destroy()
}

async function opened(port: number): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', rejectUnauthorized: false })
  socket.on('error', () => {})
  await once(socket, 'secureConnect')
  return socket
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return Math.round(sorted[sorted.length >> 1] ?? 0)
}
