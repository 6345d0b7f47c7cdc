import type { PlacedFinding } from '../core/verdict.ts'

/**
 * The one list of refusals (RFC 9457 problem types). Rendering, documents, metrics and tests are generated from it or
 * compared with it. A code is the status times 100 plus a running number, and never changes its meaning.
 */
// oxfmt-ignore
export const problems = {
  'malformed-request': { code: 40001, status: 400, phase: 'admit', retry: false, title: 'The request is malformed' },
  'body-invalid': { code: 40002, status: 400, phase: 'read', retry: false, title: 'The body is not valid' },
  'protocol-violation': { code: 40003, status: 400, phase: 'read', retry: false, title: 'The body breaks the protocol of this route' },
  'token-missing': { code: 40101, status: 401, phase: 'authenticate', retry: false, title: 'A bearer token is required' },
  'token-expired': { code: 40102, status: 401, phase: 'authenticate', retry: false, title: 'The token has expired' },
  'token-invalid': { code: 40103, status: 401, phase: 'authenticate', retry: false, title: 'The token is not valid' },
  'audience-mismatch': { code: 40104, status: 401, phase: 'authenticate', retry: false, title: 'The token is meant for another audience' },
  'proof-required': { code: 40105, status: 401, phase: 'authenticate', retry: false, title: 'The token is bound to a key and came without its proof' },
  'policy-forbids': { code: 40301, status: 403, phase: 'authorize', retry: false, title: 'Blocked by policy' },
  'input-rejected': { code: 40302, status: 403, phase: 'screen', retry: false, title: 'Blocked by input screening' },
  'behaviour-anomalous': { code: 40303, status: 403, phase: 'screen', retry: false, title: 'Blocked by behaviour screening' },
  'output-withheld': { code: 40304, status: 403, phase: 'screen answer', retry: false, title: 'The answer was withheld by output screening' },
  'tool-forbidden': { code: 40305, status: 403, phase: 'authorize (call)', retry: false, title: 'Tool call blocked by policy' },
  'quota-exhausted': { code: 40306, status: 403, phase: 'authorize (call)', retry: false, title: 'The quota is used up' },
  'insufficient-scope': { code: 40307, status: 403, phase: 'authorize', retry: false, title: 'The token lacks a scope' },
  'approval-required': { code: 40308, status: 403, phase: 'authorize (call)', retry: false, title: 'The call needs an approval' },
  'route-unknown': { code: 40401, status: 404, phase: 'admit', retry: false, title: 'No such route' },
  'method-not-allowed': { code: 40501, status: 405, phase: 'admit', retry: false, title: 'The route does not allow this method' },
  'request-timeout': { code: 40801, status: 408, phase: 'listen', retry: false, title: 'The request took too long to arrive' },
  'content-too-large': { code: 41301, status: 413, phase: 'admit, read', retry: false, title: 'The body is too large' },
  'media-type-unsupported': { code: 41501, status: 415, phase: 'read', retry: false, title: 'The media type or encoding is not supported' },
  'tls-required': { code: 42101, status: 421, phase: 'listen', retry: false, title: 'This port speaks HTTPS only: use https://' },
  'misdirected-request': { code: 42102, status: 421, phase: 'admit', retry: false, title: 'This gateway does not serve that host' },
  'rate-exceeded': { code: 42901, status: 429, phase: 'admit, limit', retry: true, title: 'Too many requests' },
  'headers-too-large': { code: 43101, status: 431, phase: 'listen', retry: false, title: 'The request head is too large' },
  internal: { code: 50001, status: 500, phase: 'any', retry: false, title: 'Internal error' },
  'not-supported': { code: 50101, status: 501, phase: 'read', retry: false, title: 'Not supported' },
  'upstream-invalid': { code: 50201, status: 502, phase: 'forward', retry: false, title: 'The agent gave an invalid answer' },
  'upstream-unreachable': { code: 50202, status: 502, phase: 'forward', retry: false, title: 'The agent could not be reached' },
  overloaded: { code: 50301, status: 503, phase: 'any', retry: true, title: 'The gateway is overloaded' },
  'identity-unavailable': { code: 50302, status: 503, phase: 'authenticate', retry: true, title: 'Tokens cannot be checked at the moment' },
  'audit-unavailable': { code: 50303, status: 503, phase: 'audit', retry: true, title: 'Decisions cannot be recorded at the moment' },
  'guard-unavailable': { code: 50304, status: 503, phase: 'any', retry: true, title: 'A safeguard is not available at the moment' },
  'upstream-timeout': { code: 50401, status: 504, phase: 'forward', retry: false, title: 'The agent took too long' },
} as const satisfies Record<string, Problem>

/** One row of the table. `retry` says whether the same request may succeed later without a change by the caller. */
export interface Problem {
  readonly code: number
  readonly status: number
  readonly phase: string
  readonly retry: boolean
  readonly title: string
}

/** Name of a problem. */
export type ProblemName = keyof typeof problems

/**
 * A refusal, as a value: returned, never thrown (a throw costs some 50 times as much, and under attack refusals are
 * the hot path).
 */
export class Denial {
  readonly problem: ProblemName
  /** For the record only; never shown to the client, holds no secret and no payload. */
  readonly reason: string
  /** What the answer needs besides the row: the sentence's cause, headers, policies. */
  readonly more: DenialDetail

  constructor(problem: ProblemName, reason: string, more: DenialDetail = NOTHING_MORE) {
    this.problem = problem
    this.reason = reason
    this.more = more
  }
}

/** What the client may be told besides the problem's own title. */
export interface DenialDetail {
  /** Response headers of this refusal: `Allow`, `WWW-Authenticate` parameters and the like; names and values in turn. */
  readonly headers?: readonly string[]
  /** Policies or detectors that decided; shown at disclosure `full` (detector names: `category`). */
  readonly rules?: readonly string[]
  /** A sentence that helps the caller to mend the request; says nothing of what was judged. */
  readonly advice?: string
  /** When a retry makes sense, milliseconds from now. */
  readonly retryAfterMs?: number
  /** False takes back the table's word that a retry may help: the agent has acted already. */
  readonly retry?: false
  /** The HTTP connection cannot be used further (framing is in doubt): close it after the answer. */
  readonly close?: boolean
  /** Evidence for the record. */
  readonly findings?: readonly PlacedFinding[]
}

const NOTHING_MORE: DenialDetail = {}
