import { statefulIsAuthorized, preparsePolicySet, validate } from '@cedar-policy/cedar-wasm/nodejs'
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/core/json.ts'
import type { Query } from '../../src/core/query.ts'
import { decide } from '../../src/policy/decide.ts'
import { load, problemsOf, query, route, rule, transfer } from '../fixtures/policy.ts'

const limit = load(`@id("payments-limit")
forbid (principal, action == Action::"tools/call", resource == Tool::"tools/transfer")
unless { context.args has amount && context.args.amount <= 1000 };`)

const noOverflow = load(`@id("overflow")
forbid (principal, action == Action::"tools/call", resource == Tool::"tools/transfer")
when { context.args has amount && context.args.amount * 9007199254740991 > 5 };`)

describe('a forbid that errs', () => {
  it('leaves Cedar itself at "allow" (the trap)', () => {
    const staticPolicies = {
      all: 'permit (principal, action, resource);',
      no: 'forbid (principal, action, resource) when { context.missing };',
    }
    preparsePolicySet('trap', { staticPolicies })
    const uid = { type: 'T', id: 'x' }

    const answer = statefulIsAuthorized({
      principal: uid,
      action: { type: 'Action', id: 'x' },
      resource: uid,
      context: {},
      preparsedPolicySetId: 'trap',
      entities: [],
    })

    expect(answer).toMatchObject({ type: 'success', response: { decision: 'allow' } })
  })

  it('is a denial here, which names the policy and the error', () => {
    const decision = decide(noOverflow, transfer({ amount: 9_007_199_254_740_991 }))

    expect(decision).toMatchObject({ effect: 'forbid', determining: ['overflow'] })
    expect(decision.errors[0]).toContain('overflow')
  })

  it('stays out of the way when it does not err', () => {
    expect(decide(noOverflow, transfer({ amount: -1 })).effect).toBe('permit')
  })
})

describe("Cedar's escapes in a caller's arguments", () => {
  const owner = load(`forbid (principal, action == Action::"tools/call", resource == Tool::"tools/transfer")
unless { context.args has from && context.args.from == context.principal.subject };`)

  it.each<[string, Json]>([
    ['an entity', { __entity: { type: 'Route', id: 'tools' } }],
    ['an extension value', { __extn: { fn: 'decimal', arg: '1.0' } }],
    ['an expression', { __expr: 'Route::"tools"' }],
    ['an entity in a list', [{ __entity: { type: 'Route', id: 'tools' } }]],
    ['an escape beside other members', { a: 1, __extn: null }],
  ])('deny the call: %s', (_what, value) => {
    expect(decide(limit, transfer({ amount: value })).effect).toBe('forbid')
    expect(decide(limit, transfer({ amount: 1, note: value })).errors[0]).toContain(
      'arguments hold the member',
    )
  })

  it('deny the call even where no policy reads arguments', () => {
    const decision = decide(load(''), transfer({ x: { __entity: { type: 'Route', id: 'tools' } } }))

    expect(decision).toMatchObject({ effect: 'forbid', errors: ['arguments hold the member __entity'] })
  })

  it('are told from look-alikes', () => {
    expect(decide(owner, transfer({ from: 'alice', note: '__entity', entity: 1 })).effect).toBe('permit')
  })
})

describe('numbers', () => {
  it.each([0, 1000, -5])('%d is a Long', (amount) => {
    expect(decide(limit, transfer({ amount })).effect).toBe('permit')
  })

  it.each([1000.5, 999.99, 1e300, 2 ** 53, 1e-7])('%d where a Long is meant is denied', (amount) => {
    expect(decide(limit, transfer({ amount })).effect).toBe('forbid')
  })

  it('are decimals where the policy says decimal, whole or not', () => {
    const cents = load(`forbid (principal, action == Action::"tools/call", resource == Tool::"tools/transfer")
unless { context.args has amount && context.args.amount.lessThanOrEqual(decimal("99.50")) };`)

    expect([99.5, 5, 99.5001, 99.49999].map((amount) => decide(cents, transfer({ amount })).effect)).toEqual([
      'permit',
      'permit',
      'forbid',
      'forbid',
    ])
  })
})

describe('null', () => {
  it('is an absent argument', () => {
    const optional =
      load(`forbid (principal, action == Action::"tools/call", resource == Tool::"tools/transfer")
when { context.args has note };`)

    expect(decide(optional, transfer({ note: null })).effect).toBe('permit')
    expect(decide(optional, transfer({ note: '' })).effect).toBe('forbid')
    expect(decide(limit, transfer({ amount: null })).determining).toEqual(['payments-limit'])
  })
})

