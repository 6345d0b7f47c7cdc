import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { IssuerConfig } from '../../src/core/config.ts'
import type { Gateway } from '../../src/gateway.ts'
import { createScreen, type Screen, ScreenFault } from '../../src/screen/screen.ts'
import type { TestAgent } from '../fixtures/agent.ts'
import { type Answered, ask, problemOf } from '../fixtures/ask.ts'
import { MemoryDisk, recordsIn } from '../fixtures/audit.ts'
import { GATE_AUDIENCE, GATE_ISSUER, startGate, type TestGate, testRoute } from '../fixtures/gate.ts'
import { base64url, signParts, type TestKey, testKey } from '../fixtures/identity.ts'
import { json, startIdp, type TestIdp } from '../fixtures/idp.ts'
import { adminPage } from '../fixtures/serving.ts'
import { startStreamingAgent } from '../fixtures/streaming-agent.ts'

let agent: TestAgent
let gate: TestGate | undefined

beforeEach(async () => {
  agent = await startStreamingAgent()
})
afterEach(async () => {
  await gate?.close()
  gate = undefined
  await agent.close()
})

const statuses = (answers: readonly Answered[]): number[] => answers.map(({ status }) => status)

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await delay(10)
}

/** Records of an exchange, by kind. */
function recorded(of: TestGate, answer: Answered): Record<string, unknown>[] {
  return of.records().filter((record) => record['id'] === answer.headers['x-request-id'])
}

async function metricsOf(gateway: Gateway): Promise<string> {
  return (await adminPage(gateway.admin?.port ?? 0, '/metrics')).text
}

describe('F2: an agent that hangs', () => {
  it('has its route bounded and answered 504 at its deadline, and costs other routes nothing', async () => {
    const hanging = await startStreamingAgent()
    const { limits, upstream } = testRoute(hanging.url)
    const opened = await startGate({
      routes: [
        testRoute(agent.url),
        testRoute(hanging.url, {
          name: 'hanging',
          path: '/hanging',
          upstream: { ...upstream, firstByteMs: 1_500 },
          limits: { ...limits, concurrencyMax: 6 },
        }),
      ],
    })
    gate = opened
    const token = await opened.token()
    await ask(opened, { token })

    const startedMs = performance.now()
    const hung = Array.from({ length: 20 }, () => ask(opened, { path: '/hanging/hang', token }))
    await until(() => hanging.seen.length === 6)
    const others: Answered[] = []
    let slowestMs = 0
    while (performance.now() - startedMs < 1_000) {
      const askedMs = performance.now()
      others.push(await ask(opened, { token }))
      slowestMs = Math.max(slowestMs, performance.now() - askedMs)
    }
    const sockets = hanging.connections()
    const answers = await Promise.all(hung)
    const again = await ask(opened, { path: '/hanging', token })
    await hanging.close()

    expect(statuses(others).filter((status) => status !== 200)).toEqual([])
    // Far below the deadline that the hanging agent was given: nobody waited for it.
    expect(slowestMs).toBeLessThan(1_000)
    expect(sockets).toBeLessThanOrEqual(6)
    expect(hanging.seen.length).toBe(7)
    expect(answers.map(problemOf).sort()).toEqual([
      ...Array.from({ length: 14 }, () => 'overloaded'),
      ...Array.from({ length: 6 }, () => 'upstream-timeout'),
    ])
    expect(again.status).toBe(200)
  })
})

