import * as fc from 'fast-check'
import { requestFields } from '../../src/listener/http2-fields.ts'

/** Pieces that decide: names and values near the border of what is legal. */
const PSEUDO = [':method', ':scheme', ':path', ':authority', ':protocol', ':status', ':']
const HOP_BY_HOP = ['connection', 'te', 'upgrade', 'transfer-encoding', 'keep-alive']
const REGULAR = ['content-length', 'host', 'x-a', 'X-A', 'x_a', '__proto__', 'x a', '']
const NAMES = [...PSEUDO, ...HOP_BY_HOP, ...REGULAR]
const LEGAL = ['GET', 'CONNECT', 'https', 'http', '/', '/a?b', '*', '', 'localhost', 'a@b', 'trailers', '5']
const VALUES = [...LEGAL, 'gzip', '+5', 'a\r\nb: c', 'a\nb', 'a\0b', ' a', 'a ', 'chunked']

const name = fc.oneof(fc.constantFrom(...NAMES), fc.string({ maxLength: 6, unit: 'binary' }))
const value = fc.oneof(fc.constantFrom(...VALUES), fc.string({ maxLength: 6, unit: 'binary' }))
const list = fc.oneof(
  fc.array(fc.tuple(name, value), { maxLength: 8 }),
  // Half of the cases begin well, or hardly any would get past the pseudo-headers.
  fc
    .array(fc.tuple(name, value), { maxLength: 5 })
    .map((rest): [string, string][] => [[':method', 'GET'], [':scheme', 'https'], [':path', '/'], ...rest]),
)

/** What an accepted list must be, said another way than the code says it. */
function holds(raw: readonly [string, string][]): boolean {
  const fields = requestFields(raw.flat())
  if (fields === undefined) return true

  const pseudo = raw.filter(([key]) => key.startsWith(':'))
  const regular = raw.slice(pseudo.length)
  // Written as HTTP/1.1 it is one head with exactly these lines.
  const head = regular.map(([key, text]) => `${key}: ${text}\r\n`).join('')
  return (
    raw.slice(0, pseudo.length).every(([key]) => key.startsWith(':')) &&
    new Set(pseudo.map(([key]) => key)).size === pseudo.length &&
    JSON.stringify(fields.rawHeaders) === JSON.stringify(regular.flat()) &&
    head.split(/[\r\n\0]+/).length === regular.length + 1 &&
    regular.every(([key]) => key !== '' && key === key.toLowerCase() && !/[\s:]/.test(key)) &&
    regular.every(
      ([key]) => !/^(connection|keep-alive|proxy-connection|transfer-encoding|upgrade)$/.test(key),
    ) &&
    regular.filter(([key]) => key === 'content-length').length <= 1 &&
    /^[/*]/.test(fields.target) &&
    !/[\r\n\0 ]/.test(fields.method)
  )
}

/** Field lists of HTTP/2 requests: whatever is accepted can be written as one HTTP/1.1 head. */
export const h2Fields = {
  name: 'h2-fields',
  run(cases: number, seed: number): void {
    fc.assert(fc.property(list, holds), { numRuns: cases, seed })
  },
}
