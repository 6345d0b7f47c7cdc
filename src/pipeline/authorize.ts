import type { Call } from '../core/call.ts'
import type { Principal } from '../core/principal.ts'
import type { Decision, Query } from '../core/query.ts'
import { decide, ENGINE_FAILED, type Policies } from '../policy/decide.ts'
import { Denial } from '../problem/problems.ts'
import type { Admission } from './admit.ts'
import type { Reading } from './reading.ts'

/** Proof that policy permits this principal this route. Made only here; what follows does not compile without it. */
class RoutePermit {
  declare protected readonly proof: true
  readonly admission: Admission
  readonly principal: Principal
  /** Policies that decided. */
  readonly policies: readonly string[]

  constructor(admission: Admission, principal: Principal, policies: readonly string[]) {
    this.admission = admission
    this.principal = principal
    this.policies = policies
  }
}
export type { RoutePermit }

/** Proof that policy permits this principal this call, with these bytes. Made only here, from a RoutePermit. */
class CallPermit {
  declare protected readonly proof: true
  readonly route: RoutePermit
  readonly reading: Reading
  readonly policies: readonly string[]

  constructor(route: RoutePermit, reading: Reading, policies: readonly string[]) {
    this.route = route
    this.reading = reading
    this.policies = policies
  }
}
export type { CallPermit }

/** Phase 3: may this principal use this route at all? Asked before a byte of the body is read. */
export function authorizeRoute(
  policies: Policies,
  admission: Admission,
  principal: Principal,
): RoutePermit | Denial {
  const { scopes } = admission.route.config
  if (!scopes.every((scope) => principal.scopes.includes(scope))) {
    return new Denial('insufficient-scope', `needs ${scopes.join(' ')}`)
  }
  const decision = decide(policies, query(admission, principal, 'use', undefined))
  if (decision.effect === 'permit') return new RoutePermit(admission, principal, decision.determining)
  return forbidden(decision, 'policy-forbids')
}

/** Phase 6: may this principal do this, now that operation, model, tool and arguments are known? */
export function authorizeCall(
  policies: Policies,
  permit: RoutePermit,
  reading: Reading,
): CallPermit | Denial {
  const { call } = reading
  const decision = decide(policies, query(permit.admission, permit.principal, call.operation, call))
  if (decision.effect === 'permit') return new CallPermit(permit, reading, decision.determining)
  return forbidden(decision, call.tool === undefined ? 'policy-forbids' : 'tool-forbidden')
}

// Default deny: what no policy permits is forbidden, and so is whatever could not be evaluated.
function forbidden(decision: Decision, problem: 'policy-forbids' | 'tool-forbidden'): Denial {
  if (decision.errors[0]?.startsWith(ENGINE_FAILED) === true)
    return new Denial('guard-unavailable', 'the policy engine failed')
  const reason =
    decision.errors[0] ?? (decision.determining.length > 0 ? 'a policy forbids' : 'no policy permits')
  return new Denial(problem, reason, { rules: decision.determining })
}

function query(admission: Admission, principal: Principal, action: string, call: Call | undefined): Query {
  const { exchange, route, path } = admission
  return {
    principal,
    action,
    route: route.config.name,
    tool: call?.tool,
    context: {
      method: exchange.method,
      path,
      peer: exchange.connection.peer,
      model: call?.model,
      args: call?.args,
    },
  }
}
