import type { BoundsConfig } from '../core/config.ts'
import type { Clock } from '../core/clock.ts'
import type { Answer, Exchange } from '../core/exchange.ts'
import type { ProblemName } from '../problem/problems.ts'
import type { Pace } from './pace.ts'

/** What both HTTP versions need to hand an exchange in. */
export interface Entry {
  readonly clock: Clock
  readonly bounds: BoundsConfig
  readonly pace: Pace
  readonly tally: Tally
  nextId(): string
  handle(exchange: Exchange): Promise<void>
  renderFault(problem: ProblemName, id: string): Answer
  /** A fault of the connection itself, for the summaries: what it was, and the id that the client was shown. */
  onFault(peer: string, what: string, id: string | undefined): void
}

/** Counters that change while the listener works. */
export interface Tally {
  exchanges: number
  /** True once no new connections are taken: answers say that theirs ends. */
  draining: boolean
}
