import type { CedarValueJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { Json, JsonObject } from '../core/json.ts'
import { type ArgType, type ArgTypes, elementOf, PRESENCE } from './arg-types.ts'

/** Deepest nesting of arguments; Cedar's own reader gives up at 128. */
export const ARGS_DEPTH_MAX = 32

/** Most values in one call's arguments. */
export const ARGS_VALUES_MAX = 10_000

/** Cedar's decimal: four digits after the point, 64 bits. */
const DECIMAL = /^-?\d+(\.\d{1,4})?$/
const DECIMAL_MAX = 922_337_203_685_477

// In Cedar's JSON form these members turn an object into an entity or an extension value: a caller who could write
// {"__entity": {"type": "Route", …}} would write one side of a policy's comparison.
const ESCAPES: ReadonlySet<string> = new Set(['__entity', '__extn', '__expr'])

/**
 * Says what in a caller's arguments must not come near a policy: Cedar's escapes anywhere, too deep, too many.
 *
 * @returns The reason, for the record, free of the caller's text; undefined when there is none.
 */
export function argsFault(args: JsonObject): string | undefined {
  let level: readonly Json[] = [args]
  let values = 0
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > ARGS_DEPTH_MAX) return `arguments are nested deeper than ${ARGS_DEPTH_MAX}`
    values += level.length
    if (values > ARGS_VALUES_MAX) return `arguments hold more than ${ARGS_VALUES_MAX} values`

    const below: Json[] = []
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue
      for (const [name, member] of Object.entries(value)) {
        if (ESCAPES.has(name)) return `arguments hold the member ${name}`
        below.push(member)
      }
    }
    level = below
  }
  return undefined
}

/**
 * The arguments that a slice reads, as Cedar values of the types that the policies were checked with. Null is left
 * out: a policy sees an absent argument. Anything of another type is a fault, never a value: Cedar's `==` between two
 * types is plainly false, so a caller could step around a forbid by sending `["x"]` for `"x"`.
 *
 * @param names Top-level arguments to take; the rest never enters Cedar.
 * @param faults Gets a reason for each value that has none of the right type.
 */
export function typedArgs(
  args: JsonObject,
  names: Iterable<string>,
  types: ArgTypes,
  faults: string[],
): Record<string, CedarValueJson> {
  const typed: Record<string, CedarValueJson> = Object.create(null)
  for (const name of names) {
    const value = Object.hasOwn(args, name) ? (args[name] ?? null) : null
    if (value === null) continue
    const cedar = typedValue(value, types.get(name) ?? PRESENCE, faults)
    if (cedar === undefined) faults.push(`argument ${name} is not of the type that policies expect`)
    else typed[name] = cedar
  }
  return typed
}

function typedValue(value: Json, type: ArgType, faults: string[]): CedarValueJson | undefined {
  if (typeof type === 'object') {
    return isObject(value) ? typedArgs(value, type.keys(), type, faults) : undefined
  }
  if (type === PRESENCE) return true
  if (type === 'Bool') return typeof value === 'boolean' ? value : undefined
  if (type === 'Long') return Number.isSafeInteger(value) ? Number(value) : undefined
  if (type === 'decimal') return decimal(value)

  const element = elementOf(type)
  if (element === undefined) return typeof value === 'string' ? value : undefined
  return Array.isArray(value) ? typedSet(value, element, faults) : undefined
}

function typedSet(values: readonly Json[], element: string, faults: string[]): CedarValueJson[] | undefined {
  const typed: CedarValueJson[] = []
  for (const value of values) {
    const cedar = typedValue(value, element, faults)
    if (cedar === undefined) return undefined
    typed.push(cedar)
  }
  return typed
}

// Whole numbers too: JSON has one kind of number, and 5 and 5.0 cannot be told apart once read.
function decimal(value: Json): CedarValueJson | undefined {
  if (typeof value !== 'number' || Math.abs(value) > DECIMAL_MAX) return undefined
  const text = String(value)
  if (!DECIMAL.test(text)) return undefined
  return { __extn: { fn: 'decimal', arg: text.includes('.') ? text : `${text}.0` } }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
