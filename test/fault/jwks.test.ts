import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { IssuerConfig } from '../../src/core/config.ts'
import { createAuthenticator, type Authenticator } from '../../src/identity/authenticator.ts'
import { json, startIdp, testFetch, type TestIdp } from '../fixtures/idp.ts'
import {
  TestClock,
  TestObserver,
  craft,
  ecKey,
  issuerConfig,
  outcomeOf,
  rsaKey,
} from '../fixtures/identity.ts'

const good = json({ keys: [rsaKey.jwk] })
const rotated = json({ keys: [rsaKey.jwk, ecKey.jwk] })

let idp: TestIdp
let clock: TestClock
let observer: TestObserver
let open: Authenticator[]

beforeEach(async () => {
  // Only the gateway's own timers; the sockets keep theirs.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  idp = await startIdp()
  clock = new TestClock()
  observer = new TestObserver()
  open = []
})

afterEach(async () => {
  for (const authenticator of open) authenticator.close()
  vi.useRealTimers()
  await idp.close()
})

async function start(changes: Partial<IssuerConfig> = {}): Promise<Authenticator> {
  const keys = { kind: 'url', url: `${idp.url}/jwks`, ca: undefined } as const
  const deps = { clock, fetch: testFetch, observer, random: () => 0.5 }
  const authenticator = createAuthenticator([issuerConfig({ keys, ...changes })], deps)
  open.push(authenticator)
  await authenticator.start()
  return authenticator
}

function outcome(authenticator: Authenticator, token = fresh()): Promise<string> {
  return outcomeOf(authenticator, token, clock.wall)
}

/** A token of the present hour, however far the clock was turned. */
function fresh(): string {
  return craft({ claims: { exp: clock.wall / 1_000 + 60 } })
}

/** Turns time on until the background reading that is due has been done. */
async function pass(ms: number, seen: () => boolean): Promise<void> {
  clock.advance(ms)
  await vi.advanceTimersByTimeAsync(ms)
  await vi.waitUntil(seen, { timeout: 5_000, interval: 5 })
}

const fetches = (path = '/jwks'): number => idp.counts.get(path) ?? 0

const FAULTS: readonly [string, TestIdp['answer']][] = [
  ['resets', (request) => void request.socket.destroy()],
  ['says 500', (_request, response) => void response.writeHead(500).end('{"keys":[]}')],
  [
    'says 500 with other keys',
    (_request, response) => void response.writeHead(500).end(JSON.stringify({ keys: [ecKey.jwk] })),
  ],
  ['says 404', (_request, response) => void response.writeHead(404).end()],
  ['says 204', (_request, response) => void response.writeHead(204).end()],
  ['sends garbage', (_request, response) => void response.writeHead(200).end('<html>maintenance</html>')],
  ['sends nothing', (_request, response) => void response.writeHead(200).end()],
  ['sends an empty set', json({ keys: [] })],
  ['sends only weak keys', json({ keys: [{ ...rsaKey.jwk, e: 'AQ' }] })],
  [
    'sends half a document',
    (_request, response) => void response.writeHead(200).end('{"keys":[{"kty":"RSA"'),
  ],
  ['redirects', (_request, response) => void response.writeHead(302, { location: '/elsewhere' }).end()],
  [
    'breaks off',
    (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('{"keys":', () => response.destroy())
    },
  ],
]

describe('F5: an issuer that is down at the start', () => {
  it.each(FAULTS)(
    'F5: is not ready while it %s, and ready after the first good set',
    async (_what, answer) => {
      idp.answer = answer
      const authenticator = await start()
      expect(authenticator.ready).toBe(false)
      expect(await outcome(authenticator)).toBe('identity-unavailable')

      idp.answer = good
      await pass(1_000, () => authenticator.ready)

      expect(await outcome(authenticator)).toBe('alice')
      expect(observer.names()).toEqual(expect.arrayContaining(['keys-unavailable', 'keys-loaded']))
      expect(fetches('/elsewhere')).toBe(0)
    },
  )

  it('F5: is asked ever more seldom, by the background alone', async () => {
    idp.answer = (_request, response) => void response.writeHead(500).end()
    const authenticator = await start()
    for (let i = 0; i < 1_000; i++) await outcome(authenticator)
    expect(fetches()).toBe(1)

    for (const [i, ms] of [1_000, 2_000, 4_000, 8_000].entries()) {
      await pass(ms - 1, () => fetches() === i + 1)
      await pass(1, () => fetches() === i + 2)
      await vi.waitUntil(() => vi.getTimerCount() > 0)
    }

    expect(observer.names().filter((name) => name === 'keys-unavailable')).toHaveLength(1)
  })
})

