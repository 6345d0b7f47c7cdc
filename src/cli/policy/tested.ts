import { type PolicyTest, readPolicyTests } from '../../config/policy-tests.ts'
import type { ConfigError } from '../../config/errors.ts'
import type { Config } from '../../core/config.ts'
import { matrixOf } from '../../policy/matrix.ts'
import type { Policies } from '../../policy/policies.ts'
import { ask } from '../../policy/question.ts'

/** How the tests of a configuration's policies went. */
export interface Tested {
  readonly count: number
  readonly files: readonly string[]
  readonly failures: readonly ConfigError[]
  /** Cells of route, operation and role that no test asks about, of all there are. */
  readonly untested: readonly string[]
  readonly cells: number
}

/** Runs the tests that stand beside the policies. @throws {ConfigErrors} where a file of tests cannot be read. */
export function testPolicies(config: Config, policies: Policies, paths: readonly string[]): Tested {
  const { tests, files } = readPolicyTests(paths)
  const cells = matrixOf(policies, config.routes, config.issuers[0]?.issuer ?? '')
  const asked = new Set(
    tests.flatMap(({ route, operation, roles }) => roles.map((role) => `${route} ${operation} ${role}`)),
  )
  const untested = cells
    .map(({ route, operation, role }) => `${route} ${operation} ${role}`)
    .filter((cell) => !asked.has(cell))
  const failures = tests.flatMap((test) => failureOf(test, config, policies))
  return { count: tests.length, files, failures, untested, cells: cells.length }
}

function failureOf(test: PolicyTest, config: Config, policies: Policies): ConfigError[] {
  const place = { file: test.file, line: test.line, column: 1 }
  const route = config.routes.find(({ name }) => name === test.route)
  if (route === undefined) {
    const routes = config.routes.map(({ name }) => name).join(', ')
    return [{ ...place, message: `there is no route ${test.route}`, hint: `routes are ${routes}` }]
  }
  const issuer = config.issuers[0]?.issuer ?? ''
  const ruling = ask(policies, route, issuer, { ...test, scopes: test.scopes ?? route.scopes })
  const by = ruling.determining.map((id) => sayPolicy(policies, id)).join(', ')
  const is = `${ruling.effect}${by === '' ? '' : ` by ${by}`}${ruling.errors.length > 0 ? ` (${ruling.errors[0]})` : ''}`
  if (ruling.effect !== test.expect) {
    const message = `expected ${test.expect}, is ${is}`
    return [{ ...place, message, hint: 'change the policy, or the test if the change is meant' }]
  }
  if (test.rule === undefined || ruling.determining.includes(test.rule)) return []
  const message = `expected ${test.rule} to decide, is ${is}`
  return [{ ...place, message, hint: 'name one of the policies that decided' }]
}

/** A policy with the place where it stands, as one would look for it. */
export function sayPolicy(policies: Policies, id: string): string {
  const at = policies.describe(id)
  return at === undefined ? id : `${id} (${at.file}:${at.line})`
}
