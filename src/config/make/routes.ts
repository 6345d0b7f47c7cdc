import type { AllowRule, RouteConfig, ScreenConfig } from '../../core/config.ts'
import type { Path } from '../document.ts'
import type { Reader } from '../reader.ts'
import { METHODS_BY_PROTOCOL, type RouteSetting } from '../schema/route.ts'
import { makeUpstream } from './upstream.ts'

/** Routes as the gateway uses them. */
export function makeRoutes(reader: Reader, settings: readonly RouteSetting[], nowMs: number): RouteConfig[] {
  return settings.map((setting, index) => {
    const path = ['routes', index]
    checkUnique(reader, settings, index)
    checkRoute(reader, setting, path)
    return makeRoute(reader, setting, { path, route: setting.name, nowMs })
  })
}

function makeRoute(reader: Reader, setting: RouteSetting, place: RoutePlace): RouteConfig {
  const { limits, cors } = setting
  const methods = setting.methods ?? METHODS_BY_PROTOCOL[setting.protocol]
  return {
    name: setting.name,
    path: setting.path,
    protocol: setting.protocol,
    opaque: setting.opaque,
    methods,
    upstream: makeUpstream(reader, setting.upstream, { ...place, path: [...place.path, 'upstream'] }),
    allow: setting.allow.map((rule, index) => {
      const path = [...place.path, 'allow', index]
      checkRule(reader, rule, { setting, methods, path })
      return makeRule(reader, rule, path)
    }),
    scopes: setting.scopes,
    cors: cors && { origins: cors.origins, headers: cors.headers, maxAgeS: Math.floor(cors.max_age / 1_000) },
    limits: {
      requests: limits.requests,
      concurrencyPerPrincipalMax: Math.min(limits.concurrency_per_principal, limits.concurrency),
      concurrencyMax: limits.concurrency,
      bodyBytesMax: limits.body_max,
    },
    screen: makeScreen(setting),
    disclosure: setting.disclosure,
    trustSystem: setting.trust_system,
  }
}

interface RoutePlace {
  readonly path: Path
  readonly route: string
  readonly nowMs: number
}

type RuleSetting = RouteSetting['allow'][number]

function makeRule(reader: Reader, rule: RuleSetting, path: Path): AllowRule {
  return {
    roles: rule.roles,
    methods: rule.methods,
    operations: rule.operations,
    models: rule.models,
    tools: rule.tools,
    file: reader.name,
    line: reader.document.placeOf(path).line,
  }
}

function makeScreen({ screen: { mode, thresholds }, opaque }: RouteSetting): ScreenConfig {
  return {
    mode: opaque ? 'off' : mode,
    thresholds: {
      user: thresholds.user,
      system: thresholds.system,
      agent: thresholds.agent,
      'tool-result': thresholds.tool_result,
      'tool-argument': thresholds.tool_argument,
      document: thresholds.document,
    },
  }
}

function checkUnique(reader: Reader, settings: readonly RouteSetting[], index: number): void {
  for (const member of ['name', 'path'] as const) {
    const first = settings.findIndex((one) => one[member] === settings[index]?.[member])
    if (first < index)
      reader.complain(
        ['routes', index, member],
        `this ${member} is the one of routes[${first}] already`,
        `choose another ${member}`,
      )
  }
}

function checkRoute(reader: Reader, { path: prefix, opaque, protocol }: RouteSetting, path: Path): void {
  if (/^\/\.well-known(?:\/|$)/.test(prefix))
    reader.complain([...path, 'path'], 'the gateway itself answers below /.well-known', 'choose another path')
  if (!opaque) return
  if (protocol !== 'http')
    reader.complain(
      [...path, 'opaque'],
      `${protocol} bodies are always read`,
      'remove opaque, or set protocol: http',
    )
  if (reader.document.has([...path, 'screen']))
    reader.complain(
      [...path, 'screen'],
      'nothing is screened on an opaque route',
      'remove screen, or remove opaque',
    )
}

interface Ruling {
  readonly setting: RouteSetting
  readonly methods: readonly string[]
  readonly path: Path
}

/** A rule that can never permit anything is a slip; what was meant by it would be missing in production. */
function checkRule(reader: Reader, rule: RuleSetting, { setting, methods, path }: Ruling): void {
  for (const method of rule.methods ?? []) {
    if (!methods.includes(method))
      reader.complain(
        [...path, 'methods'],
        `the route does not accept ${method}`,
        `add ${method} to methods of the route; now: ${methods.join(', ')}`,
      )
  }
  if (setting.protocol !== 'http') return
  for (const member of ['models', 'tools'] as const) {
    if (rule[member] !== undefined)
      reader.complain(
        [...path, member],
        `calls of protocol http name no ${member}`,
        `remove ${member}, or choose the protocol that the agent speaks`,
      )
  }
}
