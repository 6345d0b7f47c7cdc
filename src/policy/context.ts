import type { Context } from '@cedar-policy/cedar-wasm/nodejs'
import type { Query } from '../core/query.ts'
import type { ArgTypes } from './arg-types.ts'
import { typedArgs } from './args.ts'
import type { Field } from './reads.ts'
import type { Slice } from './slice.ts'
import { USE } from './vocabulary.ts'

/** Longest cache key, in UTF-16 code units; a query with longer values is decided afresh each time. */
const KEY_CHARS_MAX = 2_048

/**
 * The values that a slice reads, as a cache key that is theirs alone: each value carries its length, so that no role,
 * model or path can be written to look like two others.
 *
 * @returns Undefined when the decision must not be cached: arguments are read, or a value is very long.
 */
export function cacheKey(slice: Slice, query: Query): string | undefined {
  if (slice.args.length > 0) return undefined
  let key = slice.key
  for (const field of slice.fields) key += KEY_PART[field](query)
  return key.length > KEY_CHARS_MAX ? undefined : key
}

/**
 * The context record of a query: only what the slice reads. Absent values are left out, so that `context has model`
 * tells the truth. In the route phase there is no call yet: no model, no tool, no arguments.
 */
export function contextOf(slice: Slice, query: Query, types: ArgTypes, faults: string[]): Context {
  const { principal, context } = query
  const caller: Context = {}
  const record: Context = { principal: caller }
  for (const field of slice.fields) {
    if (field === 'issuer' || field === 'subject') caller[field] = principal[field]
    else if (field === 'roles' || field === 'scopes') caller[field] = [...principal[field]]
    else if (field === 'client' && principal.clientId !== undefined) caller['client'] = principal.clientId
    else if (field === 'method' || field === 'path' || field === 'peer') record[field] = context[field]
  }
  if (query.action === USE) return record

  if (context.model !== undefined) record['model'] = context.model
  if (query.tool !== undefined) record['tool'] = query.tool
  record['args'] = typedArgs(context.args ?? {}, slice.args, types, faults)
  return record
}

const KEY_PART: Readonly<Record<Field, (query: Query) => string>> = {
  principal: ({ principal }) => part(principal.key),
  tool: ({ tool }) => part(tool),
  method: ({ context }) => part(context.method),
  path: ({ context }) => part(context.path),
  peer: ({ context }) => part(context.peer),
  model: ({ context }) => part(context.model),
  issuer: ({ principal }) => part(principal.issuer),
  subject: ({ principal }) => part(principal.subject),
  roles: ({ principal }) => listPart(principal.roles),
  scopes: ({ principal }) => listPart(principal.scopes),
  client: ({ principal }) => part(principal.clientId),
}

function part(text: string | undefined): string {
  return text === undefined ? '-' : `${text.length}:${text}`
}

function listPart(texts: readonly string[]): string {
  let key = `${texts.length}[`
  for (const text of texts) key += part(text)
  return key
}
