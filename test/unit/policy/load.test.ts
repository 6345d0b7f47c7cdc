import { checkParseSchema } from '@cedar-policy/cedar-wasm/nodejs'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decide } from '../../../src/policy/decide.ts'
import { loadPolicies } from '../../../src/policy/load.ts'
import { load, problemsOf, query, route, rule, transfer } from '../../fixtures/policy.ts'

describe('loadPolicies', () => {
  it('counts allow rules and policies of files', () => {
    expect(load('forbid (principal, action, resource) when { context.path == "/x" };').count).toBe(3)
  })

  it('denies everything when there is no policy at all', () => {
    const policies = load('', [route('chat')])

    expect(decide(policies, query({ action: 'use' })).effect).toBe('forbid')
  })

  it('loads without routes', () => {
    expect(loadPolicies([], []).count).toBe(0)
  })

  it('names policies by @id, or by file and number', () => {
    const policies = load(`@id("night") forbid (principal, action, resource) when { context.path == "/x" };
forbid (principal, action, resource) when { context.path == "/y" };`)

    expect(policies.describe('night')?.line).toBe(1)
    expect(policies.describe('site:2')).toMatchObject({ file: 'policies/site.cedar', line: 2 })
    expect(policies.describe('nobody')).toBeUndefined()
  })

  it('reports all problems at once', () => {
    const problems = problemsOf(
      'permit (principal, action, resource) when { context.a };\nforbid (principal;',
    )

    expect(problems.map(({ line }) => line)).toContain(2)
  })
})

describe('a policy is refused with its place and a fix:', () => {
  it.each([
    [
      'an unknown attribute',
      'forbid (principal, action, resource) when { context.metod == "x" };',
      45,
      'did you mean `method`?',
    ],
    ['an unknown action', 'forbid (principal, action == Action::"tools/cal", resource);', 30, 'did you mean'],
    ['an unknown route', 'forbid (principal, action, resource == Route::"chatt");', 40, '"chat", "tools"'],
    ['an unknown type', 'forbid (principal, action, resource == Rout::"chat");', 40, 'did you mean `Route`?'],
    [
      'a tool of no route',
      'forbid (principal, action, resource == Tool::"x/y");',
      40,
      'routes are chat, tools',
    ],
    [
      'a subject without its issuer',
      'forbid (principal == Principal::"al", action, resource);',
      22,
      'context.principal.issuer',
    ],
    [
      'an optional attribute unasked',
      'forbid (principal, action == Action::"tools/call", resource) when { context.args.a < 3 };',
      69,
      'has a',
    ],
    [
      'arguments in the route phase',
      'forbid (principal, action, resource) when { context.args has a };',
      45,
      '',
    ],
    ['a syntax error', 'forbid (principal, action, resource) when { context.method == };', 63, 'expected'],
    ['a template', 'permit (principal == ?principal, action, resource);', 22, 'template'],
    [
      'a policy that never matches',
      'forbid (principal, action, resource == Principal::"a\\nb");',
      1,
      'never matches',
    ],
    [
      'a condition that is never true',
      'forbid (principal, action, resource) when { 1 == 2 };',
      1,
      'never matches',
    ],
    [
      'a type that does not fit',
      'forbid (principal, action, resource) when { context.method == 3 };',
      45,
      'compatible types',
    ],
    ['the whole context', 'forbid (principal, action, resource) when { context == {} };', 1, 'context.NAME'],
    [
      'text that reads backwards',
      'forbid (principal, action, resource) when { context.method == "a\u202e" };',
      63,
      'never matches',
    ],
    [
      'an id that cannot stand in a header',
      '@id("a\\r\\nb") forbid (principal, action, resource);',
      1,
      '@id',
    ],
  ])('%s', (_what, text, column, hint) => {
    const [problem] = problemsOf(text)

    expect(problem).toMatchObject({ file: 'policies/site.cedar', line: 1, column })
    expect(problem?.hint).toContain(hint)
    expect(problem?.hint).not.toBe('')
  })

  it('counts columns in characters, not in bytes of UTF-8', () => {
    const [problem] = problemsOf(
      '// é\n\n  forbid (principal, action, resource) when { "é" == context.metod };',
    )

    expect(problem).toMatchObject({ line: 3, column: 54 })
  })

  it('an id that stands twice, over files and allow rules', () => {
    const text = 'forbid (principal, action, resource) when { context.path == "/x" };'
    const problems = problemsOf(`@id("a") ${text}\n@id("a") ${text}\n@id("allow:chat:1") ${text}`)

    expect(problems.map(({ line, message }) => [line, message])).toEqual([
      [2, 'a policy with the id a stands already at policies/site.cedar:1'],
      [3, 'a policy with the id allow:chat:1 stands already at sallyport.yaml:7'],
    ])
  })

  it('an action that its route does not have', () => {
    const routes = [route('chat', { allow: [rule(['a'])] }), route('claude', { protocol: 'anthropic' })]
    const [problem] = problemsOf(
      'forbid (principal, action == Action::"messages", resource == Route::"chat");',
      routes,
    )

    expect(problem?.message).toBe('no route has the action and resource that this policy names')
    expect(problem?.hint).toContain('claude: messages')
  })

  it('a route name with a slash, which would make two tools one', () => {
    expect(problemsOf('', [route('a/b', { allow: [rule(['x'])] })])).toMatchObject([
      { file: 'sallyport.yaml' },
    ])
  })
})