describe('F5: the keys of an issuer', () => {
  const first = testKey('ES256', 'first')
  const second = testKey('ES256', 'second')
  let idp: TestIdp

  beforeEach(async () => {
    idp = await startIdp()
  })
  afterEach(() => idp.close())

  const fetches = (): number => idp.counts.get('/jwks') ?? 0
  const down: TestIdp['answer'] = (_request, response) => void response.writeHead(500).end()
  const issuer = (): IssuerConfig => ({
    issuer: GATE_ISSUER,
    audiences: [GATE_AUDIENCE],
    algorithms: ['ES256'],
    keys: { kind: 'url', url: `${idp.url}/jwks`, ca: undefined },
    tokenTypes: ['at+jwt'],
    preset: undefined,
    rolesPath: ['roles'],
    roleMap: undefined,
    leewayMs: 0,
    lifetimeMsMax: 86_400_000,
    staleMsMax: 86_400_000,
    cooldownMs: 1_000,
  })
  const open = async (): Promise<TestGate> => {
    gate = await startGate({ routes: [testRoute(agent.url)], config: { issuers: [issuer()] } })
    return gate
  }

  it('down at the start: not ready and refused as unavailable, until one good set was read', async () => {
    idp.answer = down
    const opened = await open()
    const token = tokenOf(first)

    const before = await ask(opened, { token })
    const missing = opened.gateway.unready()
    idp.answer = json({ keys: [first.jwk] })
    await until(() => opened.gateway.unready().length === 0)
    const after = await ask(opened, { token })

    expect(problemOf(before)).toBe('identity-unavailable')
    expect(missing).toEqual(['signing keys of every issuer'])
    expect(after.status).toBe(200)
    expect(agent.seen.length).toBe(1)
  })

  it('rotated: the first token of the new key passes, with one reading; old ones too while they are published', async () => {
    idp.answer = json({ keys: [first.jwk] })
    const opened = await open()
    const before = await ask(opened, { token: tokenOf(first) })
    idp.answer = json({ keys: [first.jwk, second.jwk] })

    const rotated = await Promise.all([1, 2, 3].map(() => ask(opened, { token: tokenOf(second) })))
    const old = await ask(opened, { token: tokenOf(first) })

    expect(before.status).toBe(200)
    expect(statuses(rotated)).toEqual([200, 200, 200])
    expect(old.status).toBe(200)
    expect(fetches()).toBe(2)
  })

  it('down while it runs: known keys go on, and a flood of unknown ones neither passes nor asks the issuer more than once', async () => {
    idp.answer = json({ keys: [first.jwk] })
    const opened = await open()
    await ask(opened, { token: tokenOf(first) })
    idp.answer = down

    const flood = Array.from({ length: 60 }, (_, index) => tokenOf(testKeyNamed(index)))
    const refused = await Promise.all(flood.map((token) => ask(opened, { token })))
    const known = await ask(opened, { token: tokenOf(first, { jti: 'fresh' }) })

    expect(new Set(refused.map(problemOf))).toEqual(new Set(['identity-unavailable']))
    expect(known.status).toBe(200)
    // The start, one for the unknown names, and at most two tries of the background.
    expect(fetches()).toBeLessThanOrEqual(4)
    expect(agent.seen.length).toBe(2)
  })

  /** The same key under many names: making sixty would take longer than the test. */
  function testKeyNamed(index: number): TestKey {
    return { ...second, kid: `unknown-${index}` }
  }
})

/** A token of a key; `claims` may hold what JSON cannot say when given as text. */
function tokenOf(key: TestKey, claims: Readonly<Record<string, unknown>> = {}): string {
  const nowS = Math.floor(Date.now() / 1_000)
  const all = {
    iss: GATE_ISSUER,
    aud: GATE_AUDIENCE,
    sub: 'alice',
    roles: ['reader'],
    iat: nowS,
    exp: nowS + 600,
  }
  const header = JSON.stringify({ alg: key.alg, typ: 'at+jwt', kid: key.kid })
  return signParts(base64url(header), base64url(JSON.stringify({ ...all, ...claims })), key)
}

describe('F16: claims that nobody expects', () => {
  const deep = JSON.parse('['.repeat(60) + ']'.repeat(60)) as unknown
  const odd: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ['roles as an entity', { roles: { __entity: { type: 'Role', id: 'reader' } } }],
    ['roles as entities in a list', { roles: [{ __entity: { type: 'Role', id: 'reader' } }] }],
    ['roles as an extension', { roles: [{ __extn: { fn: 'decimal', arg: '1' } }] }],
    ['roles in a list in a list', { roles: [['reader']] }],
    ['roles as a number', { roles: 1 }],
    ['roles as null', { roles: null }],
    ['a role with a line feed', { roles: ['reader\n'] }],
    ['a role in capitals', { roles: ['READER'] }],
    ['a role that looks like it', { roles: ['re\u0430der'] }],
    ['a role with a wildcard', { roles: ['*'] }],
    ['five hundred roles that are none', { roles: Array.from({ length: 500 }, (_, i) => `r${i}`) }],
    ['deep roles', { roles: deep }],
    ['a subject that is a number', { sub: 1 }],
    ['a subject that is empty', { sub: '' }],
    ['a subject with CR LF', { sub: 'alice\r\nx-user: root' }],
    ['a subject with NUL', { sub: 'alice\0' }],
    ['a subject that is half a surrogate pair', { sub: 'alice\ud800' }],
    ['a subject that is a list', { sub: ['alice'] }],
    ['an expiry that is text', { exp: '4102444800' }],
    ['an expiry that is null', { exp: null }],
    ['no expiry', { exp: undefined }],
    ['an audience in a list in a list', { aud: [[GATE_AUDIENCE]] }],
    ['an audience that is an object', { aud: { [GATE_AUDIENCE]: true } }],
    ['an issuer in a list', { iss: [GATE_ISSUER] }],
    ['an issuer with a slash more', { iss: `${GATE_ISSUER}/` }],
  ]

  it('are never a 200 and never a fault of ours, and harm nobody else', async () => {
    const opened = await startGate({ routes: [testRoute(agent.url)] })
    gate = opened
    const answers: (readonly [string, number])[] = []
    for (const [what, claims] of odd)
      answers.push([what, (await ask(opened, { token: await opened.token(claims) })).status])

    const innocent = await ask(opened)

    expect(answers.filter(([, status]) => status !== 401 && status !== 403)).toEqual([])
    expect(innocent.status).toBe(200)
    expect(agent.seen.length).toBe(1)
    expect(opened.events.map(({ name }) => name)).not.toContain('internal-error')
  })
})

