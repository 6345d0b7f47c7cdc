import type { DecisionRecord, OutcomeRecord, RefusalRecord } from '../core/record.ts'

/**
 * The audit sink as the pipeline sees it. The JSON-lines writer is the first maker; the sealed log will be the second.
 *
 * Each promise resolves to true once the record is written (write(2) returned; in `sync` mode, fdatasync too), and to
 * false when it was not and will not be: then nothing may be forwarded. They never reject and never wait without bound.
 */
export interface AuditLog {
  decision(record: DecisionRecord): Promise<boolean>
  outcome(record: OutcomeRecord): Promise<boolean>
  refusal(record: RefusalRecord): Promise<boolean>
  /** Adds a refusal before authentication, or a connection fault, to the peer's summary of the window. Never waits. */
  anonymous(peer: string, what: string, exchangeId: string | undefined): void
  /** False while the sink cannot write; true again once a write went through. */
  readonly healthy: boolean
  /** Writes what is queued and the open summaries, syncs, ends. */
  close(): Promise<void>
}
