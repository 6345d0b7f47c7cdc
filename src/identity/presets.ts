import type { IssuerConfig } from '../core/config.ts'
import type { Json, JsonObject } from '../core/json.ts'
import { isList } from './shape.ts'

/** How the access tokens of one identity provider are told apart when their `typ` header does not say it. */
interface Preset {
  /** Accepted `typ` values besides those of `token_types`; undefined stands for a header without `typ`. */
  readonly types: readonly (string | undefined)[]
  /** What each of its access tokens carries and none of its ID tokens does. */
  isAccessToken(claims: JsonObject): boolean
  /** Claims that mark ID tokens elsewhere and that its access tokens have too. */
  readonly harmless: readonly string[]
}

/**
 * The identity providers that do not follow RFC 9068 out of the box.
 *
 * Keycloak names the kind in the payload (`Bearer`, `ID`, `Refresh`); up to version 24 its access tokens repeat `nonce`.
 * Entra's access tokens alone name the calling application (`azp` in version 2.0, `appid` in 1.0) with scopes or roles.
 * Auth0's access tokens name the client beside an audience that is another. Okta's have `cid` and, in the header, no `typ`.
 */
const presets: Readonly<Record<NonNullable<IssuerConfig['preset']>, Preset>> = {
  keycloak: {
    types: ['jwt'],
    isAccessToken: (claims) => claims['typ'] === 'Bearer',
    harmless: ['nonce'],
  },
  entra: {
    types: ['jwt'],
    isAccessToken: (claims) =>
      (claims['ver'] === '1.0' || claims['ver'] === '2.0') &&
      (isText(claims['azp']) || isText(claims['appid'])) &&
      (isText(claims['scp']) || isList(claims['roles'])),
    harmless: [],
  },
  auth0: {
    types: ['jwt'],
    isAccessToken: (claims) => {
      const client = claims['azp'] ?? claims['client_id']
      return isText(client) && !isOnly(claims['aud'], client)
    },
    harmless: [],
  },
  okta: {
    types: ['jwt', undefined],
    isAccessToken: (claims) => isText(claims['cid']),
    harmless: [],
  },
}

/** Tells access tokens of one issuer from its other tokens. Made once, at load. */
export interface KindJudge {
  /** Accepted `typ` header values, for the reason of a refusal. */
  readonly typesText: string
  acceptsType(typ: string | undefined): boolean
  /** Judges by the claims; `typ` has been accepted before. */
  isAccessToken(typ: string | undefined, claims: JsonObject): boolean
}

/**
 * Makes the judge of one issuer's token kinds.
 *
 * An ID token is proof of a login for the client's own use; whoever runs any client of the issuer holds many of them. Taken
 * as access tokens they would let that client act as each of its users (RFC 9068 section 5, RFC 8725 section 3.12).
 * `typ: at+jwt` settles it. For every other accepted type the marks of other kinds refuse the token, and the preset's
 * own mark is demanded. Where `token_types` lists `jwt`, a header without `typ` counts as `jwt`: neither says anything.
 */
export function judgeOfKinds(issuer: IssuerConfig): KindJudge {
  const preset = issuer.preset === undefined ? undefined : presets[issuer.preset]
  const accepted = new Set<string | undefined>([...issuer.tokenTypes, ...(preset?.types ?? [])])
  if (issuer.tokenTypes.includes('jwt')) accepted.add(undefined)
  const marks = NONCE_MARKS.filter((name) => preset?.harmless.includes(name) !== true)
  return {
    typesText: [...accepted].filter((typ) => typ !== undefined).join(', '),
    acceptsType: (typ) => accepted.has(typ),
    isAccessToken(typ, claims) {
      if (hasAny(HASH_MARKS, claims) || isNamedOther(claims)) return false
      if (typ === RFC_9068) return true

      return !hasAny(marks, claims) && (preset === undefined || preset.isAccessToken(claims))
    },
  }
}

const RFC_9068 = 'at+jwt'

/** Hashes of what was issued beside an ID token (OpenID Connect Core 3.3.2.11, FAPI); `events`: RFC 8417, logout tokens. */
const HASH_MARKS = ['at_hash', 'c_hash', 's_hash', 'events']
const NONCE_MARKS = ['nonce']

/**
 * Keycloak's `typ` and Cognito's `token_use` name the kind in the payload. What they name is refused unless it is a known word
 * for an access token: refresh, offline, logout and action tokens are signed by the same keys.
 */
function isNamedOther(claims: JsonObject): boolean {
  const { typ, token_use: use } = claims
  return (typ !== undefined && !namesAccess(typ)) || (use !== undefined && !namesAccess(use))
}

function namesAccess(kind: Json): boolean {
  return typeof kind === 'string' && ACCESS_WORDS.has(kind.toLowerCase())
}

const ACCESS_WORDS: ReadonlySet<string> = new Set(['bearer', 'access', 'access_token', 'at+jwt', 'jwt'])

function hasAny(names: readonly string[], claims: JsonObject): boolean {
  return names.some((name) => name in claims)
}

function isOnly(audience: Json | undefined, client: string): boolean {
  return audience === client || (isList(audience) && audience.every((one) => one === client))
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string' && value !== ''
}
