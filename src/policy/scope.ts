import type { EntityUidJson, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import { CALL, USE } from './vocabulary.ts'

/** Which requests a policy's head can match, without its conditions. */
export interface Scope {
  /** Action ids; undefined = any. The group stands under its own name. */
  readonly actions: ReadonlySet<string> | undefined
  readonly resource: ResourceScope
  /** True when the head names a principal: then the decision depends on who asks. */
  readonly namesPrincipal: boolean
}

/** `routes` / `tools`: whether it can match resources of that kind; names narrow it, undefined = any. */
export interface ResourceScope {
  readonly routes: boolean
  readonly tools: boolean
  readonly route: string | undefined
  readonly tool: string | undefined
}

/** Reads the head of a policy. Heads that can match nothing of ours were refused by the validator. */
export function scopeOf(policy: PolicyJson): Scope {
  const { principal, action, resource } = policy
  return {
    actions: action.op === 'All' ? undefined : new Set(entitiesOf(action).map(({ id }) => id)),
    resource: resourceScope(resource),
    namesPrincipal:
      principal.op === '==' || principal.op === 'in' || (principal.op === 'is' && 'in' in principal),
  }
}

/** Tells whether a head can match an action. */
export function matchesAction({ actions }: Scope, action: string): boolean {
  return actions === undefined || actions.has(action) || (action !== USE && actions.has(CALL))
}

/** Tells whether a head can match a route itself, when no tool is named. */
export function matchesRoute({ resource }: Scope, route: string): boolean {
  return resource.routes && (resource.route === undefined || resource.route === route)
}

/** Tells whether a head can match every tool of a route. */
export function matchesAnyTool({ resource }: Scope, route: string): boolean {
  if (!resource.tools || resource.tool !== undefined) return false
  return resource.route === undefined || resource.route === route
}

function resourceScope(resource: PolicyJson['resource']): ResourceScope {
  if (resource.op === 'All') return { routes: true, tools: true, route: undefined, tool: undefined }
  const of = resource.op === 'is' ? resource.entity_type : undefined
  const within = resource.op === 'is' ? resource.in : resource
  const entity = within === undefined ? undefined : entitiesOf(within)[0]
  const onRoute = entity?.type === 'Route'
  return {
    routes: of !== 'Tool' && entity?.type !== 'Tool',
    // `==` a route is the route alone; `in` a route is its tools too.
    tools: of !== 'Route' && !(onRoute && resource.op === '=='),
    route: onRoute ? entity.id : undefined,
    tool: entity?.type === 'Tool' ? entity.id : undefined,
  }
}

interface Named {
  readonly entity?: EntityUidJson
  readonly entities?: readonly EntityUidJson[]
}

// A slot is a template's; templates were refused when the policy was parsed.
function entitiesOf(constraint: object): { type: string; id: string }[] {
  const { entity, entities } = constraint as Named
  return (entities ?? (entity === undefined ? [] : [entity])).map((uid) =>
    '__entity' in uid ? uid.__entity : uid,
  )
}
