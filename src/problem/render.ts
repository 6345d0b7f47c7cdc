import type { Answer } from '../core/exchange.ts'
import type { PlacedFinding } from '../core/verdict.ts'
import { type Denial, type Problem, type ProblemName, problems } from './problems.ts'

/** What a rendered refusal needs to know of its exchange. */
export interface RenderContext {
  /** Exchange id: shown as decision id, or as request id while nobody is authenticated. */
  readonly id: string
  /** True once a principal is known: then the sentence says that the login is valid. */
  readonly authenticated: boolean
  readonly disclosure: 'id' | 'category' | 'full'
  /** Headers of every answer of our own (helmet's), names and values in turn. */
  readonly ownHeaders: readonly string[]
  /** CORS headers of the route for this origin; empty when there are none. */
  readonly corsHeaders: readonly string[]
  /** URL of the protected resource's metadata (RFC 9728) for `WWW-Authenticate`; undefined before a route is known. */
  readonly resourceMetadata: string | undefined
  /** Scopes that the route asks for. */
  readonly scopes: readonly string[]
}

/**
 * Renders a refusal as the one body that every measured client shows as a sentence: RFC 9457 members, a top-level
 * `message`, and the `error` object of OpenAI and Anthropic. Never the payload, never the scored words.
 */
export function render(denial: Denial, context: RenderContext): Answer {
  const problem: Problem = problems[denial.problem]
  const body = Buffer.from(JSON.stringify(members(denial, problem, context)))
  const headers = [
    'content-type',
    'application/problem+json',
    'content-length',
    String(body.length),
    'cache-control',
    'no-store',
    'x-should-retry',
    String(mayRetry(denial, problem)),
    'x-request-id',
    context.id,
    'request-id',
    context.id,
    'sallyport-decision',
    decisionField(denial, context),
    ...retryFields(denial, problem),
    ...challenge(denial.problem, context),
    ...(denial.more.headers ?? []),
    ...context.corsHeaders,
    ...context.ownHeaders,
  ]
  return { status: problem.status, headers, body, close: denial.more.close === true }
}

/**
 * The sentence that clients show. It opens with the true cause, because one client (Claude Code) puts "Failed to
 * authenticate" before every 403, and carries the id, because a screenshot is all that support will get.
 */
export function sentence(
  denial: Denial,
  context: Pick<RenderContext, 'id' | 'authenticated' | 'disclosure'>,
): string {
  const problem: Problem = problems[denial.problem]
  const cause = problem.title + ruleClause(denial, context.disclosure)
  const advice = denial.more.advice === undefined ? '' : `. ${denial.more.advice}`
  const login = problem.status === 403 ? ', your login is valid' : ''
  const label = context.authenticated ? 'decision' : 'request'
  return `${cause}${login}${advice} (${label} ${context.id})`
}

/** Shape in which a protocol reports an error inside an event stream. */
export type StreamShape = 'http' | 'openai' | 'anthropic'

/**
 * The last event of a stream that ends in failure (text/event-stream). What follows is never a clean end: a client that
 * sees one takes half an answer for a whole one.
 */
export function renderStreamError(shape: StreamShape, problem: ProblemName, message: string): Uint8Array {
  const error = { message, type: errorType(problems[problem].status), code: problem }
  const document = shape === 'anthropic' ? { type: 'error', error, message } : { error, message }
  return Buffer.from(`event: error\ndata: ${JSON.stringify(document)}\n\n`)
}

function members(denial: Denial, problem: Problem, context: RenderContext): object {
  const message = sentence(denial, context)
  return {
    type: `urn:sallyport:problem:${denial.problem}`,
    title: problem.title,
    status: problem.status,
    detail: message,
    instance: `urn:sallyport:exchange:${context.id}`,
    message,
    error: { type: errorType(problem.status), code: denial.problem, message, param: null },
    code: problem.code,
    decision_id: context.id,
  }
}

// Policies name the operator's rules and detectors name ours; neither quotes what the caller wrote. A caller who may not
// know why (disclosure `id`) learns nothing to probe with.
function ruleClause(denial: Denial, disclosure: RenderContext['disclosure']): string {
  if (disclosure === 'id') return ''
  const names = disclosure === 'full' ? denial.more.rules : detectors(denial.more.findings)
  return names === undefined || names.length === 0 ? '' : ` ${names.join(', ')}`
}

function detectors(findings: readonly PlacedFinding[] | undefined): readonly string[] | undefined {
  return findings && [`(${[...new Set(findings.map((finding) => finding.detector))].join(', ')})`]
}

function decisionField(denial: Denial, context: RenderContext): string {
  const rules = denial.more.rules
  const rule = context.disclosure === 'full' && rules?.length ? `; rule="${rules.join(' ')}"` : ''
  return `deny; id=${context.id}${rule}`
}

// 60 s is the longest wait that the OpenAI SDK honours; above it the header is ignored and retries come at once.
const RETRY_AFTER_S_MAX = 60

function retryFields(denial: Denial, problem: Problem): readonly string[] {
  if (!mayRetry(denial, problem)) return NONE
  const waitMs = Math.max(1, Math.ceil(denial.more.retryAfterMs ?? 1_000))
  const seconds = Math.min(RETRY_AFTER_S_MAX, Math.ceil(waitMs / 1_000))
  return [
    'retry-after',
    String(seconds),
    'retry-after-ms',
    String(Math.min(waitMs, RETRY_AFTER_S_MAX * 1_000)),
  ]
}

function mayRetry(denial: Denial, problem: Problem): boolean {
  return problem.retry && denial.more.retry !== false
}

// RFC 6750 section 3.1: a request without a token is told the scheme and no error code.
function challenge(problem: ProblemName, context: RenderContext): readonly string[] {
  const metadata = context.resourceMetadata ? ` resource_metadata="${context.resourceMetadata}"` : ''
  const scope = context.scopes.length > 0 ? `, scope="${context.scopes.join(' ')}"` : ''
  if (problem === 'insufficient-scope')
    return ['www-authenticate', `Bearer error="insufficient_scope"${scope}${metadata && `,${metadata}`}`]
  if (problems[problem].status !== 401) return NONE
  if (problem === 'token-missing')
    return ['www-authenticate', `Bearer${metadata || ' realm="sallyport"'}${scope}`]
  return [
    'www-authenticate',
    `Bearer error="invalid_token", error_description="${problems[problem].title}"${metadata && `,${metadata}`}`,
  ]
}

// The words that Anthropic's SDK maps to its error classes; OpenAI's shows them as they are.
function errorType(status: number): string {
  return ERROR_TYPES.get(status) ?? (status >= 500 ? 'api_error' : 'invalid_request_error')
}

const ERROR_TYPES: ReadonlyMap<number, string> = new Map([
  [401, 'authentication_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [503, 'overloaded_error'],
  [504, 'timeout_error'],
])

const NONE: readonly string[] = []
