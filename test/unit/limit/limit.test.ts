import Fastify from 'fastify'
import { describe, expect, it, vi } from 'vitest'
import type { Connection } from '../../../src/core/exchange.ts'
import type { Principal } from '../../../src/core/principal.ts'
import { type Gauge, routeLimiter } from '../../../src/limit/limiter.ts'
import { watchLoad } from '../../../src/limit/load.ts'
import { bodyMemory } from '../../../src/limit/memory.ts'
import { peerBudget } from '../../../src/limit/peers.ts'
import { rateCounters } from '../../../src/limit/rate.ts'
import { Denial } from '../../../src/problem/problems.ts'

const alice = { key: 'idp\nalice' } as Principal
const bob = { key: 'idp\nbob' } as Principal

async function limiter(
  over: Partial<{ requests: number; perPrincipal: number; route: number; all: Gauge }> = {},
) {
  const counters = await rateCounters(Fastify())
  const limits = {
    requests: { max: over.requests ?? 100, windowMs: 60_000 },
    concurrencyPerPrincipalMax: over.perPrincipal ?? 10,
    concurrencyMax: over.route ?? 10,
    bodyBytesMax: 1_024,
  }
  return routeLimiter(
    limits,
    counters(limits.requests.max, limits.requests.windowMs),
    over.all ?? { count: 0, max: 100 },
  )
}

function problemOf(result: unknown): string {
  return result instanceof Denial ? result.problem : 'granted'
}

describe('routeLimiter', () => {
  it('R44: refuses the request over the window, keyed on the principal alone', async () => {
    const limits = await limiter({ requests: 2 })

    const results = [
      await limits.take(alice),
      await limits.take(alice),
      await limits.take(alice),
      await limits.take(bob),
    ]

    expect(results.map(problemOf)).toEqual(['granted', 'granted', 'rate-exceeded', 'granted'])
  })

  it('R44: says policy, rest and reset in the fields of the draft', async () => {
    const limits = await limiter({ requests: 2 })

    const grant = await limits.take(alice)

    expect(grant).toMatchObject({
      fields: ['ratelimit-policy', '"requests";q=2;w=60', 'ratelimit', '"requests";r=1;t=60'],
    })
  })

  it('bounds what one principal holds at once, and lets it go on when something ends', async () => {
    const limits = await limiter({ perPrincipal: 1 })
    const first = await limits.take(alice)

    const second = await limits.take(alice)
    if (!(first instanceof Denial)) first.release()
    const third = await limits.take(alice)

    expect([first, second, third].map(problemOf)).toEqual(['granted', 'rate-exceeded', 'granted'])
  })

  it('bounds the route and the gateway as a whole', async () => {
    const all = { count: 0, max: 2 }
    const limits = await limiter({ route: 1, all })
    const other = await limiter({ all })

    const results = [
      await limits.take(alice),
      await limits.take(bob),
      await other.take(bob),
      await other.take(bob),
    ]

    expect(results.map(problemOf)).toEqual(['granted', 'overloaded', 'granted', 'overloaded'])
  })

  it('gives back once, however often it is asked', async () => {
    const all = { count: 0, max: 2 }
    const limits = await limiter({ all })
    const grant = await limits.take(alice)
    if (grant instanceof Denial) throw new Error('not granted')

    grant.release()
    grant.release()

    expect(all.count).toBe(0)
  })

  it('refuses when the plugin says anything but a plain pass', async () => {
    const counters = await rateCounters({
      register: async () => {},
      createRateLimit: () => async () => ({ isAllowed: true }),
    })

    expect((await counters(1, 1_000)('x')).exceeded).toBe(true)
  })
})

describe('peerBudget', () => {
  const from = (peer: string, trusted = false, named = false): Connection => ({
    peer,
    network: peer,
    trusted,
    named,
    servername: undefined,
    tlsVersion: 'TLSv1.3',
  })

  it('spends a burst, then refills with time', () => {
    const budget = peerBudget(2)

    const waits = [0, 0, 0, 500].map((nowMs) => budget.take(from('192.0.2.1'), nowMs))

    expect(waits).toEqual([0, 0, 500, 0])
  })

  it('keeps peers apart and lets balancers pass', () => {
    const budget = peerBudget(1)

    const waits = [
      from('192.0.2.1'),
      from('192.0.2.2'),
      from('192.0.2.1'),
      from('10.0.0.1', true),
      from('10.0.0.1', true),
    ].map((peer) => budget.take(peer, 0) > 0)

    expect(waits).toEqual([false, false, true, false, false])
  })

  it('has one for each client that a balancer names', () => {
    const budget = peerBudget(1)

    const waits = [from('192.0.2.1', true, true), from('192.0.2.1', true, true)].map(
      (peer) => budget.take(peer, 0) > 0,
    )

    expect(waits).toEqual([false, true])
  })

  it('does not forget a spent peer when 100,000 newcomers come', () => {
    const budget = peerBudget(1)
    budget.take(from('192.0.2.1'), 0)

    for (let i = 0; i < 100_100; i += 1) budget.take(from(`n${i}`), 1)

    expect(budget.take(from('192.0.2.1'), 2)).toBeGreaterThan(0)
    expect(budget.take(from('another'), 2_000)).toBe(0)
  })

  it('is not refilled by a clock that steps back', () => {
    const budget = peerBudget(1)
    budget.take(from('192.0.2.1'), 5_000)

    expect(budget.take(from('192.0.2.1'), 1_000)).toBeGreaterThan(0)
  })
})

describe('bodyMemory', () => {
  it('R45: reserves up to the budget and no further', () => {
    const memory = bodyMemory(100)

    const reserved = [memory.reserve('a', 60), memory.reserve('b', 60), memory.reserve('b', 40)]
    memory.release('a', 60)

    expect(reserved).toEqual([true, false, true])
    expect(memory.usedBytes).toBe(40)
  })

  it('R45: leaves half of it to others when one principal sends many bodies', () => {
    const memory = bodyMemory(100)

    const greedy = [memory.reserve('a', 30), memory.reserve('a', 20), memory.reserve('a', 1)]
    const other = memory.reserve('b', 50)
    memory.release('a', 20)
    memory.release('b', 50)

    expect(greedy).toEqual([true, true, false])
    expect(other).toBe(true)
    expect(memory.reserve('a', 20)).toBe(true)
  })

  it('takes one body that is larger than half, for the operator allowed it', () => {
    const memory = bodyMemory(100)

    expect([memory.reserve('a', 100), memory.reserve('b', 1)]).toEqual([true, false])
  })
})

describe('watchLoad', () => {
  it('sheds once the event loop is late twice in a row, and takes work again when it is not', () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'performance'] })
    const seen: string[] = []
    const load = watchLoad(100, { event: (name) => seen.push(name) })
    const start = performance.now()
    const at = (ms: number): boolean => {
      const spy = vi.spyOn(performance, 'now').mockReturnValue(start + ms)
      vi.advanceTimersByTime(50)
      spy.mockRestore()
      return load.shedding
    }

    const shedding = [at(50), at(500), at(550), at(1_000), at(1_500), at(1_550)]
    load.close()
    vi.useRealTimers()

    expect(shedding).toEqual([false, false, false, false, true, false])
    expect(seen).toEqual(['overloaded'])
  })
})
