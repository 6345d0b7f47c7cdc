import type { Call } from '../core/call.ts'
import type { Denial } from '../problem/problems.ts'

/** What a protocol reads. */
export interface ProtocolRequest {
  readonly method: string
  /** Canonical path below the route's prefix; begins with `/`. */
  readonly path: string
  /** Raw query without `?`; empty when there is none. */
  readonly query: string
  /** Content-Type as sent, one value at most; undefined when absent. */
  readonly contentType: string | undefined
  /** Whole body, decoded; empty when there is none. */
  readonly body: Uint8Array
}

/** Bounds that the route sets for its protocol. */
export interface ProtocolBounds {
  readonly jsonDepthMax: number
  /** Most texts of one request, since each costs a screening; more is `content-too-large`. */
  readonly textsMax: number
}

/**
 * An agent protocol: pure, one file each. Reads a request into a `Call` or refuses it. It never changes the bytes: what it
 * read is what is forwarded.
 */
export interface Protocol {
  readonly name: 'http' | 'openai' | 'anthropic'
  /** Shape of error bodies and of errors in the middle of a stream. */
  readonly shape: 'http' | 'openai' | 'anthropic'
  read(request: ProtocolRequest, bounds: ProtocolBounds): Call | Denial
}
