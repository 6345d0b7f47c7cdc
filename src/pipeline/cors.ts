import type { Answer } from '../core/exchange.ts'
import type { Head } from './head.ts'
import type { Route } from './route.ts'

/** What browser clients read of our answers. */
const EXPOSED =
  'www-authenticate, mcp-session-id, x-request-id, request-id, retry-after, retry-after-ms, ratelimit, ratelimit-policy, sallyport-decision'

/** Tells whether a request is a CORS preflight (Fetch standard): it comes without credentials, so it is answered before them. */
export function isPreflight(method: string, head: Head): boolean {
  return method === 'OPTIONS' && head.origin !== undefined && head.preflightMethod !== undefined
}

/** CORS headers of any answer, refusals too, or a browser client would not be shown why. Empty unless the origin is allowed. */
export function corsHeaders(route: Route, origin: string | undefined): readonly string[] {
  if (route.config.cors === undefined) return NONE
  if (origin === undefined || !route.origins.has(origin)) return VARY
  return ['access-control-allow-origin', origin, 'access-control-expose-headers', EXPOSED, ...VARY]
}

/** The answer to a preflight of an allowed origin. Methods and headers are the route's, whatever was asked. */
export function preflightAnswer(route: Route, head: Head): Answer {
  const cors = route.config.cors
  const headers = [
    ...corsHeaders(route, head.origin),
    'access-control-allow-methods',
    route.allow,
    'access-control-allow-headers',
    (cors?.headers ?? []).join(', '),
    'access-control-max-age',
    String(cors?.maxAgeS ?? 0),
  ]
  return { status: 204, headers, body: NO_BODY, close: false }
}

const NONE: readonly string[] = []
const VARY: readonly string[] = ['vary', 'origin']
const NO_BODY = new Uint8Array(0)
