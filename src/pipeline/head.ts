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
  let authorization = NONE
  const single = NO_VALUES.slice()
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const place = placeOf(rawHeaders[i] ?? '')
    if (place === OTHER) continue
    const value = rawHeaders[i + 1] ?? ''
    if (place === AUTHORIZATION) authorization = [...authorization, value]
    else if (single[place] === undefined) single[place] = value
    else return new Denial('malformed-request', `two ${SINGLETONS[place]} headers`, CLOSE)
  }
  const [host, length, contentType, contentEncoding, origin, preflightMethod] = single
  if (length !== undefined && !/^\d{1,15}$/.test(length))
    return new Denial('malformed-request', 'malformed content-length', CLOSE)
  const contentLength = length === undefined ? undefined : Number(length)
  return { host, authorization, contentType, contentEncoding, contentLength, origin, preflightMethod }
}

// RFC 9110: each of these has a singleton value; a list of two is already an attack or a bug. Those that are read come first.
const SINGLETONS = [
  'host',
  'content-length',
  'content-type',
  'content-encoding',
  'origin',
  'access-control-request-method',
  'transfer-encoding',
  'expect',
  'x-api-key',
  'range',
  'if-match',
  'if-none-match',
  'referer',
  'user-agent',
  'from',
  'max-forwards',
]
const AUTHORIZATION = -1
const OTHER = -2

const places: ReadonlyMap<string, number> = new Map([
  ...SINGLETONS.map((name, place) => [name, place] as const),
  ['authorization', AUTHORIZATION],
])
/** Places of names as they were received: one look-up a header, without lower-casing it. Bounded, for anybody may invent some. */
const remembered = new Map<string, number>()
const REMEMBERED_MAX = 512

function placeOf(name: string): number {
  const known = remembered.get(name)
  if (known !== undefined) return known
  const place = places.get(name.toLowerCase()) ?? OTHER
  // A copy: a name cut out of a head would keep all of it in memory.
  if (remembered.size < REMEMBERED_MAX && PLAIN.test(name))
    remembered.set(Buffer.from(name).toString(), place)
  return place
}

const PLAIN = /^[!-~]{1,64}$/
const NO_VALUES: readonly (string | undefined)[] = SINGLETONS.map(() => undefined)
const NONE: readonly string[] = []
const CLOSE = { close: true } as const