describe('F5: an issuer that fails while we run', () => {
  it.each(FAULTS)('F5: keeps the last good keys while it %s', async (_what, answer) => {
    idp.answer = good
    const authenticator = await start()
    idp.answer = answer
    await pass(600_000, () => observer.names().includes('keys-unavailable'))

    expect(authenticator.ready).toBe(true)
    expect(await outcome(authenticator)).toBe('alice')
  })

  it('F5: reads no more than a mebibyte of a body without end', async () => {
    let sent = 0
    idp.answer = (_request, response) => {
      response.writeHead(200)
      const chunk = Buffer.alloc(65_536, 0x20)
      const more = (): void => {
        while (!response.destroyed && sent < 100 * 1_048_576) {
          sent += chunk.length
          if (!response.write(chunk)) return void response.once('drain', more)
        }
      }
      more()
    }

    const authenticator = await start()

    expect(authenticator.ready).toBe(false)
    // What the kernel buffers on both sides of loopback is sent as well.
    expect(sent).toBeLessThan(20 * 1_048_576)
    expect(observer.names()).toEqual(['keys-unavailable'])
  })

  it('F5: says that a token cannot be checked when its key is unknown and the issuer is down', async () => {
    idp.answer = good
    const authenticator = await start()
    idp.answer = (_request, response) => void response.writeHead(500).end()

    expect(await outcome(authenticator, craft({ key: ecKey }))).toBe('identity-unavailable')
    expect(await outcome(authenticator)).toBe('alice')
  })

  it('F5: stops using keys after the staleness bound, and goes on once the issuer is back', async () => {
    idp.answer = good
    const authenticator = await start({ staleMsMax: 3_600_000 })
    expect(await outcome(authenticator)).toBe('alice')
    idp.answer = (request) => void request.socket.destroy()

    clock.monotonic += 3_600_000
    expect(await outcome(authenticator)).toBe('alice')
    clock.monotonic += 1
    expect(await outcome(authenticator)).toBe('identity-unavailable')
    expect(authenticator.ready).toBe(false)
    expect(observer.names()).toContain('keys-stale')

    idp.answer = good
    await pass(600_000, () => authenticator.ready)
    expect(await outcome(authenticator)).toBe('alice')
  })

  it('F9: is not misled about staleness by a wall clock that jumps', async () => {
    idp.answer = good
    const authenticator = await start({ staleMsMax: 60_000 })

    clock.wall += 3_600_000

    expect(authenticator.ready).toBe(true)
  })

  it('F5: takes a slow issuer in its stride: known keys pass at once while it dawdles', async () => {
    idp.answer = good
    const authenticator = await start()
    idp.answer = () => {}

    const waiting = authenticator.authenticate(craft({ key: ecKey }), clock.wall)
    await vi.waitUntil(() => fetches() === 2)

    expect(waiting).toBeInstanceOf(Promise)
    expect(await outcome(authenticator)).toBe('alice')
    idp.answer = rotated
    await idp.close()
    expect(await waiting).toMatchObject({ problem: 'identity-unavailable' })
    idp = await startIdp()
  })

  it('F5: lets only so many exchanges wait for a slow issuer', async () => {
    idp.answer = good
    const authenticator = await start()
    const held: (() => void)[] = []
    idp.answer = (request, response) => void held.push(() => rotated(request, response))

    const verdicts = Array.from({ length: 1_000 }, (_, i) =>
      authenticator.authenticate(craft({ key: ecKey, header: { kid: `made up ${i}` } }), clock.wall),
    )
    await vi.waitUntil(() => held.length === 1)

    expect(verdicts.filter((verdict) => verdict instanceof Promise)).toHaveLength(256)
    held[0]?.()
    await Promise.all(verdicts.filter((verdict) => verdict instanceof Promise))
    expect(fetches()).toBe(2)
  })
})

describe('F5: rotation', () => {
  it('F5: takes the first token of a new key with one fetch, however many come at once', async () => {
    idp.answer = good
    const authenticator = await start()
    idp.answer = rotated

    const verdicts = await Promise.all(
      Array.from({ length: 100 }, () => outcome(authenticator, craft({ key: ecKey }))),
    )

    expect(new Set(verdicts)).toEqual(new Set(['alice']))
    expect(fetches()).toBe(2)
  })

  it('F5: answers 10,000 unknown kids with one fetch a cooldown', async () => {
    idp.answer = good
    const authenticator = await start({ cooldownMs: 30_000 })
    const [header = '', ...rest] = craft().split('.')
    const members = JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, string>
    const flood = async (): Promise<void> => {
      for (let i = 0; i < 5_000; i++) {
        const forged = Buffer.from(JSON.stringify({ ...members, kid: `made up ${i}` })).toString('base64url')
        expect(await outcome(authenticator, [forged, ...rest].join('.'))).toBe('token-invalid')
      }
    }

    await flood()
    expect(fetches()).toBe(2)
    clock.monotonic += 29_999
    expect(await outcome(authenticator, craft({ header: { kid: 'late' } }))).toBe('token-invalid')
    expect(fetches()).toBe(2)
    clock.monotonic += 1
    await flood()
    expect(fetches()).toBe(3)
  })

  it('F5: drops a withdrawn key at the next background reading, remembered tokens with it', async () => {
    idp.answer = rotated
    const authenticator = await start()
    const token = craft({ key: ecKey, claims: { exp: clock.wall / 1_000 + 3_000 } })
    expect(await outcome(authenticator, token)).toBe('alice')

    idp.answer = good
    await pass(600_000, () => observer.names().filter((name) => name === 'keys-loaded').length === 2)

    expect(await outcome(authenticator, token)).toBe('token-invalid')
  })

  it('F5: tells of new keys, not of every reading', async () => {
    idp.answer = good
    await start()

    await pass(600_000, () => fetches() === 2)

    expect(observer.names()).toEqual(['keys-loaded'])
  })

  it('F5: reads no more after it was closed', async () => {
    idp.answer = good
    const authenticator = await start()

    authenticator.close()
    await vi.advanceTimersByTimeAsync(1_200_000)

    expect(fetches()).toBe(1)
    expect(await outcome(authenticator, craft({ key: ecKey }))).toBe('token-invalid')
  })
})
