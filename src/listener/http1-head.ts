/** Head of an HTTP/1 request as its bytes say it: nothing is judged yet but the grammar. */
export interface RequestHead {
  readonly method: string
  readonly target: string
  /** As in the request line, such as `1.1`. */
  readonly version: string
  /** Names and values in turn, as received. */
  readonly rawHeaders: readonly string[]
}

const REQUEST_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([\x21-\x7e]+) HTTP\/([0-9]\.[0-9])$/
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

const CR = 0x0d
const LF = 0x0a
const HEAD_END = Buffer.from('\r\n\r\n', 'latin1')

/**
 * Where the head that begins at `from` ends: the index of the empty line's CRLFCRLF, -1 when it is not there yet, undefined
 * when a line ends otherwise than by CRLF. RFC 9112 section 2.2 lets a reader take a lone LF; who does ends a head where
 * others go on, so it is a fault, seen at once instead of waited for.
 *
 * @param searched Bytes that were looked through in vain before.
 */
export function headEnd(bytes: Buffer, from: number, searched: number): number | undefined {
  const end = bytes.indexOf(HEAD_END, Math.max(from, searched - 3))
  if (end >= 0) return end
  for (let at = bytes.indexOf(LF, Math.max(from, searched - 1)); at >= 0; at = bytes.indexOf(LF, at + 1))
    if (at === from || bytes[at - 1] !== CR) return undefined
  return -1
}

/**
 * Reads a head by the grammar of RFC 9112 sections 3 and 5, strictly: single spaces in the request line, no space before a
 * colon, no folded lines, no control characters. Undefined when it breaks it: each leniency of one reader is a request that
 * another reader does not see.
 *
 * @param text One byte a character, without the empty line.
 */
export function parseHead(text: string): RequestHead | undefined {
  const lines = text.split('\r\n')
  const [, method, target, version] = REQUEST_LINE.exec(lines[0] ?? '') ?? []
  if (method === undefined || target === undefined || version === undefined) return undefined
  if (!isTarget(target, method)) return undefined
  const rawHeaders: string[] = []
  for (let i = 1; i < lines.length; i += 1) if (!parseField(lines[i] ?? '', rawHeaders)) return undefined
  return { method, target, version, rawHeaders }
}

/** Reads one field line, without its CRLF, and appends name and value. False when it breaks the grammar. */
export function parseField(line: string, into: string[]): boolean {
  const colon = line.indexOf(':')
  if (colon < 1) return false
  const name = line.slice(0, colon)
  const value = trimmed(line, colon + 1)
  if (!NAME.test(name) || !VALUE.test(value)) return false
  into.push(name, value)
  return true
}

// The four forms of RFC 9112 section 3.2: origin, absolute, authority (for CONNECT alone) and asterisk.
function isTarget(target: string, method: string): boolean {
  return target.startsWith('/') || method === 'CONNECT' || /^(?:\*$|https?:\/\/.)/i.test(target)
}

// By hand: a pattern for "anything, then spaces" takes quadratic time on a line of spaces.
function trimmed(line: string, from: number): string {
  let start = from
  let end = line.length
  while (start < end && isBlank(line.charCodeAt(start))) start += 1
  while (end > start && isBlank(line.charCodeAt(end - 1))) end -= 1
  return line.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}
