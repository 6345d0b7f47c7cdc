/** The fields of one HTTP/2 request, pseudo-headers told apart. */
export interface RequestFields {
  readonly method: string
  /** `:path` */
  readonly target: string
  readonly authority: string | undefined
  /** Regular fields, names and values in turn. */
  readonly rawHeaders: readonly string[]
  /** Content-Length in bytes, undefined when absent. */
  readonly declaredBytes: number | undefined
}

/** What every field must be, whatever its name: RFC 9113 section 8.2.1. */
const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/
// eslint-disable-next-line no-control-regex
const VALUE_FORBIDDEN = /[\0\r\n]|^[ \t]|[ \t]$/

/** "An endpoint MUST NOT generate an HTTP/2 message containing connection-specific header fields" (section 8.2.2). */
const CONNECTION_SPECIFIC: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
])

interface Pseudo {
  ':method'?: string
  ':scheme'?: string
  ':authority'?: string
  ':path'?: string
}

/**
 * Maps the decoded field list of a HEADERS frame to a request; undefined when it is malformed (RFC 9113 section
 * 8.1.1), which is a stream error and never an exchange. nghttp2 has checked most of it before; an HTTP/2 request that
 * is later written as HTTP/1.1 is where a missed one becomes a smuggled request, so it is checked by us too.
 *
 * @param raw Names and values in turn, in the order of the frame.
 */
export function requestFields(raw: readonly string[]): RequestFields | undefined {
  const pseudo: Pseudo = {}
  const rawHeaders: string[] = []
  let declaredBytes: number | undefined
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? ''
    const value = raw[i + 1] ?? ''
    if (VALUE_FORBIDDEN.test(value)) return undefined
    if (name.startsWith(':')) {
      // "All pseudo-header fields MUST appear before regular ones", each "at most once" (section 8.3).
      if (rawHeaders.length > 0 || !isPseudo(name) || pseudo[name] !== undefined) return undefined
      pseudo[name] = value
      continue
    }
    if (!NAME.test(name) || CONNECTION_SPECIFIC.has(name)) return undefined
    if (name === 'te' && value !== 'trailers') return undefined
    if (name === 'content-length') {
      if (declaredBytes !== undefined || !/^[0-9]{1,15}$/.test(value)) return undefined
      declaredBytes = Number(value)
    }
    rawHeaders.push(name, value)
  }
  return whole(pseudo, rawHeaders, declaredBytes)
}

/** `:protocol` is not among them: extended CONNECT (RFC 8441) is not offered, so it is unasked. */
function isPseudo(name: string): name is keyof Pseudo {
  return name === ':method' || name === ':scheme' || name === ':authority' || name === ':path'
}

function whole(
  pseudo: Pseudo,
  rawHeaders: string[],
  declaredBytes: number | undefined,
): RequestFields | undefined {
  const { ':method': method, ':scheme': scheme, ':path': target, ':authority': authority } = pseudo
  // CONNECT has neither scheme nor path (section 8.5); a gateway in front of agents tunnels nothing.
  if (method === undefined || !/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(method) || method === 'CONNECT')
    return undefined
  if (scheme !== 'https') return undefined
  // "MUST NOT be empty" and "/" or "*" first (section 8.3.1); what else is in it, admission judges.
  if (target === undefined || !(target.startsWith('/') || target === '*')) return undefined
  if (authority === '' || (authority !== undefined && authority.includes('@'))) return undefined
  return { method, target, authority, rawHeaders, declaredBytes }
}
