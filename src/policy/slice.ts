import type { RouteConfig } from '../core/config.ts'
import type { Query } from '../core/query.ts'
import type { Policy } from './policy.ts'
import { FIELDS, type Field } from './reads.ts'
import { matchesAction, matchesAnyTool, matchesRoute } from './scope.ts'
import { operationsOf, USE } from './vocabulary.ts'

let slicesMade = 0

/**
 * The policies whose heads can match one action on one resource: the others cannot change the decision (Cedar evaluates
 * a policy's conditions only when its head matches). Cost grows with what can match, not with what is loaded.
 */
export class Slice {
  /** Begins the cache keys of this slice; no other slice has it. */
  readonly key = `${(slicesMade += 1)}|`
  /** Policies that are not its base's. */
  readonly own: readonly Policy[]
  /** What its policies read, in a fixed order. */
  readonly fields: readonly Field[]
  /** Top-level arguments that its policies read. */
  readonly args: readonly string[]
  readonly asksGroups: boolean
  readonly size: number
  readonly #base: Slice | undefined

  /** @param base A slice that this one holds whole; shared, for thousands of tools may have policies of their own. */
  constructor(own: readonly Policy[], base?: Slice) {
    this.own = own
    this.#base = base
    this.size = own.length + (base?.size ?? 0)
    const fields = new Set([...(base?.fields ?? []), ...own.flatMap(({ reads }) => [...reads.fields])])
    this.fields = FIELDS.filter((field) => fields.has(field))
    this.args = [...new Set([...(base?.args ?? []), ...own.flatMap(({ reads }) => [...reads.args])])]
    this.asksGroups = own.some((policy) => policy.asksGroups) || base?.asksGroups === true
  }

  policies(): readonly Policy[] {
    return this.#base === undefined ? this.own : [...this.#base.policies(), ...this.own]
  }
}

/** Slices of one action on one route. */
interface Station {
  readonly route: Slice
  /** For tools that no policy names. */
  readonly anyTool: Slice
  readonly namedTools: ReadonlyMap<string, Slice>
}

/** All slices, by route and action. */
export class Slices {
  readonly #stations = new Map<string, Map<string, Station>>()

  constructor(policies: readonly Policy[], routes: readonly RouteConfig[]) {
    for (const route of routes) {
      const ofRoute = policies.filter((policy) => mayMatchRoute(policy, route.name))
      const actions = [USE, ...operationsOf(route)]
      this.#stations.set(
        route.name,
        new Map(actions.map((action) => [action, station(ofRoute, route.name, action)])),
      )
    }
  }

  /** The slice of a query; undefined when the route, or the action on it, is none of ours. */
  of({ route, action, tool }: Query): Slice | undefined {
    const station = this.#stations.get(route)?.get(action)
    if (station === undefined || tool === undefined) return station?.route
    return action === USE ? undefined : (station.namedTools.get(tool) ?? station.anyTool)
  }

  /** Every slice with a query's route, action and tool; the likelier ones first. */
  *all(): Generator<{ route: string; action: string; tool: string | undefined; slice: Slice }> {
    const named: { route: string; action: string; tool: string | undefined; slice: Slice }[] = []
    for (const [route, stations] of this.#stations) {
      for (const [action, station] of stations) {
        yield { route, action, tool: undefined, slice: station.route }
        if (action !== USE) yield { route, action, tool: 'any', slice: station.anyTool }
        for (const [tool, slice] of station.namedTools) named.push({ route, action, tool, slice })
      }
    }
    yield* named
  }
}

function mayMatchRoute({ scope }: Policy, route: string): boolean {
  const { tool } = scope.resource
  if (tool !== undefined) return tool.startsWith(`${route}/`)
  return matchesRoute(scope, route) || matchesAnyTool(scope, route)
}

function station(policies: readonly Policy[], route: string, action: string): Station {
  const acting = policies.filter(({ scope }) => matchesAction(scope, action))
  const onRoute = new Slice(acting.filter(({ scope }) => matchesRoute(scope, route)))
  const anyTool = new Slice(acting.filter(({ scope }) => matchesAnyTool(scope, route)))
  const byTool = Map.groupBy(
    acting.filter(({ scope }) => scope.resource.tools && scope.resource.tool !== undefined),
    ({ scope }) => (scope.resource.tool ?? '').slice(route.length + 1),
  )
  const named = [...byTool].map(([tool, own]) => [tool, new Slice(own, anyTool)] as const)
  return { route: onRoute, anyTool, namedTools: new Map(action === USE ? [] : named) }
}
