import { mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

const fetches = (): number => idp.counts.get('/jwks') ?? 0

describe('discovery', () => {
  function discover(metadata: Record<string, unknown>): TestIdp['answer'] {
    return (request, response) => (request.url === '/jwks' ? good : json(metadata))(request, response)
  }

  it('R26: follows the metadata of the issuer', async () => {
    idp.answer = discover({ issuer: 'https://idp.test', jwks_uri: `${idp.url}/jwks` })

    const authenticator = await start({ keys: { kind: 'discovery', url: `${idp.url}/meta`, ca: undefined } })

    expect(await outcome(authenticator)).toBe('alice')
  })

  it.each<[string, (url: string) => Record<string, unknown>]>([
    ['name another issuer', (url) => ({ issuer: 'https://evil.test', jwks_uri: `${url}/jwks` })],
    ['name it with a slash more', (url) => ({ issuer: 'https://idp.test/', jwks_uri: `${url}/jwks` })],
    ['name no issuer', (url) => ({ jwks_uri: `${url}/jwks` })],
    ['name no place', () => ({ issuer: 'https://idp.test' })],
    ['name a place without TLS', () => ({ issuer: 'https://idp.test', jwks_uri: 'http://idp.test/jwks' })],
    ['name a file', () => ({ issuer: 'https://idp.test', jwks_uri: 'file:///etc/passwd' })],
    ['are a list', () => [] as unknown as Record<string, unknown>],
  ])('R26: refuses metadata that %s', async (_what, metadata) => {
    idp.answer = discover(metadata(idp.url))

    const authenticator = await start({ keys: { kind: 'discovery', url: `${idp.url}/meta`, ca: undefined } })

    expect(authenticator.ready).toBe(false)
    expect(fetches()).toBe(0)
  })
})

describe('a key file', () => {
  let folder: string
  let path: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keys-'))
    path = join(folder, 'jwks.json')
  })

  afterEach(() => {
    rmSync(folder, { recursive: true })
  })

  function write(keys: readonly unknown[] | string): void {
    writeFileSync(`${path}.new`, typeof keys === 'string' ? keys : JSON.stringify({ keys }))
    renameSync(`${path}.new`, path)
  }

  const loads = (): number => observer.names().filter((name) => name === 'keys-loaded').length

  it('R26: is read at the start and, changed, within a second', async () => {
    write([rsaKey.jwk])
    const authenticator = await start({ keys: { kind: 'file', path } })
    expect(await outcome(authenticator)).toBe('alice')

    write([ecKey.jwk])
    await pass(1_000, () => loads() === 2)

    expect(await outcome(authenticator)).toBe('token-invalid')
    expect(await outcome(authenticator, craft({ key: ecKey }))).toBe('alice')
  })

  it('R26: is read at once when a token names a new key', async () => {
    write([rsaKey.jwk])
    const authenticator = await start({ keys: { kind: 'file', path } })
    write([rsaKey.jwk, ecKey.jwk])

    expect(await outcome(authenticator, craft({ key: ecKey }))).toBe('alice')
  })

  it('R26: may be swapped as a symbolic link, as ConfigMaps do', async () => {
    writeFileSync(join(folder, 'one'), JSON.stringify({ keys: [rsaKey.jwk] }))
    writeFileSync(join(folder, 'two'), JSON.stringify({ keys: [rsaKey.jwk, ecKey.jwk] }))
    symlinkSync(join(folder, 'one'), path)
    const authenticator = await start({ keys: { kind: 'file', path } })

    unlinkSync(path)
    symlinkSync(join(folder, 'two'), path)
    await pass(1_000, () => loads() === 2)

    expect(await outcome(authenticator, craft({ key: ecKey }))).toBe('alice')
  })

  it.each([
    ['garbage', (): void => write('garbage')],
    ['nothing', (): void => write('')],
    ['no more there', (): void => unlinkSync(path)],
    ['over a mebibyte', (): void => write(' '.repeat(1_048_577))],
  ])('R26: keeps the last good keys while it is %s, but not for ever', async (_what, spoil) => {
    write([rsaKey.jwk])
    const authenticator = await start({ keys: { kind: 'file', path }, staleMsMax: 10_000 })

    spoil()
    await pass(1_000, () => observer.names().includes('keys-unavailable'))
    expect(await outcome(authenticator)).toBe('alice')
    await pass(5_000, () => true)
    clock.advance(5_000)

    expect(authenticator.ready).toBe(false)
  })

  it('R26: stays good for as long as it lies there unchanged', async () => {
    write([rsaKey.jwk])
    const authenticator = await start({ keys: { kind: 'file', path }, staleMsMax: 1_500 })

    for (let i = 0; i < 4; i++) {
      await pass(1_000, () => vi.getTimerCount() === 1)
    }

    expect(authenticator.ready).toBe(true)
    expect(loads()).toBe(1)
  })

  it('R26: is not a folder', async () => {
    const authenticator = await start({ keys: { kind: 'file', path: folder } })

    expect(authenticator.ready).toBe(false)
    expect(observer.seen[0]?.detail).toMatchObject({ reason: 'not a file' })
  })
})
