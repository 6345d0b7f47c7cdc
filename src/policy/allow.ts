import type { AllowRule, RouteConfig } from '../core/config.ts'
import { type Complaint, type PolicyProblem, type Written } from './problems.ts'
import { cedarString, globRegExp, likePattern } from './text.ts'
import { operationsOf, USE } from './vocabulary.ts'

/**
 * The `allow` rules of a route as Cedar permits, ids `allow:<route>:<n>` with n from 1.
 *
 * One permit answers both questions. In the route phase (`use`) only principal, method, path and peer are known, so
 * a rule counts there by its roles and methods alone; models and tools are judged once the call is known. A list that
 * is present asks for a value: a call without a model matches no rule that names models.
 */
export function allowPolicies(route: RouteConfig, problems: PolicyProblem[]): Written[] {
  return route.allow.map((rule, index) => {
    const complain = (complaint: Complaint) =>
      problems.push({ file: rule.file, line: rule.line, column: 1, ...complaint })
    const text = permit(`allow:${route.name}:${index + 1}`, route, { rule, complain })
    return { file: rule.file, line: rule.line, column: 1, text }
  })
}

interface Ruling {
  readonly rule: AllowRule
  readonly complain: (complaint: Complaint) => void
}

function permit(id: string, route: RouteConfig, { rule, complain }: Ruling): string {
  const conditions = [`context.principal.roles.containsAny(${stringSet(rule.roles)})`]
  if (rule.roles.length === 0) conditions[0] = 'false'
  if (rule.roles.length === 0) complain(NOBODY)
  if (rule.methods !== undefined) conditions.push(methodIn(rule.methods, route, complain))
  if (rule.models !== undefined) conditions.push(likeAny('model', rule.models))
  if (rule.tools !== undefined) conditions.push(likeAny('tool', rule.tools))

  const action = actionIn(rule.operations, route, complain)
  return [
    `@id(${cedarString(id)})`,
    `permit (principal, ${action}, resource in Route::${cedarString(route.name)})`,
    `when { ${conditions.join(' && ')} };`,
  ].join('\n')
}

const NOBODY: Complaint = { message: 'this allow rule names no role', hint: 'add roles, or remove the rule' }

function methodIn(methods: readonly string[], route: RouteConfig, complain: Ruling['complain']): string {
  for (const method of methods.filter((method) => !route.methods.includes(method))) {
    complain({
      message: `route ${route.name} does not accept the method ${method}`,
      hint: `its methods are ${route.methods.join(', ')}`,
    })
  }
  return methods.length === 0 ? 'false' : `${stringSet(methods)}.contains(context.method)`
}

function likeAny(attribute: 'model' | 'tool', globs: readonly string[]): string {
  const likes = globs.map((glob) => `context.${attribute} like ${likePattern(glob)}`)
  const named = likes.length === 0 ? 'false' : `(context has ${attribute} && (${likes.join(' || ')}))`
  return `(action == Action::"${USE}" || ${named})`
}

// Actions are entities, which `like` cannot match: globs over operations are spelled out here, once.
function actionIn(
  globs: readonly string[] | undefined,
  route: RouteConfig,
  complain: Ruling['complain'],
): string {
  if (globs === undefined) return 'action'
  const operations = operationsOf(route)
  const matched = new Set<string>()
  for (const glob of globs) {
    const hits = operations.filter((operation) => globRegExp(glob).test(operation))
    if (hits.length === 0) {
      complain({
        message: `no operation of route ${route.name} matches ${glob}`,
        hint: `its operations are ${operations.join(', ')}`,
      })
    }
    for (const hit of hits) matched.add(hit)
  }
  return `action in [${[USE, ...matched].map((name) => `Action::${cedarString(name)}`).join(', ')}]`
}

function stringSet(texts: readonly string[]): string {
  return `[${texts.map(cedarString).join(', ')}]`
}
