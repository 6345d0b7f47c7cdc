import { isAuthorized, type Context } from '@cedar-policy/cedar-wasm/nodejs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Query } from '../../src/core/query.ts'
import { decide } from '../../src/policy/decide.ts'
import { loadPolicies } from '../../src/policy/load.ts'
import type { Policies } from '../../src/policy/policies.ts'
import { PolicyLoadError } from '../../src/policy/problems.ts'
import { type Ask, query, route, rule } from '../fixtures/policy.ts'

const RUNS = { numRuns: 60 }
const ROUTES = ['chat', 'tools']
const TOOLS = ['t', 'u', 'v']

const effects = fc.constantFrom('permit', 'forbid')

const actions = fc.constantFrom(
  'action',
  'action == Action::"use"',
  'action == Action::"tools/call"',
  'action in Action::"call"',
  'action in [Action::"use", Action::"chat/completions"]',
  'action in [Action::"use", Action::"call"]',
)

const resources = fc.constantFrom(
  'resource',
  'resource == Route::"chat"',
  'resource in Route::"tools"',
  'resource is Tool',
  'resource is Route',
  'resource is Tool in Route::"tools"',
  'resource == Tool::"tools/t"',
  'resource in Tool::"tools/u"',
  'resource == Tool::"chat/t"',
)

const conditions = fc.constantFrom(
  '',
  'when { context.principal.roles.contains("a") }',
  'unless { context.principal.roles.containsAny(["b", "c"]) }',
  'when { context.principal.subject == "alice" }',
  'when { context has model && context.model like "m*" }',
  'when { context has tool && context.tool == "u" }',
  'when { context has args.n && context.args.n > 3 }',
  'unless { context has args.s && context.args.s == "x" }',
  'when { context has args.n && context.args.n * 9007199254740991 > 0 }',
  'when { resource in Route::"tools" }',
  'when { action in Action::"call" && context.method == "POST" }',
)

const policy = fc
  .tuple(effects, actions, resources, conditions)
  .map(
    ([effect, action, resource, condition]) => `${effect} (principal, ${action}, ${resource})\n${condition};`,
  )
  .filter(loads)

// Heads and conditions that contradict each other are refused at load; remembered, for the same ones come again.
const loadable = new Map<string, boolean>()
function loads(text: string): boolean {
  const known = loadable.get(text)
  if (known !== undefined) return known
  try {
    open([text])
    loadable.set(text, true)
  } catch (error) {
    // Nothing else may be filtered: a slice that loses a policy shows as a refusal of ours ("no route has …").
    if (!(error instanceof PolicyLoadError) || !/impossible|applicable action/.test(error.message))
      throw error
    loadable.set(text, false)
  }
  return loadable.get(text) === true
}

const asks: fc.Arbitrary<Ask> = fc
  .record({
    route: fc.constantFrom(...ROUTES),
    action: fc.constantFrom('use', 'chat/completions', 'tools/call'),
    tool: fc.option(fc.constantFrom(...TOOLS), { nil: undefined }),
    model: fc.option(fc.constantFrom('m1', 'n1'), { nil: undefined }),
    method: fc.constantFrom('GET', 'POST'),
    roles: fc.subarray(['a', 'b', 'c', 'reader']),
    subject: fc.constantFrom('alice', 'bob'),
    args: fc.record(
      { n: fc.integer({ min: 0, max: 9_000 }), s: fc.constantFrom('x', 'y') },
      { requiredKeys: [] },
    ),
  })
  .map(({ tool, roles, subject, action, ...ask }) => {
    const named = tool === undefined || action === 'use' ? {} : { tool }
    return { ...ask, action, ...named, by: { roles, subject } }
  })

