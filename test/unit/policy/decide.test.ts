import { describe, expect, it } from 'vitest'
import { decide } from '../../../src/policy/decide.ts'
import { type Ask, load, query, transfer } from '../../fixtures/policy.ts'

const forbidAll = 'forbid (principal, action, resource)'

describe('decide', () => {
  it('R50: denies by default, without a policy to name', () => {
    const decision = decide(load(''), query({ by: { roles: [] } }))

    expect(decision).toEqual({ effect: 'forbid', determining: [], errors: [] })
  })

  it('lets one forbid outweigh every permit', () => {
    const policies = load(`permit (principal, action, resource);
@id("no") ${forbidAll} when { context.principal.subject == "alice" };`)

    expect(decide(policies, query())).toEqual({ effect: 'forbid', determining: ['no'], errors: [] })
    expect(decide(policies, query({ by: { subject: 'bob' } })).effect).toBe('permit')
  })

  it('names the policies that decided, sorted', () => {
    const policies = load(`@id("z") permit (principal, action, resource);
@id("A") permit (principal, action, resource);
@id("b") permit (principal, action, resource);`)

    expect(decide(policies, query()).determining).toEqual(['A', 'allow:chat:1', 'b', 'z'])
  })

  it.each<[string, Ask, Ask]>([
    ['context.principal.issuer == "https://evil"', { by: { issuer: 'https://evil' } }, {}],
    ['context.principal.subject == "mallory"', { by: { subject: 'mallory' } }, {}],
    ['context.principal.roles.contains("x")', { by: { roles: ['reader', 'x'] } }, {}],
    ['context.principal.scopes.contains("x")', { by: { scopes: ['x'] } }, { by: { scopes: ['y'] } }],
    ['context.principal has client && context.principal.client == "x"', { by: { clientId: 'x' } }, {}],
    ['!(context.principal has client)', {}, { by: { clientId: 'x' } }],
    ['context.method == "PUT"', { method: 'PUT' }, {}],
    ['context.path like "/x/*"', { path: '/x/y' }, { path: '/y/x/' }],
    ['context.peer == "192.0.2.66"', { peer: '192.0.2.66' }, {}],
    ['context has model && context.model == "m"', { model: 'm' }, { model: 'n' }],
    ['context has tool && context.tool == "t"', { tool: 't' }, { tool: 'u' }],
    [
      'principal == Principal::"i\\ns"',
      { by: { issuer: 'i', subject: 's' } },
      { by: { issuer: 's', subject: 'i' } },
    ],
    ['resource == Tool::"chat/t"', { tool: 't' }, {}],
    ['resource is Tool', { tool: 't' }, {}],
    ['resource in Route::"chat"', { tool: 't' }, { route: 'tools', tool: 't' }],
    ['action in Action::"call"', {}, { action: 'use' }],
    ['action == Action::"use"', { action: 'use' }, {}],
    ['context has args', {}, { action: 'use' }],
  ])('sees %s', (condition, hit, miss) => {
    const policies = load(`@id("hit") ${forbidAll} when { ${condition} };`)

    expect(decide(policies, query(hit)).determining).toEqual(['hit'])
    expect(decide(policies, query(miss)).effect).toBe('permit')
  })

  it.each<[string, Ask, Ask]>([
    ['principal == Principal::"i\\ns", action, resource', { by: { issuer: 'i', subject: 's' } }, {}],
    ['principal, action in [Action::"use", Action::"tools/call"], resource', { action: 'use' }, {}],
    ['principal, action in Action::"call", resource', { tool: 't' }, { action: 'use' }],
    ['principal, action, resource == Route::"chat"', {}, { tool: 't' }],
    ['principal, action, resource in Route::"chat"', { tool: 't' }, { route: 'tools' }],
    ['principal, action, resource is Route', {}, { tool: 't' }],
    ['principal, action, resource is Tool', { tool: 't' }, {}],
    ['principal, action, resource is Tool in Route::"chat"', { tool: 't' }, { tool: 't', route: 'tools' }],
    ['principal, action, resource == Tool::"chat/t"', { tool: 't' }, { tool: 'tt' }],
    ['principal, action, resource in Tool::"chat/t"', { tool: 't' }, {}],
  ])('holds the head (%s)', (head, hit, miss) => {
    const policies = load(`@id("hit") forbid (${head});`)

    expect(decide(policies, query(hit)).determining).toEqual(['hit'])
    expect(decide(policies, query(miss)).effect).toBe('permit')
  })

  it('adds the policies of a named tool to those of any tool', () => {
    const policies = load(`@id("one") forbid (principal, action, resource == Tool::"tools/transfer");
@id("all") forbid (principal, action, resource is Tool);`)

    expect(decide(policies, transfer({})).determining).toEqual(['all', 'one'])
    expect(decide(policies, query({ action: 'tools/call', route: 'tools', tool: 'x' })).determining).toEqual([
      'all',
    ])
  })
})

describe('the decision cache', () => {
  it('answers the same question with the same decision', () => {
    const policies = load('')

    expect(decide(policies, query())).toBe(decide(policies, query()))
  })

  it('leaves out of the key what no policy reads', () => {
    const policies = load('')
    const other = query({ path: '/other', peer: '192.0.2.77', by: { subject: 'bob' } })

    expect(decide(policies, other)).toBe(decide(policies, query()))
  })

  it.each<[Ask, Ask]>([
    [{ by: { roles: ['reader', 'x'] } }, { by: { roles: ['reader,x'] } }],
    [{ by: { roles: ['a', 'b'] } }, { by: { roles: ['a1:b'] } }],
    [{ by: { roles: ['a', 'b'], scopes: [] } }, { by: { roles: ['a'], scopes: ['b'] } }],
    [{ by: { roles: [''] } }, { by: { roles: [] } }],
    [{ model: '-' }, {}],
    [{ model: '' }, {}],
    [{ action: 'use' }, {}],
    [{ tool: '' }, {}],
  ])('does not take %j for %j', (one, other) => {
    const policies = load(`@id("no") ${forbidAll}
when { context.principal.roles.contains("x,") || context.principal.scopes.contains("x,") || (context has model && context.model == "x,") };`)
    decide(policies, query(one))
    const { size } = policies.cache

    decide(policies, query(other))

    expect(policies.cache.size).toBe(size + 1)
  })

  it('is not used where arguments are read', () => {
    const policies = load(`forbid (principal, action == Action::"tools/call", resource)
unless { context.args has ok && context.args.ok };`)

    expect(decide(policies, transfer({ ok: true })).effect).toBe('permit')
    expect(decide(policies, transfer({ ok: false })).effect).toBe('forbid')
    expect(policies.cache.size).toBe(0)
  })

  it('is not filled by very long values', () => {
    const policies = load(`@id("no") ${forbidAll} when { context has model && context.model like "*x" };`)

    expect(decide(policies, query({ model: 'y'.repeat(100_000) })).effect).toBe('permit')
    expect(policies.cache.size).toBe(0)
  })

  it('has nothing of the policies before a reload', () => {
    const before = load('')
    const after = load(`@id("no") ${forbidAll} when { context.peer like "*" };`)

    expect(decide(before, query()).effect).toBe('permit')
    expect(decide(after, query()).effect).toBe('forbid')
    expect(decide(before, query()).effect).toBe('permit')
  })
})
