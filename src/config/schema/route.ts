import { z } from 'zod'
import {
  bytes,
  count,
  distinct,
  duration,
  flag,
  list,
  oneOrMore,
  pattern,
  section,
  text,
  word,
} from './values.ts'
import { upstream } from './upstream.ts'

/** Methods that a route may accept. TRACE and CONNECT are none of them. */
export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

/** Methods of a route that names none. */
export const METHODS_BY_PROTOCOL = {
  http: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  openai: ['GET', 'POST'],
  anthropic: ['GET', 'POST'],
} as const satisfies Record<string, readonly (typeof METHODS)[number][]>

const method = word(METHODS)
const glob = text('gpt-5*', 256)

const allow = section({
  roles: oneOrMore(text('reader', 128)).describe('Roles of which the caller must hold one.'),
  methods: oneOrMore(method).optional().describe('Methods permitted. Default: all of the route.'),
  operations: oneOrMore(glob)
    .optional()
    .describe('Operations permitted, such as `chat/completions`; `*` stands for any text. Default: all.'),
  models: oneOrMore(glob).optional().describe('Models permitted, such as `gpt-5*`. Default: all.'),
  tools: oneOrMore(glob).optional().describe('Tools permitted, such as `get_*`. Default: all.'),
})

const origin = pattern(
  /^https?:\/\/(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[1-9]\d{0,4})?$/,
  'an origin in lower case, without path and wildcard',
  'https://app.example.com',
)

const cors = section({
  origins: distinct(origin, 64)
    .min(1, { error: 'expected at least one origin' })
    .describe('Browser origins that may use the route.'),
  headers: distinct(pattern(/^[a-z][a-z0-9-]{0,63}$/, 'a header name in lower case', 'content-type'), 64)
    .default(['authorization', 'content-type'])
    .describe('Request headers that browsers may send.'),
  max_age: duration('10m', { min: '0s', max: '24h' }).describe(
    'How long browsers may remember the answer to a preflight.',
  ),
})

const rateError = 'expected a number of requests in a time, such as 600/1m'
const rate = z
  .string({ error: rateError })
  .regex(/^[1-9]\d{0,8}\/[1-9]\d{0,4}(?:s|m|h)$/, { error: rateError })
  .transform((written, context) => {
    const [max = '', window = ''] = written.split('/')
    const windowMs =
      Number(window.slice(0, -1)) * ({ s: 1_000, m: 60_000, h: 3_600_000 }[window.slice(-1)] ?? 0)
    if (windowMs > 86_400_000)
      context.addIssue({ code: 'custom', message: 'expected a window of at most 24h' })
    return { max: Number(max), windowMs }
  })
  .prefault('600/1m')
  .meta({ range: '1/1s to 999999999/24h', examples: ['600/1m'] })

const limits = section({
  requests: rate.describe('Requests of one principal in one window. More: `rate-exceeded`.'),
  concurrency: count(1_024, 1, 100_000).describe(
    'Exchanges on this route at once, streams included. More: `overloaded`.',
  ),
  concurrency_per_principal: count(64, 1, 100_000).describe(
    'Exchanges of one principal on this route at once, streams included. More: `rate-exceeded`.',
  ),
  body_max: bytes('1MiB', { min: '1KiB', max: '64MiB' }).describe(
    'Largest request body, after decoding. Larger: `content-too-large`.',
  ),
})

const score = z
  .number({ error: 'expected a number from 0 to 1, such as 0.5' })
  .min(0, { error: 'expected a number from 0 to 1' })
  .max(1, { error: 'expected a number from 0 to 1' })
  .default(0.5)

const thresholds = section({
  user: score.describe('For what the caller writes.'),
  system: score.describe('For system and developer messages and definitions of tools.'),
  agent: score.describe('For what the agent said before, as the caller repeats it.'),
  tool_result: score.describe('For what tools gave back.'),
  tool_argument: score.describe('For arguments of tool calls.'),
  document: score.describe('For documents.'),
})

const screen = section({
  mode: word(['enforce', 'monitor', 'off'])
    .default('enforce')
    .describe('`enforce` rejects, `monitor` records only what it would have rejected, `off` does not look.'),
  thresholds: thresholds
    .prefault({})
    .describe('Score at and above which a text is rejected, by who wrote it.'),
})

/** One element of `routes`. */
export const route = section({
  name: pattern(/^[a-z][a-z0-9-]{0,62}$/, 'a name of lower-case letters, digits and -', 'chat').describe(
    'Names the route in policies, records and metrics.',
  ),
  path: pattern(
    /^\/$|^(?:\/(?!\.+(?:\/|$))[A-Za-z0-9_.~-]+){1,16}$/,
    'a path without escapes, dot segments and / at its end',
    '/chat',
  ).describe('Path prefix, matched by whole segments; the longest one wins.'),
  protocol: word(['openai', 'anthropic', 'http']).describe(
    'What is spoken: how bodies are read and refusals are worded.',
  ),
  opaque: flag(false).describe(
    '`true`: bodies are streamed without being read or screened, and records say so. For `http` only.',
  ),
  methods: distinct(method, METHODS.length)
    .min(1, { error: 'expected at least one method' })
    .optional()
    .describe(
      'Methods accepted; others: `method-not-allowed`. Default: `GET`, `POST`; for `http` also `HEAD`, `PUT`, `PATCH`, `DELETE`.',
    ),
  upstream: upstream.describe('The agent: its URL, or settings.'),
  allow: list(allow, 256)
    .prefault([])
    .describe(
      'Who may do what. Each rule is a permit; what none permits, here or in `policies`, is forbidden.',
    ),
  scopes: distinct(pattern(/^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/, 'a scope', 'agents.use'), 64)
    .default([])
    .describe('Scopes that a token must hold, all of them. Without: `insufficient-scope`.'),
  cors: cors.optional().describe('Browser origins that may use the route. Default: none.'),
  limits: limits.prefault({}).describe('How much may be asked.'),
  screen: screen.prefault({}).describe('How what agents read is judged.'),
  disclosure: word(['id', 'category', 'full'])
    .default('category')
    .describe('How much a refusal says: its `id`, also the `category` of the cause, or the rules in `full`.'),
  trust_system: flag(false).describe(
    '`true`: callers may be believed when they write system and developer messages. For callers that are programs of yours.',
  ),
})

/** What the file says of one route. */
export type RouteSetting = z.output<typeof route>
