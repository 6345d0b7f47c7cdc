import { policyToJson, type DetailedError, type PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import { offsetOfByte, problemAt, type PolicyProblem, type Written } from './problems.ts'
import { readsOf, type Reads } from './reads.ts'
import { scopeOf, type Scope } from './scope.ts'
import { conditionsOf, type Term, termsWithin } from './term.ts'
import { CALL } from './vocabulary.ts'

/** One static policy, parsed and looked through. */
export interface Policy {
  readonly id: string
  readonly effect: 'permit' | 'forbid'
  readonly written: Written
  readonly scope: Scope
  readonly conditions: readonly Term[]
  readonly reads: Reads
  /** Entities that it names, as (type, id). */
  readonly entities: readonly { readonly type: string; readonly id: string }[]
  /** True when it asks about action groups: then Cedar must be told which group the action is in. */
  readonly asksGroups: boolean
}

/**
 * Parses one policy. Templates are refused by Cedar here: this is the call for static ones.
 *
 * @param fallbackId Id of a policy without an `@id` annotation.
 * @returns Undefined when it was refused; then `problems` says why.
 */
export function parsePolicy(
  written: Written,
  fallbackId: string,
  problems: PolicyProblem[],
): Policy | undefined {
  // Cedar would throw, which costs it stack for good (see decide.ts), instead of answering.
  if (!written.text.isWellFormed()) {
    problems.push(problemAt(written, 0, ILL_FORMED))
    return undefined
  }
  const answer = policyToJson(written.text)
  if (answer.type === 'failure') {
    problems.push(...answer.errors.map((error) => problemOf(written, error)))
    return undefined
  }

  const before = problems.length
  const { json } = answer
  const id = json.annotations?.['id'] ?? fallbackId
  if (!ID.test(id)) problems.push(problemAt(written, 0, unfitId(id)))
  const conditions = conditionsOf(json)
  const reads = readsOf(conditions, (complaint) => problems.push(problemAt(written, 0, complaint)))
  if (problems.length > before) return undefined

  const scope = scopeOf(json)
  const fields = scope.namesPrincipal ? new Set([...reads.fields, 'principal' as const]) : reads.fields
  const asksGroups = scope.actions?.has(CALL) === true || conditions.some(namesGroup)
  const entities = entitiesOf(json)
  return {
    id,
    effect: json.effect,
    written,
    scope,
    conditions,
    reads: { ...reads, fields },
    entities,
    asksGroups,
  }
}

/** A complaint of Cedar as a problem of ours: its place counts from the file's begin, and it says how to go on. */
export function problemOf(
  written: Written,
  { message, help, severity, sourceLocations }: DetailedError,
): PolicyProblem {
  const [place] = sourceLocations ?? []
  const offset = offsetOfByte(written.text, place?.start ?? 0)
  const hint = (help ?? place?.label)?.replace(PREFIX, '') ?? (severity === 'warning' ? NEVER : LOOK)
  return problemAt(written, offset, { message: message.replace(PREFIX, ''), hint })
}

const ILL_FORMED = { message: 'the text holds half a surrogate pair', hint: 'write the whole character' }

// Ids stand in response headers, records and metrics.
const ID = /^[\w.:/-]{1,128}$/
const LOOK = 'see the published schema for what a policy may name'
const NEVER = 'a policy that never matches as it reads protects nothing: correct it, or take it out'
const PREFIX = /^(for policy `[^`]*`[,:] |failed to parse policy( with id `[^`]*`)? from string: )/

function unfitId(id: string): { message: string; hint: string } {
  const message = `${JSON.stringify(id)} cannot be the id of a policy`
  return { message, hint: 'add @id("…") with letters, digits and . : / _ - only, at most 128' }
}

function namesGroup(condition: Term): boolean {
  const terms = [...termsWithin(condition)]
  return terms.some(({ op }) => op === 'in')
}

function entitiesOf(json: PolicyJson): { type: string; id: string }[] {
  const found: { type: string; id: string }[] = []
  JSON.stringify(json, (_key, value: unknown) => {
    if (isEntity(value)) found.push(value)
    return value
  })
  return found
}

function isEntity(value: unknown): value is { type: string; id: string } {
  if (typeof value !== 'object' || value === null) return false
  return 'type' in value && 'id' in value && typeof value.type === 'string' && typeof value.id === 'string'
}
