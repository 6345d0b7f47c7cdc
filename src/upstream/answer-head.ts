import type { AnswerHead } from '../core/exchange.ts'
import {
  isFieldValue,
  isHopByHop,
  isToken,
  namesNoField,
  readConnection,
  squash,
  withoutNamed,
} from './fields.ts'

/** The fields of an answer as undici gives them. */
export type AnswerFields = Readonly<Record<string, string | readonly string[] | undefined>>

/** An answer's head, checked and cleaned of what belonged to the upstream's connection. */
export interface CheckedHead extends AnswerHead {
  /** Declared Content-Length, bytes; undefined when there is none. 0 where the answer can have no body. */
  readonly bodyBytes: number | undefined
  /** True for `text/event-stream`: never held back, however short it says it is. */
  readonly events: boolean
}

/**
 * Checks the head of an upstream's answer and removes hop-by-hop fields. A sentence instead of a head means that framing
 * or grammar is broken: `upstream-invalid`, and the connection must be destroyed, for nobody can tell where the next
 * answer on it begins.
 *
 * The parser below has refused control characters, folded lines, bare CR or LF already; what it lets through (a coding
 * besides `chunked`, statuses outside 100 to 599, a 101 nobody asked for) ends here. The upstream's `server` and the like stay.
 *
 * @param fields By lower-case name; a repeated field is a list, in the order in which it came.
 */
export function checkAnswerHead(status: number, fields: AnswerFields, method: string): CheckedHead | string {
  if (!(status >= 100 && status <= 599)) return `status ${status}`
  if (status === 101) return 'switched protocols unasked'
  const headers: string[] = []
  const framing: Framing = { length: undefined, coded: false, named: undefined, events: false }
  for (const name in fields) {
    const fault = take(headers, framing, name, fields[name] ?? NONE)
    if (fault !== undefined) return fault
  }
  if (framing.coded && framing.length !== undefined) return 'both content-length and transfer-encoding'
  const { length, events } = framing
  const bare = method === 'HEAD' || status === 204 || status === 304 || status < 200
  // "A server MUST NOT send a Content-Length header field in any response with a status code of 1xx or 204" (RFC 9110 section
  // 8.6): a client that believes it waits for bytes, and takes the next answer for them.
  if (status === 204 || status < 200) framing.named = (framing.named ?? new Set()).add('content-length')
  const { named } = framing
  return {
    status,
    headers: named === undefined || named.size === 0 ? headers : withoutNamed(headers, named),
    bodyBytes: bare ? 0 : length,
    events,
  }
}

function take(
  headers: string[],
  framing: Framing,
  name: string,
  values: string | readonly string[],
): string | undefined {
  const known = knownName(name)
  if (known === 'malformed') return 'a header name is malformed'
  if (typeof values === 'string') {
    if (!isFieldValue(values)) return 'a header value is malformed'
    if (known === 'passes') headers.push(name, values)
    return frame(framing, name, values)
  }
  for (const value of values) {
    const fault = take(headers, framing, name, value)
    if (fault !== undefined) return fault
  }
  return undefined
}

const NONE: readonly string[] = []

interface Framing {
  length: number | undefined
  coded: boolean
  named: Set<string> | undefined
  events: boolean
}

function frame(framing: Framing, name: string, value: string): string | undefined {
  switch (name) {
    case 'content-length':
      if (framing.length !== undefined) return 'two content-lengths'
      if (!/^\d{1,15}$/.test(value)) return 'malformed content-length'
      framing.length = Number(value)
      return undefined
    case 'transfer-encoding':
      // A coding that we do not undo would reach the client as if it were the content.
      if (framing.coded || value.toLowerCase() !== 'chunked') return 'transfer-encoding is not chunked'
      framing.coded = true
      return undefined
    case 'connection':
      if (namesNoField(value)) return undefined
      framing.named ??= new Set()
      return readConnection(value, framing.named)
    case 'content-type':
      framing.events = /^text\/event-stream[\t ]*(?:;|$)/i.test(value)
      return undefined
    default:
      return undefined
  }
}

type KnownName = 'passes' | 'dropped' | 'malformed'

const seen = new Map<string, KnownName>()
/** Names remembered; more than agents use, bounded because an agent may invent some. */
const SEEN_MAX = 512

function knownName(name: string): KnownName {
  const known = seen.get(name)
  if (known !== undefined) return known
  const judged = judgeName(name)
  if (seen.size < SEEN_MAX && name.length <= 64) seen.set(name, judged)
  return judged
}

function judgeName(name: string): KnownName {
  if (!isToken(name)) return 'malformed'
  const squashed = squash(name)
  // Alt-Svc would lead clients around the gateway.
  return isHopByHop(squashed) || squashed === 'altsvc' ? 'dropped' : 'passes'
}
