import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/core/json.ts'
import { decide } from '../../src/policy/decide.ts'
import { load, query, transfer } from '../fixtures/policy.ts'

/** Odd values of each shape; `npm run soak` may raise it. */
const VALUES = Number(process.env['SALLYPORT_FAULT_VALUES'] ?? 10_000)

/** Permits only a transfer of exactly 7 to `bob`, by a caller with the role `payer`. */
const narrow =
  load(`@id("limit") forbid (principal, action == Action::"tools/call", resource == Tool::"tools/transfer")
unless {
  context.args has amount && context.args.amount == 7 &&
  context.args has to.name && context.args.to.name == "bob" &&
  context.principal.roles.contains("payer")
};`)

const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    '\0',
    '\n',
    '\ud800',
    '\udfff',
    '"',
    '\\',
    '*',
    '\u202e',
    'reader\n',
    '__proto__',
    'x'.repeat(70_000),
  ),
)

const oddValue: fc.Arbitrary<Json> = fc
  .oneof(
    { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 5, noUnicodeString: false }) },
    { weight: 1, arbitrary: fc.double() },
    { weight: 1, arbitrary: oddText },
    {
      weight: 1,
      arbitrary: fc.constantFrom('__entity', '__extn', '__expr', '__proto__', 'type', 'id').map((name) => ({
        [name]: { type: 'Principal', id: 'x', fn: 'decimal', arg: '7' },
      })),
    },
  )
  .map((value) => value as Json)

describe('F16: odd input', () => {
  it('in arguments is never permitted, and never throws', () => {
    const arbitrary = fc.record({ amount: oddValue, to: oddValue, more: oddValue }, { requiredKeys: [] })

    fc.assert(
      fc.property(arbitrary, (args) => {
        const decision = decide(narrow, transfer(args, { roles: ['reader', 'payer'] }))

        expect(decision.effect).toBe('forbid')
        expect(decision.errors.join()).not.toContain('the policy engine failed')
      }),
      { numRuns: VALUES },
    )
  })

  it('in claims is never permitted, and never throws', () => {
    const claims = fc.record({
      subject: oddText,
      issuer: oddText,
      roles: fc.array(oddText, { maxLength: 5 }),
      scopes: fc.array(oddText, { maxLength: 5 }),
      clientId: fc.option(oddText, { nil: undefined }),
    })

    fc.assert(
      fc.property(claims, oddText, (by, model) => {
        const decision = decide(narrow, query({ by, model, path: model, peer: model }))

        expect(decision).toMatchObject({ effect: 'forbid', determining: [] })
        expect(decision.errors.join()).not.toContain('the policy engine failed')
      }),
      { numRuns: VALUES },
    )
  })

  it('that breaks its type at run time is never permitted: what Cedar cannot read is a denial', () => {
    // An upstream bug could hand us claims of any shape: they are typed as text, and may not be.
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (roles, key) => {
        const asked = query({ by: { roles: [] } })
        const principal = { ...asked.principal, roles: [roles, key] as never }

        expect(attempt(() => decide(narrow, { ...asked, principal }).effect)).not.toBe('permit')
      }),
      { numRuns: 1_000 },
    )
  })

  it('leaves the engine whole: after all of it, the innocent call is permitted', () => {
    const args = { amount: 7, to: { name: 'bob', note: 0.123456 }, more: [1e300, null] }

    expect(decide(narrow, transfer(args, { roles: ['reader', 'payer'] })).effect).toBe('permit')
  })
})

function attempt(run: () => string): string {
  try {
    return run()
  } catch {
    return 'threw'
  }
}
