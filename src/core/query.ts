import type { JsonObject } from './json.ts'
import type { Principal } from './principal.ts'

/** What the policy decision point is asked (Cedar: principal, action, resource, context). */
export interface Query {
  readonly principal: Principal
  /** `use` for "may this principal use this route at all?"; else the call's operation. */
  readonly action: string
  /** Route name, and the tool within it when the call names one. */
  readonly route: string
  readonly tool: string | undefined
  readonly context: QueryContext
}

/** Circumstances that policies may look at. */
export interface QueryContext {
  readonly method: string
  /** Canonical path, the route's prefix included. */
  readonly path: string
  readonly peer: string
  readonly model: string | undefined
  readonly args: JsonObject | undefined
}

/** What the policy decision point answers. Anything but a clean permit is a forbid. */
export interface Decision {
  readonly effect: 'permit' | 'forbid'
  /** Ids of the policies that decided, sorted. Empty when no policy permits. */
  readonly determining: readonly string[]
  /** Why evaluation failed, when it did: then the effect is `forbid` whatever the policies say. */
  readonly errors: readonly string[]
}
