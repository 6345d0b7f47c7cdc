import type { Exchange } from '../core/exchange.ts'
import type { Principal } from '../core/principal.ts'
import type {
  DecisionRecord,
  Ending,
  ExchangeRecord,
  OutcomeRecord,
  PhaseName,
  PhaseTimes,
  RefusalRecord,
} from '../core/record.ts'
import type { PlacedFinding } from '../core/verdict.ts'
import { type Denial, problems } from '../problem/problems.ts'
import type { Reading } from './reading.ts'
import type { Route } from './route.ts'

/**
 * What is known of an exchange so far: filled by the line as it goes, read when a record or a refusal is written. It decides
 * nothing; the proofs do.
 */
export class Story {
  readonly exchange: Exchange
  readonly revision: string
  route: Route | undefined
  cors: readonly string[] = NONE
  principal: Principal | undefined
  reading: Reading | undefined
  policies: readonly string[] = NONE
  findings: readonly PlacedFinding[] = []
  /** RateLimit fields, once the limits were asked. */
  limitFields: readonly string[] = NONE
  /** True once the decision record is written: what ends the exchange from then on is an outcome, not a refusal. */
  decided = false
  /** True once its last record is made: an exchange has one end. */
  ended = false
  /** How it ended, for the meter: a problem name or an ending. */
  result = 'completed'
  upstreamStatus: number | undefined
  answerBytes = 0
  /** True when the answer is `text/event-stream`: then a broken one ends with an error event. */
  eventStream = false
  #phases: Partial<Record<PhaseName, number>> = {}
  #lapMs: number

  constructor(exchange: Exchange, revision: string) {
    this.exchange = exchange
    this.revision = revision
    this.#lapMs = exchange.startedMs
  }

  /** Ends a phase: what passed since the one before is its time. */
  lap(phase: PhaseName): void {
    const nowMs = performance.now()
    // Whole numbers: they are written twice for each exchange, and a fraction costs ten times as much to write.
    this.#phases[phase] = Math.round((nowMs - this.#lapMs) * 1_000)
    this.#lapMs = nowMs
  }

  /** Phase times so far, microseconds. */
  get phases(): PhaseTimes {
    return this.#phases
  }

  decision(): DecisionRecord {
    return { ...this.#common(this.#known()), kind: 'decision', effect: 'permit' }
  }

  refusal(denial: Denial): RefusalRecord {
    const { code, status } = problems[denial.problem]
    this.ended = true
    return {
      kind: 'refusal',
      effect: 'deny',
      ...this.#common(this.#known()),
      policies: denial.more.rules ?? this.policies,
      findings: denial.more.findings ?? this.findings,
      problem: denial.problem,
      code,
      status,
      reason: denial.reason,
      durationMs: Math.round(performance.now() - this.exchange.startedMs),
    }
  }

  outcome(ending: Ending, status: number, problem?: string): OutcomeRecord {
    this.ended = true
    return {
      kind: 'outcome',
      id: this.exchange.id,
      ending,
      status,
      problem,
      upstreamStatus: this.upstreamStatus,
      answerBytes: this.answerBytes,
      durationMs: Math.round(performance.now() - this.exchange.startedMs),
      phases: this.#phases,
    }
  }

  #known(): Known {
    const { route, principal } = this
    if (route === undefined || principal === undefined)
      throw new Error('a record was asked for before anybody was known')
    return { route, principal }
  }

  #common({ route, principal }: Known): ExchangeRecord {
    const { exchange, reading } = this
    return {
      id: exchange.id,
      receivedMs: exchange.receivedMs,
      peer: exchange.connection.peer,
      method: exchange.method,
      route: route.config.name,
      operation: reading?.call.operation,
      model: reading?.call.model,
      tool: reading?.call.tool,
      principal: {
        issuer: principal.issuer,
        subject: principal.subject,
        roles: principal.roles,
        tokenDigest: principal.tokenDigest,
      },
      revision: this.revision,
      policies: this.policies,
      findings: this.findings,
      opaque: reading?.call.opaque ?? false,
      phases: this.#phases,
      requestBytes: reading?.bytes?.length ?? 0,
    }
  }
}

interface Known {
  readonly route: Route
  readonly principal: Principal
}

const NONE: readonly string[] = []
