import type { IssuerConfig } from '../core/config.ts'
import type { Json, JsonObject } from '../core/json.ts'
import { isList, isObject, isPlainText } from './shape.ts'

/** Reads the roles out of verified claims. Undefined: they stand there in a shape that is none of ours. */
export type RoleReader = (claims: JsonObject) => readonly string[] | undefined

/**
 * Makes the role reader of one issuer: the claim at a path of member names, with a map from its values to roles.
 *
 * A missing claim means no roles. A claim of another shape than a string or a list of strings refuses the token: to drop it
 * would free its bearer from every policy that forbids something to a role.
 */
export function roleReader(issuer: Pick<IssuerConfig, 'rolesPath' | 'roleMap'>): RoleReader {
  const map = issuer.roleMap === undefined ? undefined : new Map(Object.entries(issuer.roleMap))
  return (claims) => {
    const names = readNames(memberAt(claims, issuer.rolesPath), false)
    if (names === undefined || map === undefined) return names

    return unique(names.map((name) => map.get(name)).filter((role) => role !== undefined))
  }
}

/**
 * Reads the scopes: `scope` (RFC 8693 section 4.2: one string, names separated by spaces) and `scp` (Entra: the same; Okta: a
 * list), both together. Undefined: a shape that is none of these.
 */
export function readScopes(claims: JsonObject): readonly string[] | undefined {
  const scope = readNames(claims['scope'], true)
  const scp = readNames(claims['scp'], true)
  if (scope === undefined || scp === undefined) return undefined

  return scp.length === 0 ? scope : unique([...scope, ...scp])
}

function memberAt(claims: JsonObject, path: readonly string[]): Json | undefined {
  let at: Json | undefined = claims
  for (const name of path) {
    if (at === undefined) return undefined
    // A path that leads through something else than objects is a shape that we do not know: not "no roles".
    at = isObject(at) ? at[name] : null
  }
  return at
}

function readNames(value: Json | undefined, spaced: boolean): readonly string[] | undefined {
  if (value === undefined) return []
  if (typeof value === 'string')
    return readList(spaced ? value.split(' ').filter((name) => name !== '') : [value])

  return isList(value) ? readList(value) : undefined
}

function readList(values: readonly Json[]): readonly string[] | undefined {
  const names: string[] = []
  for (const value of values) {
    if (!isPlainText(value)) return undefined
    names.push(value)
  }
  return unique(names)
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)]
}
