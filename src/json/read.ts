import { Buffer, isUtf8 } from 'node:buffer'
import type { Json } from '../core/json.ts'
import { JsonFault } from './fault.ts'
import { Reader } from './reader.ts'

export { JsonFault } from './fault.ts'
export type { JsonFaultKind } from './fault.ts'

/** Bounds of one reading. */
export interface JsonBounds {
  /** Objects and arrays open at once, 1 to 1,000; more is read as 1,000, which the stack holds with ease. */
  readonly depthMax: number
}

/**
 * Reads one JSON document (RFC 8259), or says why not.
 *
 * Whatever two readers could take in two ways is refused, for a gateway that reads one document while the agent behind it
 * reads another is no gateway: a member named twice (after escapes are decoded; RFC 8259 section 4 leaves the outcome open),
 * half of a surrogate pair, a byte order mark, bytes that are not UTF-8, a number beyond the range of a double, anything
 * behind the document. What stays: integers above 2^53 are rounded to the nearest double and numbers too small become 0, as
 * I-JSON (RFC 7493 section 2.2) warns; the original bytes are what is forwarded, so policy must not compare such numbers
 * for equality.
 *
 * Objects have no prototype: `__proto__` is a member like any other. Strings of the result may share the memory of the whole
 * text; copy what outlives the exchange.
 *
 * @param bytes The document, all of it; its length is bounded by the caller.
 */
export function readJson(bytes: Uint8Array, bounds: JsonBounds): Json | JsonFault {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!isUtf8(view)) return new JsonFault('utf-8', invalidAt(view))

  const reader = new Reader(view, Math.min(bounds.depthMax, DEPTH_MAX))
  const json = reader.document()
  return json === undefined ? new JsonFault(reader.fault, reader.at) : json
}

const DEPTH_MAX = 1_000

// Decoding replaces what is not UTF-8 by U+FFFD; the first byte that does not come back is the one.
function invalidAt(view: Buffer): number {
  const again = Buffer.from(view.toString('utf8'))
  let at = 0
  while (at < view.length && view[at] === again[at]) at++
  return at
}