describe('policy', () => {
  it('decides with a slice as Cedar does with the whole set', () => {
    fc.assert(
      fc.property(
        fc.array(policy, { maxLength: 12 }),
        fc.array(asks, { minLength: 1, maxLength: 12 }),
        (texts, many) => {
          const policies = open(texts)
          for (const ask of many) {
            const asked = query(ask)
            expect(clean(decide(policies, asked))).toEqual(whole(texts, asked))
            // And from the cache, where there is one.
            expect(clean(decide(policies, asked))).toEqual(whole(texts, asked))
          }
        },
      ),
      RUNS,
    )
  })

  it('never permits without a permit', () => {
    fc.assert(
      fc.property(fc.array(policy, { maxLength: 8 }), asks, (texts, ask) => {
        const forbids = texts.filter((text) => text.startsWith('forbid'))
        const policies = loadPolicies(routes([]), [source(forbids)])

        expect(decide(policies, query(ask)).effect).toBe('forbid')
      }),
      RUNS,
    )
  })

  it('never permits more because of a further forbid', () => {
    fc.assert(
      fc.property(fc.array(policy, { maxLength: 8 }), policy, asks, (texts, more, ask) => {
        const before = decide(open(texts), query(ask)).effect
        const after = decide(open([...texts, more.replace(/^permit/, 'forbid')]), query(ask)).effect

        expect([before, after]).not.toEqual(['forbid', 'permit'])
      }),
      RUNS,
    )
  })

  it('never permits when a policy that matches errs', () => {
    fc.assert(
      fc.property(fc.array(policy, { maxLength: 8 }), asks, effects, (texts, ask, effect) => {
        const errs = `@id("errs") ${effect} (principal, action, resource)
when { -9223372036854775808 - (if context.method == "" then 0 else 1) == 0 };`
        const decision = decide(open([...texts, errs]), query(ask))

        expect(decision.effect).toBe('forbid')
        expect(decision.errors.join(' ')).toContain('errs')
      }),
      RUNS,
    )
  })
})

/** Both routes open to everybody with the role `reader`; the routes are open at all by a permit of each. */
function open(texts: readonly string[]): Policies {
  return loadPolicies(routes(['reader']), [source(texts)])
}

function routes(roles: readonly string[]) {
  return ROUTES.map((name) => route(name, { allow: roles.length === 0 ? [] : [rule(roles)] }))
}

function source(texts: readonly string[]) {
  return { file: 'p.cedar', text: texts.join('\n') }
}

/** The oracle: every policy, every entity, every attribute, no slice and no cache. */
function whole(texts: readonly string[], { principal, action, route, tool, context }: Query): object {
  const allows = ROUTES.map((name) => [
    `allow:${name}:1`,
    `permit (principal, action, resource in Route::"${name}") when { context.principal.roles.contains("reader") };`,
  ])
  const { issuer, subject, roles } = principal
  const record: Context = {
    principal: { issuer, subject, roles: [...roles], scopes: [] },
    method: context.method,
    path: context.path,
    peer: context.peer,
  }
  if (action !== 'use')
    Object.assign(record, { args: context.args ?? {} }, tool === undefined ? {} : { tool })
  if (action !== 'use' && context.model !== undefined) record['model'] = context.model
  const onRoute = { type: 'Route', id: route }
  const onTool = { type: 'Tool', id: `${route}/${tool}` }
  const calls = ['chat/completions', 'tools/call']

  const answer = isAuthorized({
    principal: { type: 'Principal', id: principal.key },
    action: { type: 'Action', id: action },
    resource: tool === undefined ? onRoute : onTool,
    context: record,
    policies: {
      staticPolicies: Object.fromEntries([
        ...texts.map((text, index) => [`p:${index + 1}`, text]),
        ...allows,
      ]),
    },
    entities: [
      { uid: onTool, attrs: {}, parents: [onRoute] },
      ...calls.map((id) => ({
        uid: { type: 'Action', id },
        attrs: {},
        parents: [{ type: 'Action', id: 'call' }],
      })),
    ],
  })
  if (answer.type === 'failure') throw new Error(answer.errors[0]?.message)
  const { decision, diagnostics } = answer.response
  const erring = diagnostics.errors.map(({ policyId }) => policyId)
  if (decision === 'allow' && erring.length === 0)
    return { effect: 'permit', determining: diagnostics.reason.sort() }
  const forbidding = decision === 'deny' ? diagnostics.reason : []
  return { effect: 'forbid', determining: [...new Set([...forbidding, ...erring])].sort() }
}

function clean({ effect, determining }: { effect: string; determining: readonly string[] }): object {
  return { effect, determining }
}
