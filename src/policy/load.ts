import { validate } from '@cedar-policy/cedar-wasm/nodejs'
import { basename } from 'node:path'
import type { PolicySource, RouteConfig } from '../core/config.ts'
import { allowPolicies } from './allow.ts'
import { type ArgTypes, ArgTyping } from './arg-types.ts'
import { DecisionCache } from './cache.ts'
import { checkNames, checkUse } from './check.ts'
import type { Policies } from './policies.ts'
import { parsePolicy, problemOf, type Policy } from './policy.ts'
import { PolicyLoadError, problemAt, problemAtText, type PolicyProblem } from './problems.ts'
import { schemaOf } from './schema.ts'
import { Slices } from './slice.ts'
import { splitPolicies } from './split.ts'
import { warmUp } from './warm.ts'

/** Decisions held; some 300 bytes each. */
const DECISIONS_MAX = 20_000

/**
 * Compiles `allow` rules and reads Cedar files: parsed, checked against the schema that the routes imply, sliced by
 * route and action, asked once each. Whole or not at all.
 *
 * @throws PolicyLoadError with every problem found, each with its place and a fix.
 */
export function loadPolicies(routes: readonly RouteConfig[], sources: readonly PolicySource[]): Policies {
  const problems = routes.flatMap(unfitRoute)
  const policies = [...policiesOfRoutes(routes, problems), ...policiesOfFiles(sources, problems)]
  const byId = distinct(policies, problems)
  const argTypes = learnArgs(policies, problems)
  stopAt(problems)

  const schemaText = schemaOf(routes, argTypes)
  validateAll(byId, schemaText, problems)
  for (const policy of policies) problems.push(...checkNames(policy, routes))
  stopAt(problems)

  const slices = new Slices(policies, routes)
  stopAt(checkUse(policies, routes, slices))
  const loaded = { argTypes, slices, cache: new DecisionCache(DECISIONS_MAX) }
  warmUp(loaded)
  return { ...loaded, count: policies.length, schemaText, describe: (id) => describe(byId.get(id)) }
}

// Tool ids are ROUTE/TOOL: with a slash in the name, tool "b/c" of route "a" would be tool "c" of route "a/b".
function unfitRoute({ name, allow: [rule] }: RouteConfig): PolicyProblem[] {
  if (ROUTE_NAME.test(name)) return []
  const message = `${JSON.stringify(name)} cannot be the name of a route in policies`
  const hint = 'use letters, digits, _ - and . only, at most 64'
  return [{ file: rule?.file ?? 'configuration', line: rule?.line ?? 1, column: 1, message, hint }]
}

const ROUTE_NAME = /^[\w.-]{1,64}$/

function stopAt(problems: readonly PolicyProblem[]): void {
  if (problems.length > 0) throw new PolicyLoadError(problems)
}

function policiesOfRoutes(routes: readonly RouteConfig[], problems: PolicyProblem[]): Policy[] {
  return routes.flatMap((route) =>
    allowPolicies(route, problems).flatMap((written) => parsePolicy(written, '', problems) ?? []),
  )
}

function policiesOfFiles(sources: readonly PolicySource[], problems: PolicyProblem[]): Policy[] {
  return sources.flatMap((source) => {
    const name = basename(source.file, '.cedar')
    return splitPolicies(source).flatMap(
      (written, index) => parsePolicy(written, `${name}:${index + 1}`, problems) ?? [],
    )
  })
}

// Cedar takes an {id: text} map, in which a second policy of an id would silently replace the first.
function distinct(policies: readonly Policy[], problems: PolicyProblem[]): Map<string, Policy> {
  const byId = new Map<string, Policy>()
  for (const policy of policies) {
    const { id, written } = policy
    const first = byId.get(id)
    if (first === undefined) byId.set(id, policy)
    else {
      const message = `a policy with the id ${id} stands already at ${first.written.file}:${first.written.line}`
      problems.push(problemAt(written, 0, { message, hint: 'give it an @id("…") of its own' }))
    }
  }
  return byId
}

// Twice: what a later policy says of an argument may settle an earlier one.
function learnArgs(policies: readonly Policy[], problems: PolicyProblem[]): ArgTypes {
  const typing = new ArgTyping()
  const conditions = policies.flatMap((policy) =>
    policy.conditions.map((condition) => ({ policy, condition })),
  )
  for (const { condition } of conditions) typing.learn(condition)
  for (const { policy, condition } of conditions) {
    for (const path of typing.learn(condition)) {
      const message = `context.args.${path} is used with another type than before`
      const hint = 'use an argument with one type in all policies'
      problems.push(problemAtText(policy.written, `args.${path}`, { message, hint }))
    }
  }
  return typing.types
}

/** Warnings that mean "never matches": a forbid that never matches is a hole. And text that reads otherwise than it runs. */
const GRAVE = /impossible|applicable action|BIDI|confusable/

// Cedar answers "success" to any set that it could read, with the errors beside it.
function validateAll(byId: ReadonlyMap<string, Policy>, schema: string, problems: PolicyProblem[]): void {
  const staticPolicies = Object.fromEntries([...byId].map(([id, { written }]) => [id, written.text]))
  const answer = validate({ schema, policies: { staticPolicies } })
  if (answer.type === 'failure') throw new Error(`Cedar refused the schema: ${JSON.stringify(answer.errors)}`)

  const grave = answer.validationWarnings.filter(({ error }) => GRAVE.test(error.message))
  const places = new Set<string>()
  for (const { policyId, error } of [...answer.validationErrors, ...grave]) {
    const policy = byId.get(policyId)
    if (policy === undefined) throw new Error(`Cedar refused ${policyId}: ${error.message}`)

    // Cedar repeats an error for every action, and says of a faulty policy that it is impossible too.
    const problem = problemOf(policy.written, error)
    const place = error.severity === 'warning' ? policyId : `${policyId} ${problem.line} ${problem.column}`
    if (!places.has(place)) problems.push(problem)
    places.add(place).add(policyId)
  }
}

function describe(policy: Policy | undefined): { file: string; line: number; text: string } | undefined {
  if (policy === undefined) return undefined
  const { file, line, text } = policy.written
  return { file, line, text }
}
