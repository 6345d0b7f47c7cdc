import type { Json, JsonObject } from '../core/json.ts'

/** Tells a JSON object from the other JSON values. */
export function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !isList(json)
}

/** `Array.isArray` for JSON; the library's own signature would lose the element type. */
export function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json)
}

/**
 * Tells whether a claim is a non-empty text that can stand in headers, keys and log lines: at most 255 characters, no control
 * character and no line separator. With CR LF in it an attacker would write headers and log lines of their own.
 */
export function isPlainText(json: Json | undefined): json is string {
  return typeof json === 'string' && json !== '' && json.length <= 255 && !UNPRINTABLE.test(json)
}

/** Makes a text of somebody else's fit for a log line: control characters replaced, cut at 200 characters. */
export function printable(text: string): string {
  return text.replaceAll(ALL_UNPRINTABLE, '?').slice(0, 200)
}

const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/
const ALL_UNPRINTABLE = new RegExp(UNPRINTABLE, 'g')
