import type { PlacedFinding } from './verdict.ts'

/** Why an exchange ended. `completed`: the last byte of the answer was handed to the client's side. */
export type Ending =
  | 'completed'
  | 'refused'
  | 'client-aborted'
  | 'upstream-aborted'
  | 'upstream-failed'
  | 'internal-error'

/** Who, in a record: no token, no claim beyond identity. */
export interface RecordedPrincipal {
  readonly issuer: string
  readonly subject: string
  readonly roles: readonly string[]
  readonly tokenDigest: string
}

/** Whole microseconds that each phase took, by phase name; phases not reached are absent. */
export type PhaseTimes = Readonly<Partial<Record<PhaseName, number>>>

/** The phases of the line, as records and metrics name them. */
export type PhaseName =
  | 'admit'
  | 'authenticate'
  | 'authorize'
  | 'limit'
  | 'read'
  | 'authorize-call'
  | 'screen'
  | 'audit'
  | 'forward'
  | 'deliver'

/** What decisions and refusals have in common. */
export interface ExchangeRecord {
  /** Exchange id, which is the decision id that clients are shown. */
  readonly id: string
  readonly receivedMs: number
  readonly peer: string
  readonly method: string
  readonly route: string
  readonly operation: string | undefined
  readonly model: string | undefined
  readonly tool: string | undefined
  readonly principal: RecordedPrincipal
  /** Hash of configuration and policies in force. */
  readonly revision: string
  /** Policies that decided, in the order of the phases. */
  readonly policies: readonly string[]
  readonly findings: readonly PlacedFinding[]
  /** True when the body was not screened (`opaque`). */
  readonly opaque: boolean
  readonly phases: PhaseTimes
  readonly requestBytes: number
}

/** Written before anything is forwarded. */
export interface DecisionRecord extends ExchangeRecord {
  readonly kind: 'decision'
  readonly effect: 'permit'
}

/** Written before the last byte of the answer leaves. */
export interface OutcomeRecord {
  readonly kind: 'outcome'
  readonly id: string
  readonly ending: Ending
  readonly status: number
  /** Problem name, when the gateway answered instead of the upstream. */
  readonly problem: string | undefined
  readonly upstreamStatus: number | undefined
  readonly answerBytes: number
  readonly durationMs: number
  readonly phases: PhaseTimes
}

/** A refusal after authentication: decision and outcome in one. */
export interface RefusalRecord extends ExchangeRecord {
  readonly kind: 'refusal'
  readonly effect: 'deny'
  readonly problem: string
  readonly code: number
  readonly status: number
  readonly reason: string
  readonly durationMs: number
}

/** Refusals before authentication and connection faults of one peer in one window, added up. */
export interface SummaryRecord {
  readonly kind: 'summary'
  readonly peer: string
  readonly fromMs: number
  readonly toMs: number
  /** How often each problem (or connection fault) happened. */
  readonly counts: Readonly<Record<string, number>>
  /** Exchange id of the first one, so that a client's request id can be found. */
  readonly firstId: string | undefined
}

/** Marks something about the log itself: opened, torn tail found, records lost, sink recovered. */
export interface LogRecord {
  readonly kind: 'log'
  readonly event: string
  readonly atMs: number
  readonly detail: Readonly<Record<string, string | number>>
}

/** Everything that the audit log holds. */
export type AuditRecord = DecisionRecord | OutcomeRecord | RefusalRecord | SummaryRecord | LogRecord
