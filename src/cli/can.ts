import { nearest } from '../config/nearest.ts'
import { readConfig } from '../config/load.ts'
import type { RouteConfig } from '../core/config.ts'
import type { JsonObject } from '../core/json.ts'
import { ask, type Question } from '../policy/question.ts'
import { operationsOf } from '../policy/vocabulary.ts'
import { configPath, CONFIG_OPTION } from './base/arguments.ts'
import type { Command, Given } from './base/command.ts'
import { Failure, oneLine } from './base/failure.ts'
import { sayPolicy } from './policy/tested.ts'
import { checkPolicies } from './validate.ts'

/** `sallyport can`. */
export const can: Command = {
  usage: 'ROLE|CLAIMS OPERATION ROUTE -c FILE [--model NAME] [--tool NAME] [--args JSON] [--json]',
  text: [
    'Asks the policies what they would say, without a gateway. CLAIMS is JSON with roles, scope, sub and other claims.',
    'Exit code 0: permitted. 1: forbidden, and by what.',
  ],
  options: {
    ...CONFIG_OPTION,
    model: { type: 'string', value: 'NAME', help: 'the model that is asked for' },
    tool: { type: 'string', value: 'NAME', help: 'the tool that is called' },
    args: { type: 'string', value: 'JSON', help: 'its arguments' },
    method: { type: 'string', value: 'METHOD', help: 'HTTP method, where policies look at it' },
    template: { type: 'boolean', help: 'do not open what file: and env: name; accept example hosts' },
  },
  positionalsMax: 3,
  examples: [
    ['can reader chat/completions support -c sallyport.yaml --model gpt-5', 'a role'],
    [`can '{"roles":["reader"],"sub":"eve"}' DELETE tickets -c sallyport.yaml`, 'claims'],
  ],
  run(given, terminal) {
    const [who, operation, name] = given.positionals
    if (who === undefined || operation === undefined || name === undefined)
      throw new Failure(
        'three things are asked: who, what and where',
        'write: can ROLE OPERATION ROUTE -c FILE',
      )
    const path = configPath(given)
    const template = given.flag('template')
    const { config } = readConfig(path, { template, env: terminal.env, nowMs: terminal.nowMs() })
    const policies = checkPolicies(config, path)
    const route = routeOf(config.routes, name)
    checkOperation(route, operation)
    const ruling = ask(policies, route, config.issuers[0]?.issuer ?? '', {
      ...asker(who, route),
      operation,
      model: given.text('model'),
      tool: given.text('tool'),
      args: argsOf(given),
      method: given.text('method'),
    })
    const rules = ruling.determining.map((id) => sayPolicy(policies, id))
    if (given.json) terminal.out(`${JSON.stringify({ ...ruling, rules })}\n`)
    else {
      const why = ruling.errors[0] ?? (rules.length > 0 ? `by ${rules.join(', ')}` : 'no policy permits it')
      terminal.out(`${ruling.effect === 'permit' ? 'yes' : 'no'}: ${why}\n`)
    }
    return Promise.resolve(ruling.effect === 'permit' ? 0 : 1)
  },
}

function routeOf(routes: readonly RouteConfig[], name: string): RouteConfig {
  const route = routes.find((one) => one.name === name)
  if (route !== undefined) return route
  const names = routes.map((one) => one.name)
  const meant = nearest(name, names)
  throw new Failure(
    `there is no route ${oneLine(name)}`,
    meant === undefined ? `routes are ${names.join(', ')}` : `did you mean ${meant}?`,
  )
}

function checkOperation(route: RouteConfig, operation: string): void {
  const known = operationsOf(route)
  if (known.includes(operation)) return
  const meant = nearest(operation, known)
  throw new Failure(
    `route ${route.name} has no operation ${oneLine(operation)}`,
    meant === undefined ? `its operations are ${known.join(', ')}` : `did you mean ${meant}?`,
  )
}

function asker(
  who: string,
  { scopes }: RouteConfig,
): Pick<Question, 'roles' | 'scopes' | 'subject' | 'claims'> {
  if (!who.startsWith('{')) return { roles: [who], scopes, subject: 'somebody', claims: {} }
  const claims = objectOf(who, 'the claims')
  const { roles, scope, sub } = claims
  return {
    roles: Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [],
    scopes: typeof scope === 'string' ? scope.split(' ') : [],
    subject: typeof sub === 'string' ? sub : 'somebody',
    claims,
  }
}

function argsOf(given: Given): JsonObject | undefined {
  const text = given.text('args')
  return text === undefined ? undefined : objectOf(text, '--args')
}

function objectOf(text: string, what: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  } catch {
    // Said below, as for everything else that is no object.
  }
  throw new Failure(`${what} are no JSON object`, `write them like '{"roles":["reader"]}'`)
}
