import type { RouteConfig } from '../core/config.ts'
import type { Policy } from './policy.ts'
import { problemAt, problemAtText, type PolicyProblem } from './problems.ts'
import type { Slices } from './slice.ts'
import { operationsOf, USE } from './vocabulary.ts'

/** Entity ids that Cedar's schema cannot check: tools belong to a route, principals are (issuer, subject). */
export function checkNames(policy: Policy, routes: readonly RouteConfig[]): PolicyProblem[] {
  return policy.entities.flatMap(({ type, id }) => {
    if (type === 'Tool' && !routes.some(({ name }) => id.startsWith(`${name}/`))) {
      const hint = `write Tool::"ROUTE/TOOL"; routes are ${routes.map(({ name }) => name).join(', ')}`
      return [problemAtText(policy.written, `Tool::`, { message: `Tool::"${id}" is in no route`, hint })]
    }
    if (type === 'Principal' && !id.includes('\n')) {
      const message = 'a principal is an issuer and a subject together, never a subject alone'
      const hint = 'compare context.principal.issuer and context.principal.subject instead'
      return [problemAtText(policy.written, `Principal::`, { message, hint })]
    }
    return []
  })
}

/**
 * Policies that can never decide. A forbid among them would be a hole that nobody sees; a permit of an operation is
 * unreachable where no permit answers the route phase, which asks first.
 */
export function checkUse(
  policies: readonly Policy[],
  routes: readonly RouteConfig[],
  slices: Slices,
): PolicyProblem[] {
  const openRoutes = new Set<string>()
  for (const { route, action, slice } of slices.all()) {
    if (action === USE && slice.own.some(({ effect }) => effect === 'permit')) openRoutes.add(route)
  }

  const matched = new Set<Policy>()
  const reachable = new Set<Policy>()
  for (const { route, slice } of slices.all()) {
    for (const policy of slice.own) matched.add(policy)
    if (openRoutes.has(route)) for (const policy of slice.own) reachable.add(policy)
  }
  return policies.flatMap((policy) => {
    if (!matched.has(policy)) return [neverMatches(policy, routes)]
    return policy.effect === 'permit' && !reachable.has(policy) ? [unreachable(policy)] : []
  })
}

function neverMatches({ written }: Policy, routes: readonly RouteConfig[]): PolicyProblem {
  const operations = routes.map((route) => `${route.name}: ${operationsOf(route).join(', ')}`)
  return problemAt(written, 0, {
    message: 'no route has the action and resource that this policy names',
    hint: `operations are ${operations.join('; ')}`,
  })
}

function unreachable({ written }: Policy): PolicyProblem {
  return problemAt(written, 0, {
    message:
      'this permit can never decide: no policy permits Action::"use" on its route, which is asked first',
    hint: 'name both, as in action in [Action::"use", Action::"tools/call"], or add an allow rule to the route',
  })
}
