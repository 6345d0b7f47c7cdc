import { Denial } from '../problem/problems.ts'

/** The request headers that the gateway itself reads, taken in one walk over the raw pairs. */
export interface Head {
  readonly host: string | undefined
  /** Every Authorization value: there must be exactly one, which src/identity judges. */
  readonly authorization: readonly string[]
  readonly contentType: string | undefined
  readonly contentEncoding: string | undefined
  /** Declared length in bytes; undefined when there is none. */
  readonly contentLength: number | undefined
  readonly origin: string | undefined
  readonly preflightMethod: string | undefined
}

/**
 * Reads the raw header pairs. Two values of a header that allows one are refused, alike or not: an upstream that takes the
 * other one than we do would be sent something that we did not judge.
 */
export function readHead(rawHeaders: readonly string[]): Head | Denial {
  const found: Found = { authorization: NONE, single: {} }
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase()
    const value = rawHeaders[i + 1] ?? ''
    if (name === 'authorization') found.authorization = [...found.authorization, value]
    else if (SINGLETONS.has(name)) {
      if (found.single[name] !== undefined)
        return new Denial('malformed-request', `two ${name} headers`, CLOSE)
      found.single[name] = value
    }
  }
  const { single } = found
  const length = single['content-length']
  if (length !== undefined && !/^\d{1,15}$/.test(length))
    return new Denial('malformed-request', 'malformed content-length', CLOSE)
  return {
    host: single['host'],
    authorization: found.authorization,
    contentType: single['content-type'],
    contentEncoding: single['content-encoding'],
    contentLength: length === undefined ? undefined : Number(length),
    origin: single['origin'],
    preflightMethod: single['access-control-request-method'],
  }
}

interface Found {
  authorization: readonly string[]
  single: Record<string, string | undefined>
}

// RFC 9110: each of these has a singleton value; a list of two is already an attack or a bug.
const SINGLETONS: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'content-type',
  'content-encoding',
  'transfer-encoding',
  'expect',
  'origin',
  'access-control-request-method',
  'x-api-key',
  'range',
  'if-match',
  'if-none-match',
  'referer',
  'user-agent',
  'from',
  'max-forwards',
])

const NONE: readonly string[] = []
const CLOSE = { close: true } as const
