import { STATUS_CODES, validateHeaderName, validateHeaderValue } from 'node:http'
import type { Answer } from '../core/exchange.ts'

const NO_BODY: ReadonlySet<number> = new Set([204, 304])

/**
 * The bytes of a last answer on an HTTP/1 connection, for where no response object of Node's can speak: plain HTTP on
 * the TLS port, a head that did not parse, a connection that is given up. Always says `connection: close`.
 * Throws on a field that would break the head: Node's own check, for this goes past it.
 *
 * @param method Of the request; an answer to HEAD gets no length of ours.
 * @param dateMs For the Date field, milliseconds since the epoch.
 */
export function encodeLast(answer: Answer, method: string, dateMs: number): Buffer {
  let head = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n`
  for (let i = 0; i + 1 < answer.headers.length; i += 2) {
    const name = answer.headers[i] ?? ''
    const value = answer.headers[i + 1] ?? ''
    validateHeaderName(name)
    validateHeaderValue(name, value)
    if (!/^(?:connection|date)$/i.test(name)) head += `${name}: ${value}\r\n`
  }
  if (needsLength(answer, method)) head += `content-length: ${answer.body.length}\r\n`
  head += `date: ${new Date(dateMs).toUTCString()}\r\nconnection: close\r\n\r\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), answer.body])
}

/** The field list of a whole answer with its Content-Length, unless it says one or must not. */
export function withLength(answer: Answer, method: string): readonly string[] {
  return needsLength(answer, method)
    ? [...answer.headers, 'content-length', String(answer.body.length)]
    : answer.headers
}

// An answer to HEAD says a length only if its maker knows it: 0 would be a statement about the GET.
function needsLength(answer: Answer, method: string): boolean {
  if (method === 'HEAD' || answer.status < 200 || NO_BODY.has(answer.status)) return false
  for (let i = 0; i < answer.headers.length; i += 2) {
    const name = answer.headers[i] ?? ''
    if (name.length === 14 && name.toLowerCase() === 'content-length') return false
  }
  return true
}