describe('the route phase', () => {
  const permit = 'permit (principal, action == Action::"chat/completions", resource == Route::"chat");'

  it('makes a permit of an operation unreachable on its own: refused, with the fix', () => {
    const [problem] = problemsOf(permit, [route('chat')])

    expect(problem?.message).toContain('this permit can never decide')
    expect(problem?.hint).toContain('action in [Action::"use"')
  })

  it('is answered by a permit that names both', () => {
    const both = permit.replace('==', 'in [Action::"use",').replace('", resource', '"], resource')
    const policies = load(both, [route('chat')])

    expect(decide(policies, query({ action: 'use' })).effect).toBe('permit')
    expect(decide(policies, query()).effect).toBe('permit')
  })

  it('is answered by an allow rule beside it', () => {
    expect(load(permit).count).toBe(3)
  })

  it('is left alone by a forbid of the group of calls', () => {
    const policies = load('forbid (principal, action in Action::"call", resource in Route::"chat");')

    expect(decide(policies, query({ action: 'use' })).effect).toBe('permit')
    expect(decide(policies, query()).effect).toBe('forbid')
    expect(decide(policies, query({ action: 'tools/call', tool: 'x' })).effect).toBe('forbid')
  })
})

describe('the published schema', () => {
  it('is one that Cedar reads', () => {
    const { schemaText } = load('', [route('chat'), route('triage', { protocol: 'http' })])

    expect(checkParseSchema(schemaText)).toEqual({ type: 'success' })
    expect(schemaText).toContain('entity Route enum ["chat", "triage"]')
    expect(schemaText).toContain('action "POST" in [Action::"call"]')
  })

  it('types arguments as the policies use them', () => {
    const { schemaText } = load(
      'forbid (principal, action == Action::"tools/call", resource) when { context.args has to.name && context.args.to.name like "a*" };',
    )

    expect(schemaText).toContain('type Args = { "to"?: { "name"?: String } };')
  })
})

describe('config/policies/site.cedar', () => {
  const text = readFileSync(new URL('../../../config/policies/site.cedar', import.meta.url), 'utf8')
  const everybody = [rule(['reader', 'operator', 'admin'])]
  const routes = [
    route('chat', { allow: everybody }),
    route('triage', { protocol: 'http', allow: everybody }),
  ]

  it('lets a reader chat, but not with the costly models', () => {
    const policies = load(text, routes)

    expect(decide(policies, query({ model: 'gpt-5' })).effect).toBe('permit')
    expect(decide(policies, query({ model: 'gpt-5-pro' })).determining).toEqual(['costly-models'])
    expect(decide(policies, query({ model: 'gpt-5-pro', by: { roles: ['admin'] } })).effect).toBe('permit')
  })

  it('shuts out the suspended from the first question on', () => {
    const policies = load(text, routes)
    const by = { roles: ['admin', 'suspended'] }

    expect(decide(policies, query({ action: 'use', by })).determining).toEqual(['suspended'])
    expect(decide(policies, query({ action: 'POST', route: 'triage', by })).determining).toEqual([
      'suspended',
    ])
  })

  it('shows an argument condition that holds once its bars are taken away', () => {
    const tools = route('tools', { allow: everybody })
    const policies = load(text.replaceAll('//| ', ''), [...routes, tools])

    expect(decide(policies, transfer({ amount: 1000 })).effect).toBe('permit')
    expect(decide(policies, transfer({ amount: 1001 })).determining).toEqual(['payments-limit'])
  })
})
