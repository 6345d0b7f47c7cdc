import { readFileSync } from 'node:fs'
import https from 'node:https'
import tls from 'node:tls'

/**
 * `node pipeline.ts PORT TOKENS`: one connection pipelines 1,000 requests at once, while another client asks one thing after the
 * other. Prints how long the others waited, and that all 1,000 were answered in order.
 */
const [port, tokensFile] = process.argv.slice(2)
const [greedy = '', other = ''] = readFileSync(tokensFile ?? '', 'utf8').split('\n')
const body = JSON.stringify({ model: 'a', messages: [{ role: 'user', content: 'Hello' }] })
const agent = new https.Agent({ keepAlive: true, maxSockets: 1 })

for (let i = 0; i < 50; i += 1) await ask()
const waits: number[] = []
const flood = pipeline(1_000)
const over = { now: false }
void flood.then(() => (over.now = true))
while (!over.now) waits.push(await ask())
const { answered, tookMs } = await flood
process.stdout.write(
  `${JSON.stringify({ answered, tookMs, others: waits.length, othersMaxMs: Number(Math.max(...waits).toFixed(1)) })}\n`,
)
process.exit(0)

function ask(): Promise<number> {
  const startedMs = performance.now()
  const headers = {
    authorization: `Bearer ${other}`,
    'content-type': 'application/json',
    'content-length': body.length,
  }
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port: Number(port),
      path: '/v1/chat/completions',
      method: 'POST',
      headers,
      agent,
      rejectUnauthorized: false,
    }
    https
      .request({ ...options, servername: '' }, (response) => {
        response.resume().on('end', () => resolve(performance.now() - startedMs))
      })
      .on('error', reject)
      .end(body)
  })
}

function pipeline(count: number): Promise<{ answered: number; tookMs: number }> {
  const one = `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${greedy}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  return new Promise((resolve) => {
    const socket = tls.connect({
      host: '127.0.0.1',
      port: Number(port),
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
    })
    const startedMs = performance.now()
    let answered = 0
    let rest = ''
    const end = (): void => resolve({ answered, tookMs: Math.round(performance.now() - startedMs) })
    socket.on('secureConnect', () => socket.write(one.repeat(count)))
    socket.on('close', end).on('error', end)
    socket.on('data', (piece) => {
      rest += piece.toString('latin1')
      const found = rest.split('HTTP/1.1 200')
      answered += found.length - 1
      rest = (found.at(-1) ?? '').slice(-12)
      if (answered >= count) {
        socket.destroy()
        end()
      }
    })
  })
}
