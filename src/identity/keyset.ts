import type { JsonObject } from '../core/json.ts'
import { JsonFault, readJson } from '../json/read.ts'
import { importKey, KeyRefusal, type VerificationKey } from './keys.ts'
import { isList, isObject, isPlainText } from './shape.ts'
import type { SignatureCheck } from './verify.ts'

/** The usable keys of one issuer as of one reading. Never changed: new keys are a new set. */
export interface KeySet {
  /** Number of keys that are used. */
  readonly size: number
  /** Tells whether a key of that name is in the set, whatever it is good for. */
  has(kid: string): boolean
  /** The check to use; undefined when no key fits, or when there is no telling which. */
  find(kid: string | undefined, alg: string): SignatureCheck | undefined
}

/** A set, and the keys of the document that were too weak to be in it. */
export interface KeyReading {
  readonly keys: KeySet
  readonly refused: readonly { readonly kid: string; readonly reason: string }[]
}

/**
 * Reads a JWK Set (RFC 7517 section 5). One bad key does not spoil the others; a document that is no JWK Set, or without a
 * usable key, is refused whole, with the reason, so that the last good set stays.
 *
 * Two keys of one name and algorithm are both left out: which of them verifies would depend on the reader.
 *
 * @param bytes The document, at most 1 MiB.
 * @param accepted The issuer's algorithms.
 */
export function readKeySet(bytes: Uint8Array, accepted: readonly string[]): KeyReading | string {
  const document = readJson(bytes, { depthMax: 8 })
  if (document instanceof JsonFault) return `not strict JSON (${document.kind})`
  const list = isObject(document) ? document['keys'] : undefined
  if (!isList(list)) return 'not a JWK Set: no list of keys'
  if (list.length > KEYS_MAX) return `more than ${KEYS_MAX} keys`

  const usable: VerificationKey[] = []
  const refused: { kid: string; reason: string }[] = []
  for (const jwk of list.filter(isObject)) {
    const key = importKey(jwk, accepted)
    if (!(key instanceof KeyRefusal)) usable.push(key)
    else if (key.kind === 'weak') refused.push({ kid: nameOf(jwk), reason: key.reason })
  }
  const doubled = doubledNames(usable)
  for (const kid of doubled) refused.push({ kid, reason: 'two keys of one name and algorithm' })
  const keys = usable.filter(({ kid }) => kid === undefined || !doubled.has(kid))
  return keys.length === 0 ? 'no usable key' : { keys: keySet(keys), refused }
}

/** Identity providers publish two or three; imports cost up to a millisecond each. */
const KEYS_MAX = 100

function nameOf({ kid }: JsonObject): string {
  return isPlainText(kid) ? kid : ''
}

function doubledNames(keys: readonly VerificationKey[]): ReadonlySet<string> {
  const seen = new Set<string>()
  const doubled = new Set<string>()
  for (const { kid, checks } of keys) {
    if (kid === undefined) continue
    for (const alg of checks.keys()) {
      const place = `${alg} ${kid}`
      if (seen.has(place)) doubled.add(kid)
      seen.add(place)
    }
  }
  return doubled
}

function keySet(keys: readonly VerificationKey[]): KeySet {
  const names = new Set(keys.map(({ kid }) => kid).filter((kid) => kid !== undefined))
  const byAlgorithm = new Map<string, Map<string, SignatureCheck>>()
  const all = new Map<string, SignatureCheck[]>()
  for (const { kid, checks } of keys) {
    for (const [alg, check] of checks) {
      all.set(alg, [...(all.get(alg) ?? []), check])
      const named = byAlgorithm.get(alg) ?? new Map<string, SignatureCheck>()
      byAlgorithm.set(alg, kid === undefined ? named : named.set(kid, check))
    }
  }
  return {
    size: keys.length,
    has: (kid) => names.has(kid),
    find(kid, alg) {
      if (kid !== undefined) return byAlgorithm.get(alg)?.get(kid)

      // A token that names no key is checked only when there is just one: trying all would multiply a forger's cost on us.
      const fitting = all.get(alg)
      return fitting?.length === 1 ? fitting[0] : undefined
    },
  }
}
