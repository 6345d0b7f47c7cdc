import { afterEach, describe, expect, it } from 'vitest'
import type { Config, RouteConfig } from '../../src/core/config.ts'
import type { Reloaded } from '../../src/reload.ts'
import { startAgent, type TestAgent } from '../fixtures/agent.ts'
import { startGate, type TestGate, testRoute } from '../fixtures/gate.ts'
import { KeepAliveClient, startLoad } from '../fixtures/keep-alive.ts'
import { settle } from '../fixtures/raw.ts'

let agent: TestAgent
let gate: TestGate

async function open(routes: (url: string) => RouteConfig[], over: Partial<Config> = {}): Promise<void> {
  agent = await startAgent()
  gate = await startGate({ routes: routes(agent.url), config: over })
}

afterEach(async () => {
  await gate.close()
  await agent.close()
})

let revisions = 0

function reload(over: Partial<Config>): Promise<Reloaded> {
  revisions += 1
  return gate.gateway.reload(() => ({ ...gate.config, revision: `reloaded-${revisions}`, ...over }))
}

async function client(claims: Readonly<Record<string, unknown>> = {}): Promise<KeepAliveClient> {
  const { port, ca } = gate
  return new KeepAliveClient({ port, ca, host: `localhost:${port}`, token: await gate.token(claims) })
}

async function statusOf(path: string, claims?: Readonly<Record<string, unknown>>): Promise<number> {
  const one = await client(claims)
  const { status } = await one.get(path)
  one.end()
  return status
}

function allowing(url: string, role: string, line: number, over: Partial<RouteConfig> = {}): RouteConfig {
  const route = testRoute(url, over)
  return { ...route, allow: route.allow.map((rule) => ({ ...rule, roles: [role], line })) }
}

async function readyz(): Promise<Record<string, unknown>> {
  const answer = await fetch(`http://127.0.0.1:${gate.gateway.admin?.port}/readyz`)
  return (await answer.json()) as Record<string, unknown>
}

describe('a reload that is taken', () => {
  it('judges the next request by the new configuration, says so, and puts its revision on record', async () => {
    await open((url) => [allowing(url, 'reader', 1)])
    const before = await statusOf('/agent')

    const reloaded = await reload({ routes: [allowing(agent.url, 'operator', 2)] })

    expect(before).toBe(200)
    expect(reloaded).toMatchObject({ ok: true, revision: gate.gateway.revision })
    expect(await statusOf('/agent')).toBe(403)
    expect(await statusOf('/agent', { roles: ['operator'] })).toBe(200)
    expect(gate.events.at(-1)).toEqual({
      name: 'config-reloaded',
      detail: { revision: gate.gateway.revision },
    })
    expect(await readyz()).toMatchObject({
      ready: true,
      revision: gate.gateway.revision,
      reload: { ok: true },
    })
    const kinds = gate.records().filter(({ kind }) => kind === 'decision' || kind === 'refusal')
    expect(kinds.map(({ revision }) => revision)).toEqual([
      'test-revision',
      gate.gateway.revision,
      gate.gateway.revision,
    ])
  })

  it('lets what is inside end by what it came in by, and then closes the agent that is no longer named', async () => {
    let finish = (): void => {}
    agent = await startAgent((_seen, response) => {
      response.writeHead(200, { 'content-length': '4' }).write('ha')
      finish = () => response.end('lf')
    })
    const other = await startAgent()
    gate = await startGate({ routes: [testRoute(agent.url)] })
    const one = await client()
    const asking = one.get('/agent')
    await settle(() => agent.seen.length === 1)

    await reload({ routes: [testRoute(other.url)] })
    const next = await statusOf('/agent')
    const held = agent.connections()
    finish()
    const answer = await asking
    one.end()
    await settle(() => agent.connections() === 0)

    expect([next, other.seen.length]).toEqual([200, 1])
    expect(held).toBe(1)
    expect(answer).toMatchObject({ status: 200, whole: true, body: 'half' })
    await other.close()
  })

  it('keeps connections to an agent that stays, and the counts of limits that stay', async () => {
    const limits = { ...testRoute('').limits, requests: { max: 3, windowMs: 60_000 } }
    await open((url) => [testRoute(url, { limits })])
    const statuses = [await statusOf('/agent'), await statusOf('/agent')]

    await reload({ routes: [allowing(agent.url, 'reader', 9, { limits })] })
    statuses.push(await statusOf('/agent'), await statusOf('/agent'))
    const connections = agent.connections()
    await reload({
      routes: [testRoute(agent.url, { limits: { ...limits, requests: { max: 9, windowMs: 60_000 } } })],
    })
    statuses.push(await statusOf('/agent'))

    expect(statuses).toEqual([200, 200, 200, 429, 200])
    expect(connections).toBe(1)
  })

  it('takes routes and hosts away, and adds others', async () => {
    await open((url) => [testRoute(url)])

    await reload({ routes: [testRoute(agent.url, { name: 'new', path: '/new' })] })
    const statuses = [await statusOf('/agent'), await statusOf('/new')]
    await reload({ hosts: [`gate.test:${gate.port}`] })

    expect(statuses).toEqual([404, 200])
    expect(await statusOf('/agent')).toBe(421)
  })
})

