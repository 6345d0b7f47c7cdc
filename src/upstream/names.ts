import { isHopByHop, isToken, squash } from './fields.ts'

/** What becomes of a client's header. All but `pass` and `strip` need a look at the value. */
export type Fate = 'pass' | 'strip' | 'malformed' | 'connection' | 'via' | 'cookie' | 'max-forwards'

/** A header name, judged. */
export interface JudgedName {
  /** Lower case, as it leaves. */
  readonly name: string
  readonly fate: Fate
}

/**
 * Names that never leave as the client sent them, squashed: what we set ourselves, what frames the message, the client's
 * credentials, and what an upstream may believe because only a proxy could have written it.
 */
const STRIPPED: ReadonlySet<string> = new Set([
  'host',
  'contentlength',
  'expect',
  'authorization',
  'xapikey',
  'dpop',
  'forwarded',
  'xrequestid',
  'xrealip',
  'xclientip',
  'xclusterclientip',
  'trueclientip',
  'cfconnectingip',
  'fastlyclientip',
  'xazureclientip',
  'xhost',
  'xhttphostoverride',
  'xuserinfo',
  'xhttpmethod',
  'xhttpmethodoverride',
  'xmethodoverride',
  'xremoteuser',
  'remoteuser',
  'remoteaddr',
  // RFC 9440 section 3: whoever ends TLS must remove these from what clients send.
  'clientcert',
  'clientcertchain',
])

const STRIPPED_PREFIXES: readonly string[] = [
  'xforwarded',
  'xoriginal',
  'xrewrite',
  'xenvoy',
  'xauthrequest',
  'xsslclient',
  'sslclient',
  'xclientcert',
  // What the sign-in proxies of others say of who asks (Google, AWS, Azure, Kong, Grafana, Cloudflare, Tailscale, Pomerium).
  'xgoogauthenticateduser',
  'xgoogiap',
  'xamznoidc',
  'xmsclientprincipal',
  'xconsumer',
  'xwebauth',
  'cfaccess',
  'tailscaleuser',
  'xpomerium',
  'sallyport',
  'xsallyport',
  // Without an upgrade these mean nothing, and browsers put tokens into the subprotocol.
  'secwebsocket',
]

const SPECIAL: ReadonlyMap<string, Fate> = new Map([
  ['connection', 'connection'],
  ['via', 'via'],
  ['cookie', 'cookie'],
  ['max-forwards', 'max-forwards'],
])

/** Names remembered with their fate; more than clients use, bounded because anybody may invent some. */
const REMEMBERED_MAX = 512
/** Longer names are judged each time, so that memory stays small. */
const REMEMBERED_LENGTH_MAX = 64

/** Judges header names, remembering those it has seen: one look-up a header. */
export class HeaderNames {
  readonly #twins: ReadonlySet<string>
  readonly #seen = new Map<string, JudgedName>()

  /** @param own Names of headers that we set on this route: whatever resembles one is stripped. */
  constructor(own: readonly string[]) {
    this.#twins = new Set(own.map(squash))
  }

  judge(name: string): JudgedName {
    const seen = this.#seen.get(name)
    if (seen !== undefined) return seen
    const remembering = this.#seen.size < REMEMBERED_MAX && name.length <= REMEMBERED_LENGTH_MAX
    // A copy: a name cut out of a head would keep all of it in memory.
    const own = remembering ? Buffer.from(name).toString() : name
    const judged = { name: own.toLowerCase(), fate: this.#fate(name) }
    if (remembering) this.#seen.set(own, judged)
    return judged
  }

  #fate(name: string): Fate {
    if (!isToken(name)) return 'malformed'
    const special = SPECIAL.get(name.toLowerCase())
    if (special !== undefined) return special
    const squashed = squash(name)
    // A twin of a header that is read apart (`via_`, `cookie.`) would go around that.
    if (
      isHopByHop(squashed) ||
      isContentTwin(name, squashed) ||
      SPECIAL_TWINS.has(squashed) ||
      STRIPPED.has(squashed) ||
      this.#twins.has(squashed)
    )
      return 'strip'
    return STRIPPED_PREFIXES.some((prefix) => squashed.startsWith(prefix)) ? 'strip' : 'pass'
  }
}

// `Content_Encoding: deflate` or `Content_Type` beside the real field: CGI and WSGI fold the two names into one, and the agent
// would read the body as something else than what was screened.
function isContentTwin(name: string, squashed: string): boolean {
  return squashed.startsWith('content') && !/^[A-Za-z-]+$/.test(name)
}

const SPECIAL_TWINS: ReadonlySet<string> = new Set([...SPECIAL.keys()].map(squash))