describe('a value of another type', () => {
  // Cedar: "x" == ["x"] is false, no error. A forbid on the string would step aside.
  it.each<Json>([['evil'], { evil: true }, 5, true])('does not step around a forbid: %j', (to) => {
    const noEvil =
      load(`forbid (principal, action == Action::"tools/call", resource == Tool::"tools/transfer")
when { context.args has to && context.args.to == "evil" };`)

    expect(decide(noEvil, transfer({ to: 'good' })).effect).toBe('permit')
    expect(decide(noEvil, transfer({ to })).effect).toBe('forbid')
  })
})

describe('an exception out of the engine', () => {
  // Some 1,500 of them use up its stack for good: then it denies everybody, until a restart.
  const TIMES = 5_000
  const named = load(`forbid (principal, action, resource) when { context has model && context.model == "x" };
forbid (principal, action, resource) when { context.principal.subject == "mallory" || context.path == "/x" };
forbid (principal, action == Action::"tools/call", resource) when { context has args.s && context.args.s == "x" };`)
  let deep: Json = 'x'
  for (let level = 0; level < 300; level += 1) deep = [deep]

  it.each<[string, Query]>([
    ['the model', query({ model: '\ud800' })],
    ['the tool', query({ action: 'tools/call', tool: 'a\udc00b' })],
    ['the path', query({ path: '/\ud800' })],
    ['the subject', query({ by: { subject: '\ud800' } })],
    ['a role', query({ by: { roles: ['reader', '\udfff'] } })],
    ['an argument', transfer({ s: '\ud800' })],
    ['the depth of an argument', transfer({ s: deep })],
  ])('cannot be caused by %s, however often', (_what, asked) => {
    const effects = new Set<string>()
    const errors = new Set<string>()
    for (let time = 0; time < TIMES; time += 1) {
      const decision = decide(named, asked)
      effects.add(decision.effect)
      for (const error of decision.errors) errors.add(error)
    }

    expect([...effects]).toEqual(['forbid'])
    expect([...errors].join()).not.toContain('the policy engine failed')
    expect(decide(named, query({ model: '\u{1f600}', path: `/${Math.random()}` })).effect).toBe('permit')
  })

  it('cannot be caused by an allow rule either: half a pair is refused at load', () => {
    const problems = problemsOf('', [route('chat', { allow: [rule(['\ud800'])] })])

    expect(problems).toMatchObject([{ line: 7, message: 'the text holds half a surrogate pair' }])
  })
})

describe('loading', () => {
  it('a set with validation errors is "success" to Cedar (the trap), and refused here', () => {
    const text = 'forbid (principal, action, resource) when { context.nothing == 1 };'
    const answer = validate({ schema: load('').schemaText, policies: { staticPolicies: { a: text } } })

    expect(answer.type).toBe('success')
    expect(problemsOf(text)).toMatchObject([{ message: expect.stringContaining('nothing') }])
  })

  it('keeps the ids of several policies in one file', () => {
    const policies =
      load(`@id("one") forbid (principal, action, resource) when { context.peer == "192.0.2.9" };
@id("two") forbid (principal, action, resource) when { context.peer == "192.0.2.9" };`)

    expect(decide(policies, query({ peer: '192.0.2.9' })).determining).toEqual(['one', 'two'])
  })

  it('refuses templates, which would be loaded and never apply', () => {
    expect(problemsOf('forbid (principal, action, resource == ?resource);')).toHaveLength(1)
  })
})

describe('what is not known', () => {
  it.each<[string, Parameters<typeof query>[0]]>([
    ['route', { route: 'nowhere' }],
    ['operation', { action: 'messages' }],
    ['the group as an operation', { action: 'call' }],
    ['a route by an inherited name', { route: 'constructor' }],
    ['an operation by an inherited name', { action: '__proto__' }],
    ['a tool in the route phase', { action: 'use', tool: 'x' }],
  ])('is denied: %s', (_what, ask) => {
    expect(decide(load(''), query(ask)).effect).toBe('forbid')
  })

  it('does not make a tool of one route a tool of another', () => {
    const ask = query({ action: 'tools/call', route: 'chat', tool: '../tools/transfer', args: {} })

    expect(decide(limit, ask).determining).toEqual(['allow:chat:1'])
    expect(decide(limit, transfer({})).determining).toEqual(['payments-limit'])
  })
})

it('depth beyond what Cedar reads is denied before Cedar sees it', () => {
  let deep: Json = 'x'
  for (let level = 0; level < 5_000; level += 1) deep = [deep]
  const args: JsonObject = { amount: 1, deep }

  expect(decide(limit, transfer(args)).errors[0]).toContain('nested deeper')
  expect(decide(limit, transfer({ amount: 1, deep: [['x']] })).effect).toBe('permit')
})
