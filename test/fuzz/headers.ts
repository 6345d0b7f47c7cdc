import { Denial } from '../../src/problem/problems.ts'
import { assembleRequest } from '../../src/upstream/request-headers.ts'
import { readOneRequest, type StrictRequest, valuesOf } from '../fixtures/strict-http.ts'
import { assembly, SPEAKING } from '../fixtures/upstream-request.ts'
import { seeded } from './seeded.ts'

/** Names of ours and what lenient servers take for them, plain ones, and broken ones; varied below. */
const NAMES = (
  'host content-length transfer-encoding connection keep-alive te trailer upgrade expect authorization x-api-key proxy-authorization ' +
  'x-user x-roles x-issuer x-client x-assertion forwarded via x-request-id x-forwarded-for x-real-ip x-original-url cookie max-forwards ' +
  'content-type accept user-agent traceparent x-a x-b proxy proxy-status sallyport-decision __proto__ constructor'
).split(' ')

const VALUES = [
  '',
  'a',
  'chunked',
  '0',
  '5',
  '-1',
  '1, 2',
  'close',
  'keep-alive, x-user',
  'x-a, x-b',
  'host',
  'SECRET',
  'Bearer SECRET',
  'a=1; b=2',
  '1.1 proxy',
  'a\tb',
  '\u00e9',
  ' a',
  'a ',
  'a\r\nx-user: root',
  'a\nb',
  'a\rb',
  'a\0b',
  '\u0100',
  '\u{1F600}',
  'a\r\n\r\nGET / HTTP/1.1\r\nhost: b\r\n\r\n',
  'x'.repeat(300),
]

const NOISE = ['_', '-', '.', ' ', ':', '\r\n', '\0', '\u00e9', 'X', '']

const OURS = new Set([
  'host',
  'xuser',
  'xroles',
  'xissuer',
  'xclient',
  'xassertion',
  'forwarded',
  'via',
  'xrequestid',
  'connection',
])
const NEVER =
  /^(?:contentlength|transferencoding|authorization|xapikey|te|trailer|upgrade|expect|keepalive|xrealip)$|^(?:proxy|xforwarded|xoriginal|sallyport)/

/**
 * Heads made and broken at random: what leaves is exactly one request under the strictest reading, says of the principal
 * what we said and nothing else, and carries nobody's credential.
 */
export const headers = {
  name: 'headers',

  /** @param cases At least 1. @param seed Any integer; the same seed makes the same heads. Throws on a violation. */
  run(cases: number, seed: number): void {
    const next = seeded(seed)
    // One route for all, as in the gateway: what a name was judged to be is remembered from head to head.
    const { own } = assembly([], { config: SPEAKING })
    for (let i = 0; i < cases; i += 1) {
      const rawHeaders = head(next)
      const assembled = assembleRequest(
        assembly(rawHeaders, { own, method: next(8) === 0 ? 'OPTIONS' : 'POST' }),
      )
      if (!(assembled instanceof Denial)) check(rawHeaders, assembled)
    }
  },
}

function head(next: (below: number) => number): string[] {
  const raw: string[] = []
  for (let fields = next(8); fields > 0; fields -= 1)
    raw.push(vary(pick(NAMES, next), next), pick(VALUES, next))
  if (next(64) === 0) raw.pop()
  return raw
}

function vary(name: string, next: (below: number) => number): string {
  const kind = next(8)
  const at = next(name.length + 1)
  if (kind === 0) return name.slice(0, at) + pick(NOISE, next) + name.slice(at)
  if (kind === 1) return name.replaceAll('-', pick(NOISE, next))
  if (kind === 2) return name.toUpperCase()
  return name
}

function pick(from: readonly string[], next: (below: number) => number): string {
  return from[next(from.length)] ?? ''
}

function check(rawHeaders: readonly string[], assembled: readonly string[]): void {
  let text = 'POST / HTTP/1.1\r\n'
  for (let i = 0; i < assembled.length; i += 2) text += `${assembled[i]}: ${assembled[i + 1]}\r\n`
  try {
    judge(readOneRequest(Buffer.from(`${text}content-length: 2\r\n\r\n{}`, 'latin1')))
  } catch (fault) {
    throw new Error(`${JSON.stringify(rawHeaders)} leaves as ${JSON.stringify(assembled)}`, { cause: fault })
  }
}

function judge(request: StrictRequest): void {
  const once = {
    host: '127.0.0.1:8000',
    'x-user': 'alice',
    'x-roles': 'reader,operator',
    'x-issuer': 'https://idp.test',
    'x-client': 'cli',
  }
  for (const [name, value] of Object.entries(once)) {
    if (valuesOf(request, name).join('|') !== value) throw new Error(`${name} is not ours`)
  }
  for (const [name] of request.headers) {
    const squashed = name.replace(/[^a-z0-9]/g, '')
    if (NEVER.test(squashed) && name !== 'content-length') throw new Error(`${name} left`)
    if (OURS.has(squashed) && valuesOf(request, name).length > 1) throw new Error(`two ${name}`)
  }
  const twins = request.headers.filter(([name]) => OURS.has(name.replace(/[^a-z0-9]/g, '')))
  // connection is the wire's own; all else is there once, under its own name.
  if (twins.length !== OURS.size - 1) throw new Error('a twin of a header of ours left')
  if (!/(?:^|, )1\.1 sallyport$/.test(valuesOf(request, 'via')[0] ?? ''))
    throw new Error('via does not end with us')
}
