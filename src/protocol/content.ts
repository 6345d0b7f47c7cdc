import { Buffer, isUtf8 } from 'node:buffer'
import { JsonFault, readJson } from '../json/read.ts'
import { Denial } from '../problem/problems.ts'
import { isJsonType, isUtf8Type, type MediaType } from './media-type.ts'
import type { ProtocolBounds } from './protocol.ts'
import type { Texts } from './texts.ts'

/** What a reading fills and keeps to. */
export interface Reading {
  readonly texts: Texts
  readonly bounds: ProtocolBounds
}

/**
 * Adds the texts of JSON or plain text bytes, as their type says and as the bytes say: a text that is a JSON document is
 * read as one too, since an agent may not care what it was called, and screening must see what `\u0069` means.
 *
 * @param at Where the content stands: `` for a JSON body (its pointers begin there), `form:name` for a part.
 * @returns Undefined when it was read: else media-type-unsupported, body-invalid.
 */
export function readContent(
  reading: Reading,
  type: MediaType,
  bytes: Uint8Array,
  at: string,
): Denial | undefined {
  const isJson = isJsonType(type)
  // XML is no text: entities, encoding declarations and CDATA make the agent read what does not stand there.
  const isText = type.essence.startsWith('text/') && type.essence !== 'text/xml'
  if (!isJson && !isText) return unsupported('media type')
  if (!isUtf8Type(type)) return unsupported('charset')
  if (!isUtf8(bytes)) return new Denial('body-invalid', 'utf-8')

  if (isJson || looksLikeJson(bytes)) {
    const json = readJson(bytes, { depthMax: reading.bounds.jsonDepthMax })
    if (!(json instanceof JsonFault)) reading.texts.addAll('user', at, json)
    else if (isJson) return jsonDenial(json)
  }
  if (!isJson) reading.texts.add('user', at || 'body', textOf(bytes))
  return undefined
}

/** The refusal of a body that is not JSON as we read it: kind and place, no content. */
export function jsonDenial(fault: JsonFault): Denial {
  return new Denial('body-invalid', `JSON: ${fault.kind} at byte ${fault.offset}`)
}

/** The refusal of what cannot be screened. */
export function unsupported(what: string): Denial {
  return new Denial('media-type-unsupported', what, { advice: ADVICE })
}

const ADVICE = 'Send JSON, text or a form, in UTF-8'

/** Bytes that are known to be UTF-8, as text. */
export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()
}

function looksLikeJson(bytes: Uint8Array): boolean {
  let at = 0
  while (at < bytes.length && SPACES.has(bytes[at] ?? 0)) at++
  return STARTS.has(bytes[at] ?? 0)
}

const SPACES: ReadonlySet<number> = new Set(Buffer.from(' \t\r\n'))
const STARTS: ReadonlySet<number> = new Set(Buffer.from('{["'))