describe('a reload that is refused changes nothing', () => {
  it.each([
    ['listen', { listen: { address: '127.0.0.1', port: 1 } }],
    ['public_url', { publicUrl: 'https://other.test' }],
    ['trusted_peers', { trustedPeers: ['10.0.0.0/8'] }],
    ['admin', { admin: undefined }],
    ['log', { log: { level: 'debug' } as const }],
  ])('where a restart is needed for %s', async (setting, over) => {
    await open((url) => [testRoute(url)])

    const refused = await reload({ ...over, routes: [] })

    expect(refused).toMatchObject({
      ok: false,
      revision: 'test-revision',
      reason: `a restart is needed for ${setting}`,
    })
    expect(await statusOf('/agent')).toBe(200)
  })

  it('F10: where the configuration cannot be read, and tells of it until it can', async () => {
    await open((url) => [testRoute(url)])

    const refused = await gate.gateway.reload(() => {
      throw new Error('sallyport.yaml:3:1: there is no setting lisen')
    })
    const told = await readyz()
    const metrics = await (await fetch(`http://127.0.0.1:${gate.gateway.admin?.port}/metrics`)).text()
    const back = await gate.gateway.reload(() => gate.config)

    expect(refused).toMatchObject({ ok: false, reason: 'sallyport.yaml:3:1: there is no setting lisen' })
    expect(told).toMatchObject({ ready: true, revision: 'test-revision', reload: { ok: false } })
    expect(metrics).toContain('sallyport_reload_refused 1')
    expect(metrics).toContain('sallyport_events_total{event="config-refused"} 1')
    expect(gate.events.map(({ name }) => name).slice(-2)).toEqual(['config-refused', 'config-reloaded'])
    expect(back).toMatchObject({ ok: true, revision: 'test-revision' })
    expect(await readyz()).toMatchObject({ reload: { ok: true } })
  })

  it('F10: where a policy does not load', async () => {
    await open((url) => [testRoute(url)])

    const refused = await reload({ policies: [{ file: 'bad.cedar', text: 'permit (principal;' }] })

    expect(refused.ok).toBe(false)
    expect(await statusOf('/agent')).toBe(200)
  })

  it('F11: where the keys of an issuer cannot be had', async () => {
    await open((url) => [testRoute(url)])
    const issuers = gate.config.issuers.map((issuer) => ({
      ...issuer,
      keys: { kind: 'url', url: 'https://127.0.0.1:1/jwks', ca: undefined } as const,
    }))

    const refused = await reload({ issuers })

    expect(refused).toMatchObject({ ok: false, reason: 'signing keys of an issuer cannot be had' })
    expect(await statusOf('/agent')).toBe(200)
  })

  it('F17: where the certificate cannot be used', async () => {
    await open((url) => [testRoute(url)])

    const refused = await reload({ tls: { ...gate.config.tls, cert: 'nonsense' }, routes: [] })

    expect(refused).toMatchObject({ ok: false, reason: 'the certificate or its key cannot be used' })
    expect(await statusOf('/agent')).toBe(200)
  })
})

describe('F10: 100 reloads under load, a third of them broken', () => {
  it('fail no request and judge none by a mixture', { timeout: 120_000 }, async () => {
    await open((url) => [allowing(url, 'reader', 1)])
    const asker = { port: gate.port, ca: gate.ca, host: `localhost:${gate.port}` }
    const reading = startLoad({ ...asker, token: await gate.token() }, 8, '/agent')
    const strange = startLoad(
      { ...asker, token: await gate.token({ sub: 'eve', roles: ['guest'] }) },
      2,
      '/agent',
    )
    // A revision tells the number of the rule that must have decided.
    const taken: boolean[] = []
    for (let i = 1; i <= 100; i += 1) {
      const asked = reading.done.length
      const { ok } =
        i % 3 === 0
          ? await gate.gateway.reload(() => {
              throw new Error('broken')
            })
          : await gate.gateway.reload(() => ({
              ...gate.config,
              revision: `${i}-rule-${(i % 7) + 1}`,
              routes: [behind(i % 7, agent.url)],
            }))
      taken.push(ok)
      await settle(() => reading.done.length >= asked + 20)
    }
    await Promise.all([reading.stop(), strange.stop()])

    expect(taken.filter((ok) => ok)).toHaveLength(67)
    expect(reading.done.length).toBeGreaterThan(2_000)
    expect(reading.done.filter(({ status, whole }) => status !== 200 || !whole)).toEqual([])
    expect(strange.done.length).toBeGreaterThan(0)
    expect(strange.done.filter(({ status }) => status !== 403)).toEqual([])
    const decisions = gate.records().filter(({ kind }) => kind === 'decision')
    expect(new Set(decisions.map(({ revision }) => revision)).size).toBeGreaterThan(30)
    for (const { revision, policies } of decisions) {
      const [, rule = '1'] = /-rule-(\d)$/.exec(String(revision)) ?? []
      expect(policies).toEqual([`allow:agent:${rule}`])
    }
  })
})

/** A route whose rule for readers stands behind some for nobody. */
function behind(others: number, url: string): RouteConfig {
  const { allow, ...route } = testRoute(url)
  const nobody = Array.from({ length: others }, () => allow.map((rule) => ({ ...rule, roles: ['nobody'] })))
  return { ...route, allow: [...nobody.flat(), ...allow] }
}

describe('an open stream', () => {
  it('goes on over many reloads, and is given up by none', async () => {
    const ending = Promise.withResolvers<void>()
    agent = await startAgent((_seen, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
      void ending.promise.then(() => response.end('data: 2\n\n'))
    })
    gate = await startGate({ routes: [testRoute(agent.url)] })
    const one = await client()
    const asking = one.get('/agent')
    await settle(() => agent.seen.length === 1)

    for (let i = 0; i < 10; i += 1) await reload({ routes: [allowing(agent.url, 'reader', i)] })
    // The agent goes, and what went in since the stream began has ended: the stream still has its connection.
    await reload({ routes: [] })
    await new Promise((resolve) => setTimeout(resolve, 50))
    ending.resolve()
    const answer = await asking
    one.end()

    expect(answer.whole).toBe(true)
    expect(answer.body).toContain('data: 2')
  })
})
