import { statefulIsAuthorized, type EntityJson, type Response } from '@cedar-policy/cedar-wasm/nodejs'
import type { Decision, Query } from '../core/query.ts'
import { argsFault } from './args.ts'
import { cacheKey, contextOf } from './context.ts'
import type { Policies } from './policies.ts'
import { prepared } from './prepared.ts'
import type { Slice } from './slice.ts'
import { CALL, toolId, USE } from './vocabulary.ts'

export type { Policies } from './policies.ts'

/**
 * The policy decision point. Default deny; one matching forbid outweighs every permit; nothing but a clean answer of
 * Cedar with `allow` and without errors is a permit. Never throws.
 */
export function decide(policies: Policies, query: Query): Decision {
  const slice = policies.slices.of(query)
  if (slice === undefined) return forbid([], [`no policy can speak of this action on route ${query.route}`])
  const fault = query.context.args && argsFault(query.context.args)
  if (fault !== undefined) return forbid([], [fault])

  const key = cacheKey(slice, query)
  if (key === undefined) return evaluate(policies, slice, query)
  const known = policies.cache.get(key)
  if (known !== undefined) return known

  const decision = evaluate(policies, slice, query)
  // What failed once may go well the next time.
  if (decision.errors.length === 0) policies.cache.set(key, decision)
  return decision
}

/** Begins the error of a decision that Cedar could not make. */
export const ENGINE_FAILED = 'the policy engine failed'

/** Asks Cedar. Exported for the self-test at load; requests go through `decide`. */
export function evaluate(policies: Pick<Policies, 'argTypes'>, slice: Slice, query: Query): Decision {
  const faults: string[] = []
  const context = contextOf(slice, query, policies.argTypes, faults)
  const { principal, action, route, tool } = query
  if (![principal.key, tool ?? '', context].every(isWellFormed)) faults.push(ILL_FORMED)
  if (faults.length > 0) return forbid([], faults)

  try {
    const answer = statefulIsAuthorized({
      principal: { type: 'Principal', id: principal.key },
      action: { type: 'Action', id: action },
      resource: tool === undefined ? routeUid(route) : toolUid(route, tool),
      context,
      preparsedPolicySetId: prepared(slice),
      entities: entitiesOf(slice, query),
    })
    if (answer.type === 'success') return decisionOf(answer.response)
    return forbid([], [`${ENGINE_FAILED}: ${brief(answer.errors.map(({ message }) => message).join('; '))}`])
  } catch (error) {
    return forbid([], [`${ENGINE_FAILED}: ${brief(String(error))}`])
  }
}

const ILL_FORMED = 'a value that policies read is not well-formed text'

// An exception that leaves WebAssembly does not give its stack back (wasm-bindgen issue 1959): some 1,500 of them and
// the engine answers nobody ever again. So whoever could make Cedar's reader throw, with half a surrogate pair or with
// depth (bounded in args.ts), could shut the gate for all. Errors that Cedar returns cost nothing.
function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value !== 'object' || value === null)
    return typeof value === 'number' || typeof value === 'boolean'
  return Object.values(value).every(isWellFormed)
}

// A forbid that errs is skipped by Cedar, which then still says "allow": an error of any policy is a denial.
function decisionOf({ decision, diagnostics }: Response): Decision {
  const { reason, errors } = diagnostics
  if (decision === 'allow' && errors.length === 0)
    return { effect: 'permit', determining: reason.sort(), errors: [] }

  const erring = errors.map(({ policyId }) => policyId)
  const forbidding = decision === 'deny' ? reason : []
  return forbid(
    [...new Set([...forbidding, ...erring])].sort(),
    errors.map(({ policyId, error }) => brief(`${policyId}: ${error.message}`)),
  )
}

function forbid(determining: readonly string[], errors: readonly string[]): Decision {
  return { effect: 'forbid', determining, errors }
}

// Policies and context carry everything; entities only tell what is in what.
function entitiesOf({ asksGroups }: Slice, { action, route, tool }: Query): EntityJson[] {
  const entities: EntityJson[] = []
  if (tool !== undefined) entities.push({ uid: toolUid(route, tool), attrs: {}, parents: [routeUid(route)] })
  if (asksGroups && action !== USE) {
    entities.push({ uid: { type: 'Action', id: action }, attrs: {}, parents: [{ type: 'Action', id: CALL }] })
  }
  return entities
}

function routeUid(route: string): { type: string; id: string } {
  return { type: 'Route', id: route }
}

function toolUid(route: string, tool: string): { type: string; id: string } {
  return { type: 'Tool', id: toolId(route, tool) }
}

/** Engine messages may quote values: short, for the record. */
function brief(message: string): string {
  return message.slice(0, 200)
}
