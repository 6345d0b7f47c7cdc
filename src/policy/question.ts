import type { RouteConfig } from '../core/config.ts'
import type { JsonObject } from '../core/json.ts'
import type { Principal } from '../core/principal.ts'
import type { Decision } from '../core/query.ts'
import { decide } from './decide.ts'
import type { Policies } from './policies.ts'
import { USE } from './vocabulary.ts'

/** What somebody would like to know: may a principal of this kind do that? */
export interface Question {
  readonly roles: readonly string[]
  readonly scopes: readonly string[]
  readonly subject: string
  /** All claims that policies may look at. */
  readonly claims: JsonObject
  readonly operation: string
  readonly model: string | undefined
  readonly tool: string | undefined
  readonly args: JsonObject | undefined
  /** HTTP method; undefined: the one that the operation comes with. */
  readonly method: string | undefined
}

/** The answer, and which of the two questions of the line it comes from. */
export interface Ruling extends Decision {
  /** `use`: refused at the route already, before the body would be read. */
  readonly phase: 'scope' | 'use' | 'call'
}

/**
 * Asks as the line would: scopes, the route, then the call. A permit names the policies of both.
 *
 * @param issuer Who would have issued the token.
 */
export function ask(policies: Policies, route: RouteConfig, issuer: string, question: Question): Ruling {
  if (!route.scopes.every((scope) => question.scopes.includes(scope)))
    return {
      effect: 'forbid',
      determining: [],
      errors: [`the route needs ${route.scopes.join(' ')}`],
      phase: 'scope',
    }

  const principal = principalOf(question, issuer)
  const { operation, model, tool, args } = question
  const method = question.method ?? (route.methods.includes(operation) ? operation : 'POST')
  const context = { method, path: route.path, peer: '192.0.2.1', model: undefined, args: undefined }
  const common = { principal, route: route.name }
  const use = decide(policies, { ...common, action: USE, tool: undefined, context })
  if (use.effect === 'forbid') return { ...use, phase: 'use' }
  const call = decide(policies, { ...common, action: operation, tool, context: { ...context, model, args } })
  const determining = [...new Set([...use.determining, ...call.determining])]
  return call.effect === 'forbid' ? { ...call, phase: 'call' } : { ...call, determining, phase: 'call' }
}

function principalOf({ roles, scopes, subject, claims }: Question, issuer: string): Principal {
  return {
    issuer,
    subject,
    key: `${issuer}\n${subject}`,
    roles,
    scopes,
    clientId: undefined,
    tokenId: undefined,
    tokenDigest: '',
    expiresMs: Number.MAX_SAFE_INTEGER,
    claims,
  }
}