describe('F15: a safeguard that cannot judge', () => {
  /** Fails as it is told by the text that it is to judge. */
  function brittle(): Screen {
    const real = createScreen()
    return {
      ...real,
      selfTest: () => {},
      screen(call, settings, trustSystem) {
        const text = call.texts.map((one) => one.text).join(' ')
        if (text.includes('cannot')) return Promise.resolve(new ScreenFault('model missing'))
        if (text.includes('throws')) throw new TypeError('boom at /srv/secret/place.ts')
        if (text.includes('rejects')) return Promise.reject(new RangeError('boom'))
        return real.screen(call, settings, trustSystem)
      },
    }
  }
  const say = (text: string): { method: string; body: string } => ({
    method: 'POST',
    body: JSON.stringify({ text }),
  })

  it('refuses what it guards, and says so on record, in the log and by readiness', async () => {
    const opened = await startGate({ routes: [testRoute(agent.url)], deps: { screen: brittle() } })
    gate = opened

    const answer = await ask(opened, say('it cannot'))

    expect(answer.status).toBe(503)
    expect(problemOf(answer)).toBe('guard-unavailable')
    expect(answer.headers['retry-after']).toBeDefined()
    expect(recorded(opened, answer)).toMatchObject([{ kind: 'refusal', problem: 'guard-unavailable' }])
    expect(opened.events.map(({ name }) => name)).toContain('guard-failed')
    expect(opened.gateway.unready()).toContain('safeguards that can judge')
    expect(agent.seen).toEqual([])
  })

  it.each(['throws', 'rejects'])(
    'a phase that %s: 500 that tells nothing of the inside, on record and counted, and nobody else is harmed',
    async (how) => {
      const opened = await startGate({ routes: [testRoute(agent.url)], deps: { screen: brittle() } })
      gate = opened
      const token = await opened.token()
      const streamed = ask(opened, { path: '/agent/stream/10/30', token })
      await until(() => agent.seen.length === 1)

      const answer = await ask(opened, { ...say(`it ${how}`), token })
      const after = await ask(opened, { ...say('hello'), token })
      const metrics = await metricsOf(opened.gateway)

      expect(answer.status).toBe(500)
      expect(problemOf(answer)).toBe('internal')
      expect(answer.text).not.toMatch(/boom|Error|\.ts/)
      expect(recorded(opened, answer)).toMatchObject([{ kind: 'refusal', problem: 'internal', status: 500 }])
      expect(after.status).toBe(200)
      expect(await streamed).toMatchObject({ status: 200, truncated: false })
      expect(agent.seen.length).toBe(2)
      expect(opened.events.filter(({ name }) => name === 'internal-error')).toHaveLength(1)
      expect(metrics).toContain('sallyport_events_total{event="internal-error"} 1')
      expect(metrics).toContain('sallyport_exchanges_total{route="agent",result="internal"} 1')
    },
  )
})

describe('an end at once', () => {
  it('with streams open: each decision still gets its outcome, and the log is closed', async () => {
    const opened = await startGate({ routes: [testRoute(agent.url)] })
    gate = opened
    const token = await opened.token()
    const paths = Array.from({ length: 40 }, (_, i) =>
      i % 4 === 0 ? '/agent/hang' : '/agent/stream/1000/20',
    )
    const ends = Promise.allSettled(paths.map((path) => ask(opened, { path, token })))
    await until(() => agent.seen.length === 40)
    await delay(100)

    const records = opened.records.bind(opened)
    const kinds = (): string[] => records().map((record) => String(record['kind']))
    await opened.gateway.close(0)

    expect((await ends).filter((end) => end.status === 'fulfilled' && !end.value.truncated)).toEqual([])
    expect(kinds().filter((kind) => kind === 'decision')).toHaveLength(40)
    expect(kinds().filter((kind) => kind === 'outcome')).toHaveLength(40)
    expect(records().at(-1)).toMatchObject({ kind: 'log', event: 'closed' })
  })

  it('on a slow disk: waits for exchanges whose decision is just being written, so that each gets its outcome', async () => {
    const disk = new MemoryDisk()
    const opened = await startGate({ routes: [testRoute(agent.url)], deps: { disk } })
    gate = opened
    const token = await opened.token()
    let writing = 0
    disk.before = (operation) => {
      if (operation !== 'write') return undefined
      writing += 1
      return delay(300)
    }
    const ends = Promise.allSettled(Array.from({ length: 8 }, () => ask(opened, { token })))
    await until(() => writing > 0)

    await opened.gateway.close(0)
    gate = undefined
    await ends

    const kinds = recordsIn(disk.text).map((record) => String(record['kind']))
    const decisions = kinds.filter((kind) => kind === 'decision').length
    expect(decisions).toBeGreaterThan(0)
    expect(kinds.filter((kind) => kind === 'outcome')).toHaveLength(decisions)
  })
})
