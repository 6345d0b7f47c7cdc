import http from 'node:http'
import { readFileSync } from 'node:fs'
import tls from 'node:tls'

/**
 * Both ends of the stream measurement, each a process of its own:
 *   node streams.ts agent PORT                      an agent that streams 20 events, 100 ms apart
 *   node streams.ts client PORT STREAMS TOKENS      that many streams at once over TLS; prints one line of JSON
 * Events carry the agent's monotonic time, which both processes share.
 */
const EVENTS = 20
const STAMP = /"t":"(\d+)"/
const [role, port, ...rest] = process.argv.slice(2)
if (role === 'agent') agent(Number(port))
else await client(Number(port), Number(rest[0]), rest[1] ?? '')

function agent(at: number): void {
  http
    .createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      request.resume()
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
      let sent = 0
      const send = (): void => {
        response.write(
          `data: {"t":"${process.hrtime.bigint()}","choices":[{"index":0,"delta":{"content":" word"}}]}\n\n`,
        )
        sent += 1
        if (sent < EVENTS) return
        clearInterval(timer)
        response.end('data: [DONE]\n\n')
      }
      const timer = setInterval(send, 100)
      send()
      response.on('close', () => clearInterval(timer))
    })
    .listen(at, '127.0.0.1', 4_096)
}

async function client(at: number, streams: number, tokensFile: string): Promise<void> {
  const tokens = readFileSync(tokensFile, 'utf8').trim().split('\n')
  const sockets: tls.TLSSocket[] = []
  for (let i = 0; i < streams; i += 50) {
    const some = Array.from({ length: Math.min(50, streams - i) }, () => connect(at))
    sockets.push(...(await Promise.all(some)).filter((socket) => socket !== undefined))
  }
  const firstMs: number[] = []
  const delayMs: number[] = []
  let bad = streams - sockets.length
  await Promise.all(
    sockets.map(async (socket, i) => {
      await new Promise((resolve) => setTimeout(resolve, (i / sockets.length) * 1_000))
      if (!(await follow(socket, tokens[i % tokens.length] ?? '', { firstMs, delayMs }))) bad += 1
    }),
  )
  const events = delayMs.length
  const lost = streams * EVENTS - events
  const times = {
    firstP50: quantile(firstMs, 0.5),
    firstP99: quantile(firstMs, 0.99),
    eventP50: quantile(delayMs, 0.5),
    eventP99: quantile(delayMs, 0.99),
  }
  process.stdout.write(`${JSON.stringify({ streams, bad, events, lost, ...times })}\n`)
  process.exit(0)
}

function connect(at: number): Promise<tls.TLSSocket | undefined> {
  return new Promise((resolve) => {
    const socket = tls.connect({
      port: at,
      host: '127.0.0.1',
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
    })
    socket.setNoDelay(true)
    socket.once('secureConnect', () => resolve(socket))
    socket.once('error', () => resolve(undefined))
  })
}

function follow(
  socket: tls.TLSSocket,
  token: string,
  seen: { firstMs: number[]; delayMs: number[] },
): Promise<boolean> {
  const sentNs = process.hrtime.bigint()
  const body = '{"stream":true,"model":"a","messages":[]}'
  return new Promise((resolve) => {
    let text = ''
    let first = true
    const timer = setTimeout(() => resolve(false), 30_000)
    const end = (good: boolean): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(good)
    }
    socket.on('close', () => end(false))
    socket.on('error', () => end(false))
    socket.on('data', (piece: Buffer) => {
      const nowNs = process.hrtime.bigint()
      if (first) seen.firstMs.push(Number(nowNs - sentNs) / 1e6)
      text += piece.toString('latin1')
      if (first && !text.startsWith('HTTP/1.1 200')) return end(false)
      first = false
      let found: RegExpExecArray | null
      while ((found = STAMP.exec(text)) !== null) {
        seen.delayMs.push(Number(nowNs - BigInt(found[1] ?? 0)) / 1e6)
        text = text.slice(found.index + found[0].length)
      }
      if (text.includes('[DONE]')) end(true)
    })
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\nauthorization: Bearer ${token}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    )
  })
}

function quantile(values: number[], q: number): number {
  const sorted = Float64Array.from(values).sort()
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0).toFixed(2))
}
