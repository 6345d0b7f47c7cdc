import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createListener } from '../../src/listener/listener.ts'
import { testCertificate } from '../fixtures/certs.ts'
import { listening } from '../fixtures/listening.ts'
import { ask, isWhole, rawTcp, rawTls, statusOf } from '../fixtures/raw.ts'

const HELLO = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'
const CHILD = fileURLToPath(new URL('../fixtures/listener-child.ts', import.meta.url))

describe('F11: out of file descriptors', () => {
  it('F11: serves who is there, does not spin, and takes new connections again by itself', async () => {
    const child = spawn('sh', ['-c', 'ulimit -n 48; exec "$0" "$1"', process.execPath, CHILD], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const [line] = (await once(child.stdout, 'data')) as [Buffer]
      const port = Number(line.toString())
      const kept = await rawTls(port)
      const crowd = await Promise.all(Array.from({ length: 80 }, () => rawTcp(port)))
      await new Promise((resolve) => setTimeout(resolve, 100))

      const before = Number(bodyOf(await asked(kept, '/cpu')))
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      const after = Number(bodyOf(await asked(kept, '/cpu')))
      const refused = crowd.filter(({ socket }) => socket.closed).length
      for (const one of crowd) one.end()
      await new Promise((resolve) => setTimeout(resolve, 200))
      const again = await ask(port, HELLO, isWhole)
      kept.end()

      expect(refused).toBeGreaterThan(0)
      expect(after - before).toBeLessThan(500_000)
      expect(statusOf(again)).toBe(200)
      expect(child.exitCode).toBeNull()
    } finally {
      child.kill('SIGKILL')
    }
  })
})

describe('F17: a certificate that cannot be used', () => {
  it.each([
    'expired',
    'not yet valid',
    'key of another',
    'unreadable key',
    'unreadable certificate',
    'empty',
  ])('F17: %s: keeps the old one and raises an event without secrets', async (fault) => {
    let wallMs = Date.now()
    const gate = await listening({ clock: { wallMs: () => wallMs, monotonicMs: () => performance.now() } })
    const one = await testCertificate()
    const two = await testCertificate('two')
    if (fault === 'expired') wallMs += 20 * 86_400_000
    if (fault === 'not yet valid') wallMs -= 20 * 86_400_000
    const pair = {
      cert: fault === 'unreadable certificate' ? 'nonsense' : fault === 'empty' ? '' : two.cert,
      key: fault === 'key of another' ? one.key : fault === 'unreadable key' ? 'PRIVATE nonsense' : two.key,
    }

    gate.listener.setTls({ ...pair, versionMin: 'TLSv1.2' })
    const client = await rawTls(gate.port)
    const subject = client.socket.getPeerCertificate().subject.CN
    client.end()
    await gate.close()

    expect(subject).toBe('localhost one')
    expect(gate.events.map(({ name }) => name)).toEqual(['tls-loaded', 'tls-refused'])
    expect(JSON.stringify(gate.events)).not.toMatch(/PRIVATE|BEGIN/)
  })

  it('F17: at start there is no old one: it does not start', async () => {
    const one = await testCertificate()
    const two = await testCertificate('two')

    await expect(listening({ tls: { cert: one.cert, key: two.key, versionMin: 'TLSv1.2' } })).rejects.toThrow(
      'the key is not that of the certificate',
    )
  })

  it('a port that is taken is an error, not a hang', async () => {
    const squatter = createServer().listen(0, '127.0.0.1')
    await once(squatter, 'listening')
    const { port } = squatter.address() as { port: number }
    const gate = await listening()
    const { cert, key } = await testCertificate()
    const { roomyBounds } = await import('../fixtures/listening.ts')
    const listener = await createListener(
      {
        publicUrl: 'https://localhost',
        hosts: ['localhost'],
        listen: { address: '127.0.0.1', port },
        tls: { cert, key, versionMin: 'TLSv1.2' },
        trustedPeers: [],
        bounds: roomyBounds,
      },
      {
        clock: { wallMs: Date.now, monotonicMs: () => performance.now() },
        observer: { event: () => {} },
        handle: async () => {},
        renderFault: () => ({ status: 400, headers: [], body: new Uint8Array(0), close: true }),
        onFault: () => {},
      },
    )

    await expect(listener.listen()).rejects.toThrow('EADDRINUSE')

    await listener.close()
    await gate.close()
    squatter.close()
  })
})

async function asked(client: Awaited<ReturnType<typeof rawTls>>, target: string): Promise<string> {
  const from = client.received().length
  client.send(`GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  return (await client.until((all) => isWhole(all.slice(from)))).slice(from)
}

function bodyOf(answer: string): string {
  return answer.slice(answer.indexOf('\r\n\r\n') + 4)
}
