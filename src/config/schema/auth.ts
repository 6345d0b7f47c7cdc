import { z } from 'zod'
import { documentUrl, issuerUrl } from './addresses.ts'
import { distinct, duration, list, oneOrMore, pattern, secret, section, text, word } from './values.ts'

/** Asymmetric algorithms that may be accepted. `none` and HS* are none: with them whoever verifies can sign. */
export const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const

/** Identity providers whose access tokens do not follow RFC 9068 by themselves, and where each puts roles. */
export const PRESETS = {
  keycloak: 'realm_access.roles',
  entra: 'roles',
  auth0: 'permissions',
  okta: 'groups',
} as const

const tokenType = pattern(
  /^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,63}$/,
  'a `typ` of token headers without "application/"',
  'at+jwt',
).transform((typ) => typ.toLowerCase())

const claimPath = z
  .union([
    pattern(
      /^[^\s.]+(?:\.[^\s.]+){0,15}$/u,
      'a path of member names with dots between',
      'realm_access.roles',
    ),
    list(text('https://example.com/roles'), 16).min(1, { error: 'expected at least one member name' }),
  ])
  .transform((written): readonly string[] => (typeof written === 'string' ? written.split('.') : written))

/** One element of `auth`. */
export const auth = section({
  issuer: issuerUrl.describe('The `iss` that tokens carry, to the letter.'),
  audience: oneOrMore(text('https://agents.example.com', 512)).describe(
    'What `aud` must name; one of several is enough. Others: `audience-mismatch`.',
  ),
  preset: word(Object.keys(PRESETS) as [keyof typeof PRESETS, ...(keyof typeof PRESETS)[]])
    .optional()
    .describe(
      'Identity provider whose access tokens do not say `typ: at+jwt`: accepts its `typ`, tells its access tokens from its ID tokens by other marks, and knows where its roles are.',
    ),
  algorithms: distinct(word(ALGORITHMS), ALGORITHMS.length)
    .min(1, { error: 'expected at least one algorithm' })
    .default(['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'])
    .describe('Signature algorithms accepted from this issuer. Others: `token-invalid`.'),
  jwks: z
    .union([pattern(/^file:.+$/u, 'file:PATH', 'file:./jwks.json'), documentUrl], {
      error:
        'expected file:PATH or an https:// URL, such as file:./jwks.json or https://idp.example.com/jwks.json',
    })
    .optional()
    .describe('Where the signing keys are. Without it they are found by `discovery`.'),
  discovery: documentUrl
    .optional()
    .describe(
      'Metadata document that names the key set. Default: `<issuer>/.well-known/openid-configuration`.',
    ),
  ca: secret('file:/run/secrets/idp-ca.crt')
    .optional()
    .describe("Authorities that the issuer's certificate must chain to. Default: the system's."),
  token_types: oneOrMore(tokenType)
    .optional()
    .describe(
      'Accepted `typ` of token headers. Default: `at+jwt` (RFC 9068), besides what `preset` accepts.',
    ),
  roles: claimPath
    .optional()
    .describe(
      'Claim that holds the roles: member names with dots between, or a list of them when one has a dot itself. Default: what `preset` knows, else `roles`.',
    ),
  role_map: z
    .record(z.string().max(256), text('operator', 128), {
      error: 'expected a map from values of the claim to roles, such as "agent-ops: operator"',
    })
    .optional()
    .describe(
      'Value of the claim → role. Values that it does not name are dropped. Default: values are roles.',
    ),
  leeway: duration('5s', { min: '0s', max: '60s' }).describe(
    "Difference between the issuer's clock and ours that is forgiven.",
  ),
  lifetime_max: duration('24h', { min: '1m', max: '30d' }).describe(
    'Longest time from `iat` to `exp`. Tokens made for longer: `token-invalid`.',
  ),
  stale_max: duration('24h', { min: '0s', max: '7d' }).describe(
    'How long the last good keys serve while the issuer is down. Then: `identity-unavailable`.',
  ),
  cooldown: duration('30s', { min: '1s', max: '1h' }).describe(
    'Shortest time between two fetches of keys that unknown key ids may cause.',
  ),
})

/** What the file says of one issuer. */
export type AuthSetting = z.output<typeof auth>
