import { policyToJson } from '@cedar-policy/cedar-wasm/nodejs'
import { describe, expect, it } from 'vitest'
import { ArgTyping, recordType } from '../../../src/policy/arg-types.ts'
import { conditionsOf } from '../../../src/policy/term.ts'
import { problemsOf } from '../../fixtures/policy.ts'

function learnt(...conditions: string[]): string {
  const typing = new ArgTyping()
  for (const condition of [...conditions, ...conditions]) {
    const answer = policyToJson(`permit (principal, action, resource) when { ${condition} };`)
    if (answer.type === 'failure') throw new Error(answer.errors[0]?.message)
    for (const term of conditionsOf(answer.json)) typing.learn(term)
  }
  return recordType(typing.types)
}

describe('ArgTyping', () => {
  it.each([
    ['context.args.a <= 1000', 'Long'],
    ['context.args.a + 1 == 3', 'Long'],
    ['-context.args.a == 3', 'Long'],
    ['context.args.a like "x*"', 'String'],
    ['context.args.a == "x"', 'String'],
    ['"x" != context.args.a', 'String'],
    ['context.args.a == context.principal.subject', 'String'],
    ['context.args.a', 'Bool'],
    ['!context.args.a', 'Bool'],
    ['if context.args.a then true else false', 'Bool'],
    ['context.args.a.lessThan(decimal("1.5"))', 'decimal'],
    ['context.args.a == decimal("1.5")', 'decimal'],
    ['context.args.a.contains("x")', 'Set<String>'],
    ['["x", "y"].contains(context.args.a)', 'String'],
    ['context.principal.roles.contains(context.args.a)', 'String'],
    ['context.args.a.containsAll([1, 2])', 'Set<Long>'],
    ['context.principal.roles.containsAny(context.args.a)', 'Set<String>'],
    ['context.args has a', 'String'],
    ['context has args.a', 'String'],
    ['context.args.a == context.args.a', 'String'],
    ['context.args.a.b.c > 1', '{ "b"?: { "c"?: Long } }'],
    ['context.args has a.b && context.args.a.b == true', '{ "b"?: Bool }'],
    ['context.args["a"] == 1', 'Long'],
  ])('learns from %s', (condition, type) => {
    expect(learnt(condition)).toBe(`{ "a"?: ${type} }`)
  })

  it('learns from a later policy what an earlier one left open', () => {
    expect(learnt('context.args.a == context.args.b', 'context.args.b == 1')).toBe(
      '{ "a"?: Long, "b"?: Long }',
    )
  })

  it('quotes names', () => {
    expect(learnt('context.args["a b\\""] == 1')).toBe(String.raw`{ "a b\""?: Long }`)
  })
})

describe('an argument used with two types', () => {
  const forbid = (condition: string) =>
    `forbid (principal, action == Action::"tools/call", resource) when { ${condition} };\n`

  it.each([
    ['context has args.a && context.args.a < 3', 'context has args.a && context.args.a like "x"'],
    ['context has args.a && context.args.a < 3', 'context has args.a.b && context.args.a.b == 1'],
    ['context has args.a.b && context.args.a.b == 1', 'context has args.a && context.args.a == "x"'],
  ])('is refused at the later place: %s, %s', (first, second) => {
    const problems = problemsOf(forbid(first) + forbid(second))

    expect(problems.some(({ line, message }) => line === 2 && message.includes('another type'))).toBe(true)
  })
})
