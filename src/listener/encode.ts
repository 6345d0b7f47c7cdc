import { STATUS_CODES } from 'node:http'
import type { Answer, AnswerHead } from '../core/exchange.ts'

const NO_BODY: ReadonlySet<number> = new Set([204, 304])
/** Grammar of names and values (RFC 9110 sections 5.1 and 5.5). A character beyond one byte would be cut to another: never sent. */
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/** What a head says that ends its connection. */
export const CLOSE = 'connection: close\r\n'

/**
 * What a head says whose connection stays. The hint spares clients a request on a connection that is about to end.
 *
 * @param idleMs How long it stays without a request.
 */
export function keepAlive(idleMs: number): string {
  return `connection: keep-alive\r\nkeep-alive: timeout=${Math.floor(idleMs / 1_000)}\r\n`
}

/**
 * Head of an answer in HTTP/1.1, as text of one byte a character. Date is added where the fields have none; fields of the
 * connection are left out, which are ours to say.
 *
 * @param ours Field lines of ours that come last.
 * @throws {TypeError} On a name or value outside the grammar: an answer must never be able to say two.
 */
export function encodeHead({ status, headers }: AnswerHead, wallMs: number, ours: string): string {
  let head = statusLine(status)
  let dated = status < 200
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] ?? ''
    const value = headers[i + 1] ?? ''
    if (!NAME.test(name) || !VALUE.test(value)) throw new TypeError('a field of the answer breaks its head')
    if (isOfConnection(name)) continue
    if (name.length === 4 && name.toLowerCase() === 'date') dated = true
    head += `${name}: ${value}\r\n`
  }
  return `${head}${dated ? '' : dateField(wallMs)}${ours}\r\n`
}

/**
 * A whole answer in one piece, with its Content-Length unless it says one or must not.
 *
 * @param method Of the request; an answer to HEAD gets no length of ours.
 */
export function encodeAnswer(answer: Answer, method: string, wallMs: number, ours: string): Buffer {
  const { body } = answer
  const length = needsLength(answer, method) ? `content-length: ${body.length}\r\n` : ''
  const head = encodeHead(answer, wallMs, length + ours)
  // "There is no body in an answer to HEAD, in 204 and in 304" (RFC 9112 section 6.3), whatever its maker gave us.
  const bodyBytes = method === 'HEAD' || NO_BODY.has(answer.status) ? 0 : body.length
  const bytes = Buffer.allocUnsafe(head.length + bodyBytes)
  bytes.write(head, 0, 'latin1')
  if (bodyBytes > 0) bytes.set(body, head.length)
  return bytes
}

/** The field list of a whole answer with its Content-Length, unless it says one or must not. */
export function withLength(answer: Answer, method: string): readonly string[] {
  return needsLength(answer, method)
    ? [...answer.headers, 'content-length', String(answer.body.length)]
    : answer.headers
}

/** True for an answer that has no body whatever its head says (RFC 9112 section 6.3). */
export function isBodiless(status: number, method: string): boolean {
  return method === 'HEAD' || status < 200 || NO_BODY.has(status)
}

// An answer to HEAD says a length only if its maker knows it: 0 would be a statement about the GET.
function needsLength(answer: Answer, method: string): boolean {
  return !isBodiless(answer.status, method) && !hasLength(answer.headers)
}

/** True when the fields declare a Content-Length. */
export function hasLength(headers: readonly string[]): boolean {
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? ''
    if (name.length === 14 && name.toLowerCase() === 'content-length') return true
  }
  return false
}

function isOfConnection(name: string): boolean {
  const { length } = name
  if (length !== 10 && length !== 17 && length !== 7) return false
  return /^(?:connection|keep-alive|transfer-encoding|upgrade)$/i.test(name)
}

const STATUS_LINES: readonly string[] = Array.from(
  { length: 600 },
  (_, status) => `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`,
)

function statusLine(status: number): string {
  const line = STATUS_LINES[status]
  if (line === undefined || status < 100) throw new TypeError('not a status')
  return line
}

let datedS = -1
let date = ''

// Once a second: the text costs more than the rest of a head.
function dateField(wallMs: number): string {
  const nowS = Math.floor(wallMs / 1_000)
  if (nowS !== datedS) {
    datedS = nowS
    date = `date: ${new Date(nowS * 1_000).toUTCString()}\r\n`
  }
  return date
}
