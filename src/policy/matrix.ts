import type { RouteConfig } from '../core/config.ts'
import type { Policies } from './policies.ts'
import { ask, type Question, type Ruling } from './question.ts'
import { operationsOf } from './vocabulary.ts'

/** One cell: may this role do this operation on this route? */
export interface Cell extends Ruling {
  readonly route: string
  readonly operation: string
  readonly role: string
}

/** Every role that an `allow` rule names, in the order of their names. */
export function rolesOf(routes: readonly RouteConfig[]): readonly string[] {
  return [...new Set(routes.flatMap(({ allow }) => allow.flatMap(({ roles }) => roles)))].sort()
}

/**
 * Asks for each route, operation and role by itself, without model, tool or arguments: what depends on them shows as what
 * it is without them.
 */
export function matrixOf(policies: Policies, routes: readonly RouteConfig[], issuer: string): Cell[] {
  const roles = rolesOf(routes)
  return routes.flatMap((route) =>
    operationsOf(route).flatMap((operation) =>
      roles.map((role) => ({
        route: route.name,
        operation,
        role,
        ...ask(policies, route, issuer, questionOf(role, route, operation)),
      })),
    ),
  )
}

/** The plainest question about a role: one that has nothing but the role, and the scopes that the route asks for. */
export function questionOf(role: string, route: RouteConfig, operation: string): Question {
  return {
    roles: [role],
    scopes: route.scopes,
    subject: 'somebody',
    claims: {},
    operation,
    model: undefined,
    tool: undefined,
    args: undefined,
    method: undefined,
  }
}
