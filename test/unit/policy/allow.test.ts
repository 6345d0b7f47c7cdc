import { describe, expect, it } from 'vitest'
import { decide } from '../../../src/policy/decide.ts'
import { type Ask, load, problemsOf, query, route, rule } from '../../fixtures/policy.ts'
import type { AllowRule, RouteConfig } from '../../../src/core/config.ts'

function effect(allow: readonly AllowRule[], ask: Ask, more: Partial<RouteConfig> = {}): string {
  return decide(load('', [route('chat', { ...more, allow })]), query(ask)).effect
}

describe('an allow rule', () => {
  const reader = rule(['reader', 'operator'])

  it('permits each of its roles', () => {
    expect(effect([reader], { by: { roles: ['operator', 'x'] } })).toBe('permit')
  })

  it.each([[[]], [['Reader']], [['reader ']], [['read', 'er']]])('does not permit the roles %j', (roles) => {
    expect(effect([reader], { by: { roles } })).toBe('forbid')
  })

  it('is named in the decision by route and number, and described by its place', () => {
    const policies = load('', [route('chat', { allow: [rule(['admin']), rule(['reader'], { line: 12 })] })])

    const { determining } = decide(policies, query())

    expect(determining).toEqual(['allow:chat:2'])
    expect(policies.describe('allow:chat:2')).toMatchObject({ file: 'sallyport.yaml', line: 12 })
  })

  it('says nothing of other routes', () => {
    const routes = [route('chat', { allow: [reader] }), route('ops', { allow: [rule(['operator'])] })]
    const policies = load('', routes)

    expect(decide(policies, query({ route: 'ops' })).effect).toBe('forbid')
  })

  it('holds for every tool of its route', () => {
    expect(effect([reader], { action: 'tools/call', tool: 'search' })).toBe('permit')
  })
})

describe('an allow rule with methods', () => {
  const readOnly = [rule(['reader'], { methods: ['GET'] })]

  it.each(['use', 'GET'])('permits its method for %s', (action) => {
    expect(effect(readOnly, { action, method: 'GET' }, { protocol: 'http' })).toBe('permit')
  })

  it.each(['use', 'POST'])('forbids another method for %s', (action) => {
    expect(effect(readOnly, { action, method: 'POST' }, { protocol: 'http' })).toBe('forbid')
  })

  it('is refused when the route does not accept the method', () => {
    const [problem] = problemsOf('', [route('chat', { allow: [rule(['reader'], { methods: ['PUT'] })] })])

    expect(problem).toMatchObject({ file: 'sallyport.yaml', line: 7, hint: 'its methods are GET, POST' })
  })
})

describe('an allow rule with models', () => {
  const small = [rule(['reader'], { models: ['gpt-5-mini', 'claude-*'] })]

  it('leaves the route open, for the model is not known yet', () => {
    expect(effect(small, { action: 'use' })).toBe('permit')
  })

  it.each(['gpt-5-mini', 'claude-haiku'])('permits %s', (model) => {
    expect(effect(small, { model })).toBe('permit')
  })

  it.each(['gpt-5', 'GPT-5-mini', 'x-claude-', undefined])('forbids %s', (model) => {
    expect(effect(small, { model })).toBe('forbid')
  })

  it('permits none with an empty list', () => {
    expect(effect([rule(['reader'], { models: [] })], { model: 'gpt-5' })).toBe('forbid')
  })
})

describe('an allow rule with tools', () => {
  const lookUp = [rule(['reader'], { tools: ['get_*'] })]

  it('permits a tool that matches', () => {
    expect(effect(lookUp, { action: 'tools/call', tool: 'get_time' })).toBe('permit')
  })

  it.each(['set_time', 'forget_it', '', undefined])('forbids %j', (tool) => {
    const ask = tool === undefined ? {} : { tool }
    expect(effect(lookUp, { action: 'tools/call', ...ask })).toBe('forbid')
  })
})

describe('an allow rule with operations', () => {
  it.each(['chat/completions', 'chat/*', '*'])('permits what %s matches, and the route', (glob) => {
    const allow = [rule(['reader'], { operations: [glob] })]

    expect(effect(allow, {})).toBe('permit')
    expect(effect(allow, { action: 'use' })).toBe('permit')
  })

  it('forbids the others', () => {
    expect(effect([rule(['reader'], { operations: ['chat/*'] })], { action: 'tools/call' })).toBe('forbid')
  })

  it('is refused when it matches none', () => {
    const [problem] = problemsOf('', [
      route('chat', { allow: [rule(['reader'], { operations: ['mesages'] })] }),
    ])

    expect(problem).toMatchObject({
      line: 7,
      message: 'no operation of route chat matches mesages',
      hint: 'its operations are chat/completions, responses, completions, embeddings, models, tools/call',
    })
  })
})

it('refuses an allow rule without roles: it would permit nobody, or everybody by a bug', () => {
  expect(problemsOf('', [route('chat', { allow: [rule([])] })])).toMatchObject([
    { line: 7, message: 'this allow rule names no role' },
  ])
})
