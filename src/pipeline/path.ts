/** A request target, taken apart. `path` is the one path: policy judges it and the upstream receives it. */
export interface Target {
  /** Canonical: begins with `/`, unreserved characters in the open, other escapes in upper case. */
  readonly path: string
  /** Raw query without `?`; empty when there is none. */
  readonly query: string
  /** Authority of an absolute-form target, lower case; undefined for origin form. */
  readonly authority: string | undefined
}

/** Why a target is refused; for the record. */
export class TargetFault {
  readonly reason: string

  constructor(reason: string) {
    this.reason = reason
  }
}

/**
 * Reads a request target (RFC 9112 section 3.2) into one canonical path, or refuses it.
 *
 * What a lenient upstream could read as another path is refused instead of repaired: encoded separators and dots, `;`
 * parameters, backslashes, empty and dot segments, double encoding, encoded controls, malformed UTF-8, and letters that
 * compatibility folding turns into one of these. An attacker who gets the gate and the agent to disagree about the path
 * walks around every rule. Escaped unreserved characters (`%61`) mean the same to everybody (RFC 3986 section 6.2.2.2)
 * and are put in the open, and this form is what goes on.
 */
export function readTarget(target: string): Target | TargetFault {
  let rest = target
  let authority: string | undefined
  if (!target.startsWith('/')) {
    const absolute = ABSOLUTE.exec(target)
    if (absolute === null) return new TargetFault('target is neither origin form nor https absolute form')
    authority = (absolute[1] ?? '').toLowerCase()
    rest = absolute[2] ?? ''
    if (rest === '' || rest.startsWith('?')) rest = `/${rest}`
  }
  const mark = rest.indexOf('?')
  const query = mark < 0 ? '' : rest.slice(mark + 1)
  if (query !== '' && !QUERY.test(query))
    return new TargetFault('query holds a character that RFC 3986 forbids')
  const path = canonicalPath(mark < 0 ? rest : rest.slice(0, mark))
  return path instanceof TargetFault ? path : { path, query, authority }
}

// RFC 3986 section 3.3, `;` left out on purpose: some upstreams cut path parameters off before they match.
const PLAIN_PATH = /^(?:\/[A-Za-z0-9\-._~!$&'()*+,=:@]*)+$/
const ESCAPED_PATH = /^(?:\/(?:[A-Za-z0-9\-._~!$&'()*+,=:@]|%[0-9A-Fa-f]{2})*)+$/
// Clients leave a few more characters of the query in the open than the RFC allows; none of them ends or splits it.
const QUERY = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?[\]{}|^`]|%[0-9A-Fa-f]{2})*$/
const ABSOLUTE = /^https:\/\/([A-Za-z0-9\-.]+(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?)((?:[/?].*)?)$/i
// Segments of dots alone, three and more included (some file systems fold them), and empty segments but the last.
const BAD_SEGMENT = /\/(?:\.+(?:\/|$)|\/)/

function canonicalPath(raw: string): string | TargetFault {
  if (PLAIN_PATH.test(raw))
    return BAD_SEGMENT.test(raw) ? new TargetFault('path has a dot or empty segment') : raw
  if (!ESCAPED_PATH.test(raw)) return new TargetFault('path holds a character that RFC 3986 forbids')
  const path = raw.replace(ESCAPE, unescape)
  if (FORBIDDEN_ESCAPE.test(path))
    return new TargetFault('path escapes a separator, a dot, a percent sign or a control')
  if (BAD_SEGMENT.test(path)) return new TargetFault('path has a dot or empty segment')
  return foldsElsewhere(path)
    ? new TargetFault('path holds letters that fold into a separator, or is not UTF-8')
    : path
}

const ESCAPE = /%([0-9A-Fa-f]{2})/g
const UNRESERVED = /[A-Za-z0-9\-_~]/
// / \ . % ; ? # and every control (C0, DEL): each is read as something else by some upstream once it is decoded.
const FORBIDDEN_ESCAPE = /%(?:[01][0-9A-F]|7F|2F|5C|2E|25|3B|3F|23)/

function unescape(escape: string, hex: string): string {
  const char = String.fromCharCode(Number.parseInt(hex, 16))
  return UNRESERVED.test(char) ? char : escape.toUpperCase()
}

function foldsElsewhere(path: string): boolean {
  let decoded: string
  try {
    decoded = decodeURIComponent(path)
  } catch {
    return true
  }
  return decoded !== path && FOLDED_SEPARATOR.test(foreign(decoded).normalize('NFKC'))
}

// Only what is not ASCII can fold; a decoded ASCII character was judged as an escape already.
function foreign(text: string): string {
  return text.replace(/[\u0000-\u007F]/g, '')
}
const FOLDED_SEPARATOR = /[\u0000-\u001F\u007F-\u009F/\\.%;?#]/
