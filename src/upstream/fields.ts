/**
 * Header fields as RFC 9110 section 5 writes them, and those that belong to one connection only (section 7.6.1): what
 * holds in both directions.
 */

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
// VCHAR, obs-text, and SP or HTAB within: never at an end, where one reader trims and another does not.
const VALUE = /^(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?$/

/** True for a field name (RFC 9110 section 5.1): no space before a colon, no empty name, nothing that ends a line. */
export function isToken(text: string): boolean {
  return TOKEN.test(text)
}

/** True for a field value (RFC 9110 section 5.5): no CR, LF, NUL or other control, nothing above U+00FF. */
export function isFieldValue(text: string): boolean {
  return VALUE.test(text)
}

/**
 * Folds a name to what lenient servers make of it: CGI, WSGI and PHP read `x_user`, `X-User` and `x.user` as one, so an
 * attacker would send the twin of a header that we set.
 */
export function squash(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/**
 * True for the squashed name of a field that ends with the connection, whether or not Connection names it. All of `Proxy-*`
 * do; so does `Proxy` itself, which CGI turns into the variable that names a proxy (CVE-2016-5385).
 */
export function isHopByHop(squashed: string): boolean {
  return HOP_BY_HOP.has(squashed) || squashed.startsWith('proxy')
}

const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keepalive',
  'te',
  'trailer',
  'transferencoding',
  'upgrade',
  'http2settings',
])

/** True for a Connection value that names no field: what nearly every message carries, told without reading a list. */
export function namesNoField(connection: string): boolean {
  return connection === 'keep-alive' || connection === 'close'
}

/** More names than any honest peer lists; each is looked up for every field. */
const CONNECTION_NAMES_MAX = 32

/**
 * Adds the names that a Connection field lists to `named`. Returns a sentence when the field is refused.
 *
 * A name of the `content-` family is refused: the receiver would be told to read a body as something else than what was
 * judged, and RFC 9110 section 7.6.1 forbids to list a field meant for all recipients of the content.
 */
export function readConnection(value: string, named: Set<string>): string | undefined {
  for (const part of value.toLowerCase().split(',')) {
    const name = part.trim()
    if (name === '') continue
    if (!isToken(name)) return 'a connection option is not a token'
    if (squash(name).startsWith('content')) return 'connection names a field of the body'
    if (isHopByHop(squash(name)) || name === 'close') continue
    if (named.size === CONNECTION_NAMES_MAX) return 'too many connection options'
    named.add(name)
  }
  return undefined
}

/** The pairs of `headers` whose names (lower case) are not in `named`. */
export function withoutNamed(headers: readonly string[], named: ReadonlySet<string>): string[] {
  return headers.filter((_, at) => !named.has(headers[at - (at % 2)] ?? ''))
}
