import { z } from 'zod'
import { upstreamUrl } from './addresses.ts'
import { bytes, duration, pattern, secret, section, text, word } from './values.ts'

const headerName = pattern(/^[a-z][a-z0-9-]{0,63}$/, 'a header name in lower case, without _', 'x-user')

const tls = section({
  ca: secret('file:/run/secrets/agent-ca.crt')
    .optional()
    .describe("Authorities that the upstream's certificate must chain to. Default: the system's."),
  servername: pattern(/^[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?$/, 'a host name', 'agent.internal')
    .optional()
    .describe("Name that the upstream's certificate must carry. Default: the host of `url`."),
  cert: secret('file:/run/secrets/gateway.crt')
    .optional()
    .describe('Our certificate for mutual TLS, leaf first.'),
  key: secret('file:/run/secrets/gateway.key').optional().describe('Its key.'),
})

const timeouts = section({
  connect: duration('5s', { min: '10ms', max: '60s' }).describe(
    'Until the connection stands. Then: `upstream-unreachable`.',
  ),
  first_byte: duration('120s', { min: '10ms', max: '1h' }).describe(
    'From the last byte sent to the first byte of the answer. Then: `upstream-timeout`.',
  ),
  idle: duration('60s', { min: '10ms', max: '1h' }).describe(
    'Between two bytes of the answer. Then it is cut off.',
  ),
  total: duration('1h', { min: '0s', max: '7d' }).describe(
    'The whole exchange. `0s`: unbounded, for streams that live as long as their client.',
  ),
})

const assertion = section({
  header: headerName.default('sallyport-assertion').describe('Header that carries the assertion.'),
  audience: text('https://agent.internal', 512)
    .optional()
    .describe('Its `aud`. Default: scheme and authority of `url`; the name of the route behind a `socket`.'),
  lifetime: duration('60s', { min: '10s', max: '10m' }).describe('From its `iat` to its `exp`.'),
})

const upstreamSection = section({
  url: upstreamUrl.describe(
    "Where the agent is. A path takes the place of the route's. `http://` on loopback or with `socket` only.",
  ),
  socket: text('/run/agent/agent.sock', 104)
    .optional()
    .describe("Unix socket to connect to instead of the host of `url`, relative to this file's folder."),
  tls: tls.optional().describe('How the upstream is recognised and how we are; for `https://` only.'),
  timeouts: timeouts.prefault({}).describe('How long each step may take.'),
  head_max: bytes('32KiB', { min: '1KiB', max: '256KiB' }).describe(
    "Largest head of the upstream's answers. Larger: `upstream-invalid`.",
  ),
  http2: z
    .boolean({ error: 'expected true or false' })
    .prefault(false)
    .describe(
      'Speaks HTTP/2 to the upstream where it offers it; for `https://` only. Off by default: an agent that resets a stream with NO_ERROR before its end then looks as if it had ended, which HTTP/1.1 tells apart.',
    ),
  assertion: z
    .union([z.boolean(), assertion], { error: 'expected true, false or settings of the form "key: value"' })
    .prefault(true)
    .describe(
      'A signed statement of who the caller is, verifiable with the keys at `/.well-known/jwks.json`. `false`: none is sent.',
    ),
  identity_headers: z
    .record(headerName, word(['subject', 'issuer', 'roles', 'client']), {
      error: 'expected a map from header names to what they carry, such as "x-user: subject"',
    })
    .prefault({})
    .describe(
      'Plain headers that say who the caller is. Whatever clients send under these names is removed.',
    ),
})

/** `upstream` of a route: settings, or the URL alone. */
export const upstream = z
  .union([upstreamUrl.transform((url) => upstreamSection.parse({ url })), upstreamSection], {
    error: 'expected a URL, such as http://127.0.0.1:8000, or settings with `url`',
  })
  .meta({ examples: ['http://127.0.0.1:8000'] })

/** What the file says of one upstream. */
export type UpstreamSetting = z.output<typeof upstream>

/** The settings form alone, for the reference. */
export { upstreamSection }
