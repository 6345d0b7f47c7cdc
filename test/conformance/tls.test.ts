import { once } from 'node:events'
import { constants } from 'node:crypto'
import { connect, type ConnectionOptions } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testCertificate } from '../fixtures/certs.ts'
import { listening, type Listening } from '../fixtures/listening.ts'
import { ask, isWhole, rawTcp, rawTls, settle, statusOf } from '../fixtures/raw.ts'

const HELLO = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'

let gate: Listening

beforeEach(async () => {
  gate = await listening()
})

afterEach(async () => {
  await gate.close()
})

describe('R16: TLS 1.2 and 1.3, AEAD with ephemeral keys, nothing else', () => {
  it.each([
    ['TLSv1.3', {}],
    ['TLSv1.2', { maxVersion: 'TLSv1.2' }],
  ] as const)('R16: serves %s and says so', async (version, options) => {
    const client = await rawTls(gate.port, options)

    client.send(HELLO)
    await client.until(isWhole)
    const cipher = client.socket.getCipher().name
    client.end()

    expect(gate.exchanges[0]?.connection.tlsVersion).toBe(version)
    expect(cipher).toMatch(/^(TLS_|ECDHE-).*(GCM|POLY1305)/)
  })

  it.each([
    ['TLS 1.1', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' }],
    ['CBC', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA384' }],
    ['RSA key exchange', { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' }],
    ['DHE', { maxVersion: 'TLSv1.2', ciphers: 'DHE-RSA-AES128-GCM-SHA256' }],
    ['CCM', { ciphers: 'TLS_AES_128_CCM_SHA256', minVersion: 'TLSv1.3' }],
    ['ALPN without a common protocol', { ALPNProtocols: ['spdy/3'] }],
    ['ALPN http/1.0', { ALPNProtocols: ['http/1.0'] }],
  ] as [string, ConnectionOptions][])('R16: refuses %s', async (_name, options) => {
    await expect(rawTls(gate.port, options)).rejects.toThrow(/alert|ECONNRESET|disconnected|handshake/)
    await settle(() => gate.faults.length > 0)

    expect(gate.faults).toEqual([{ peer: '127.0.0.1', what: 'tls-handshake', id: undefined }])
  })

  it('R16: serves HTTP/1.1 to a client without ALPN', async () => {
    const client = await rawTls(gate.port, { ALPNProtocols: undefined as unknown as string[] })

    client.send(HELLO)
    const answer = await client.until(isWhole)
    client.end()

    expect(statusOf(answer)).toBe(200)
  })

  it('R16: does not renegotiate', async () => {
    const client = await rawTls(gate.port, { maxVersion: 'TLSv1.2' })

    const refused = await new Promise<Error | null>((resolve) => {
      client.socket.once('error', resolve)
      client.socket.renegotiate({}, resolve)
    })
    client.end()

    expect(refused).toBeInstanceOf(Error)
  })

  it('R16: resumes a session by its ticket', async () => {
    const first = await rawTls(gate.port, { maxVersion: 'TLSv1.2' })
    const session = first.socket.getSession()
    first.end()

    const second = await rawTls(gate.port, { maxVersion: 'TLSv1.2', ...(session && { session }) })
    const reused = second.socket.isSessionReused()
    second.end()

    expect(reused).toBe(true)
    expect(constants.SSL_OP_NO_TICKET).toBeGreaterThan(0)
  })
})

describe('R16: plain HTTP on the port', () => {
  it.each(['GET / HTTP/1.1\r\nHost: localhost\r\n\r\n', 'POST /v1/chat HTTP/1.0\r\n\r\n', 'x', '\r\n', '\0'])(
    'R16: %j is answered 421 and closed',
    async (bytes) => {
      const client = await rawTcp(gate.port)

      client.send(bytes)
      const answer = await client.untilClosed()

      expect(statusOf(answer)).toBe(421)
      expect(answer).toMatch(/\r\nconnection: close\r\n/)
      expect(answer).not.toMatch(/\r\nlocation:/i)
      expect(gate.exchanges).toEqual([])
      expect(gate.faults).toMatchObject([
        { what: 'tls-required', id: expect.stringMatching(/^[0-9A-Z]{26}$/) },
      ])
    },
  )

  it('R16: a credential in clear is told, and not what it was', async () => {
    const client = await rawTcp(gate.port)

    client.send('GET / HTTP/1.1\r\nHost: localhost\r\nauthorization: Bearer secret-token\r\n\r\n')
    await client.untilClosed()

    expect(gate.faults).toMatchObject([{ what: 'credential-in-cleartext' }])
    expect(gate.events).toContainEqual({ name: 'credential-in-cleartext', detail: { peer: '127.0.0.1' } })
    expect(JSON.stringify([gate.faults, gate.events])).not.toContain('secret-token')
  })

  it('R16: the word in a target is no credential', async () => {
    const client = await rawTcp(gate.port)

    client.send('GET /authorization: HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await client.untilClosed()

    expect(gate.faults).toMatchObject([{ what: 'tls-required' }])
  })

  it('R16: survives a TLS record that is no hello, and noise after one byte of it', async () => {
    for (const bytes of [
      Buffer.from([0x16]),
      Buffer.from([0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5]),
      Buffer.alloc(10_000, 0x16),
    ]) {
      const client = await rawTcp(gate.port)
      client.send(bytes)
      client.socket.end()
      await client.untilClosed()
    }

    expect(statusOf(await ask(gate.port, HELLO, isWhole))).toBe(200)
  })
})

describe('R18: server names', () => {
  it.each(['localhost', 'LOCALHOST', 'gate.test'])('R18: serves %s', async (servername) => {
    const client = await rawTls(gate.port, { servername })

    client.send(HELLO)
    await client.until(isWhole)
    client.end()

    expect(gate.exchanges[0]?.connection.servername).toBe(servername.toLowerCase())
  })

  it.each(['other.test', 'localhost.evil.test', 'xlocalhost'])(
    'R18: refuses %s and lives on',
    async (servername) => {
      await expect(rawTls(gate.port, { servername })).rejects.toThrow(/disconnected|ECONNRESET|alert/)

      expect(statusOf(await ask(gate.port, HELLO, isWhole))).toBe(200)
      expect(gate.faults).toMatchObject([{ what: 'tls-handshake' }])
    },
  )

  it('R18: an absent name gets the default certificate', async () => {
    const client = await rawTls(gate.port, { servername: '' })

    client.send(HELLO)
    await client.until(isWhole)
    client.end()

    expect(gate.exchanges[0]?.connection.servername).toBeUndefined()
  })
})

describe('R19: a new certificate', () => {
  it('R19: is shown to new connections while old ones go on', async () => {
    const next = await testCertificate('two')
    const old = await rawTls(gate.port)

    gate.listener.setTls({ cert: next.cert, key: next.key, versionMin: 'TLSv1.2' })
    const fresh = await rawTls(gate.port)
    const subject = fresh.socket.getPeerCertificate().subject.CN
    fresh.end()
    old.send(HELLO)
    const answer = await old.until(isWhole)
    old.end()

    expect(subject).toBe('localhost two')
    expect(statusOf(answer)).toBe(200)
    expect(gate.events.map(({ name }) => name)).toEqual(['tls-loaded', 'tls-loaded'])
  })

  it('R19: keeps refusing old versions afterwards', async () => {
    const next = await testCertificate('two')

    gate.listener.setTls({ cert: next.cert, key: next.key, versionMin: 'TLSv1.3' })

    await expect(rawTls(gate.port, { maxVersion: 'TLSv1.2' })).rejects.toThrow(/alert/)
  })
})

describe('R45: a connection that has not said who it is', () => {
  it('R45: ends when it stays silent', async () => {
    await gate.close()
    gate = await listening({ bounds: { silentMs: 50 } })
    const client = await rawTcp(gate.port)

    expect(await client.untilClosed()).toBe('')
    expect(gate.faults).toMatchObject([{ what: 'silent' }])
  })

  it('R45: ends when its handshake does not', async () => {
    await gate.close()
    gate = await listening({ bounds: { handshakeMs: 50 } })
    const client = await rawTcp(gate.port)

    client.send(Buffer.from([0x16, 3, 1]))
    await client.untilClosed()
    await settle(() => gate.listener.stats.connections === 0)

    expect(gate.faults).toMatchObject([{ what: 'tls-handshake' }])
  })

  it('R45: ends when there are too many of its peer, and the others go on', async () => {
    await gate.close()
    gate = await listening({ bounds: { connectionsPerPeerMax: 2 } })
    const first = await rawTls(gate.port)
    const second = await rawTls(gate.port)

    const third = await rawTcp(gate.port)
    await third.untilClosed()
    first.end()
    await settle(() => gate.listener.stats.connections === 1)
    const fourth = await ask(gate.port, HELLO, isWhole)
    second.end()

    expect(statusOf(fourth)).toBe(200)
    expect(gate.faults).toEqual([{ peer: '127.0.0.1', what: 'connections', id: undefined }])
  })
})

describe('PROXY protocol', () => {
  it.each(['127.0.0.0/8', '127.0.0.1', '::/0,127.0.0.1/32'])(
    'is believed of trusted peers in %s',
    async (blocks) => {
      await gate.close()
      gate = await listening({ trustedPeers: blocks.split(',') })

      const answer = await proxied('PROXY TCP4 203.0.113.7 10.0.0.1 40000 443\r\n')

      expect(statusOf(answer)).toBe(200)
      expect(gate.exchanges[0]?.connection).toMatchObject({ peer: '203.0.113.7', trusted: true })
    },
  )

  it('may be left out by a trusted peer', async () => {
    await gate.close()
    gate = await listening({ trustedPeers: ['127.0.0.1'] })

    await ask(gate.port, HELLO, isWhole)

    expect(gate.exchanges[0]?.connection).toMatchObject({ peer: '127.0.0.1', trusted: true })
  })

  it('is plain text from anybody else', async () => {
    const client = await rawTcp(gate.port)

    client.send('PROXY TCP4 203.0.113.7 10.0.0.1 40000 443\r\n')

    expect(statusOf(await client.untilClosed())).toBe(421)
  })

  it('may come in pieces, but not for ever', async () => {
    await gate.close()
    gate = await listening({ trustedPeers: ['127.0.0.1'], bounds: { silentMs: 200 } })
    const client = await rawTcp(gate.port)
    client.send('PROXY TCP4 203.0.')

    expect(await client.untilClosed()).toBe('')
    expect(gate.faults).toMatchObject([{ what: 'silent' }])
  })

  it.each(['PROXY nonsense\r\n', `PROXY ${'x'.repeat(200)}`])(
    'ends the connection when it is wrong: %j',
    async (bytes) => {
      await gate.close()
      gate = await listening({ trustedPeers: ['127.0.0.1'] })
      const client = await rawTcp(gate.port)
      client.send(bytes)

      expect(await client.untilClosed()).toBe('')
      expect(gate.faults).toMatchObject([{ what: 'proxy-header' }])
    },
  )

  it('counts connections by the client that it names', async () => {
    await gate.close()
    gate = await listening({ trustedPeers: ['127.0.0.1'], bounds: { connectionsPerPeerMax: 1 } })
    const one = await rawTcp(gate.port)
    one.send('PROXY TCP4 203.0.113.7 10.0.0.1 40000 443\r\n')
    const other = await rawTcp(gate.port)
    other.send('PROXY TCP4 203.0.113.8 10.0.0.1 40000 443\r\n')
    await settle(() => gate.listener.stats.connections === 2)

    const again = await rawTcp(gate.port)
    again.send('PROXY TCP4 203.0.113.7 10.0.0.1 40001 443\r\n')
    await again.untilClosed()
    one.end()
    other.end()

    expect(gate.faults).toMatchObject([{ peer: '127.0.0.1', what: 'connections-per-peer' }])
  })

  async function proxied(header: string): Promise<string> {
    const tcp = await rawTcp(gate.port)
    tcp.send(header)
    const socket = connect({ socket: tcp.socket, servername: 'localhost', rejectUnauthorized: false })
    await once(socket, 'secureConnect')
    let text = ''
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
    })
    socket.write(HELLO)
    await settle(() => isWhole(text))
    socket.destroy()
    return text
  }
})
