import type { AnswerHead } from '../core/exchange.ts'
import { HOP_BY_HOP, isFieldValue, isToken, readConnection, squash, withoutNamed } from './fields.ts'

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
 * @param pairs Names and values in turn, as received.
 */
export function checkAnswerHead(
  status: number,
  pairs: readonly string[],
  method: string,
): CheckedHead | string {
  if (!(status >= 100 && status <= 599)) return `status ${status}`
  if (status === 101) return 'switched protocols unasked'
  const headers: string[] = []
  const framing: Framing = { length: undefined, coded: false, named: undefined, events: false }
  for (let i = 0; i < pairs.length; i += 2) {
    const name = (pairs[i] ?? '').toLowerCase()
    const value = pairs[i + 1] ?? ''
    if (!isToken(name) || !isFieldValue(value)) return 'a header field is malformed'
    const fault = frame(framing, name, value)
    if (fault !== undefined) return fault
    if (!isDropped(name)) headers.push(name, value)
  }
  if (framing.coded && framing.length !== undefined) return 'both content-length and transfer-encoding'
  const { named, length, events } = framing
  const bare = method === 'HEAD' || status === 204 || status === 304 || status < 200
  return {
    status,
    headers: named === undefined ? headers : withoutNamed(headers, named),
    bodyBytes: bare ? 0 : length,
    events,
  }
}

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
      framing.named ??= new Set()
      return readConnection(value, framing.named)
    case 'content-type':
      framing.events = /^text\/event-stream[\t ]*(?:;|$)/i.test(value)
      return undefined
    default:
      return undefined
  }
}

const seen = new Map<string, boolean>()
const SEEN_MAX = 512

function isDropped(name: string): boolean {
  const known = seen.get(name)
  if (known !== undefined) return known
  const squashed = squash(name)
  // Alt-Svc would lead clients around the gateway.
  const dropped = HOP_BY_HOP.has(squashed) || squashed === 'altsvc'
  if (seen.size < SEEN_MAX) seen.set(name, dropped)
  return dropped
}
