import { errors } from 'undici'
import { BodyFaultError } from '../core/exchange.ts'
import { Denial } from '../problem/problems.ts'

/** Why an exchange with an upstream was ended by us; what undici and the network say comes as their own errors. */
export class Ended extends Error {
  readonly denial: Denial

  constructor(denial: Denial) {
    super(denial.reason)
    this.denial = denial
  }
}

const TIMEOUTS: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
])

const INVALID: ReadonlySet<string> = new Set([
  'UND_ERR_HEADERS_OVERFLOW',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  // The parser asserts what it took for granted, such as a status of at least 100.
  'ERR_ASSERTION',
])

/** Connections that were lost before the answer began: with one that was kept alive, the request may never have been read. */
const LOST: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])

/**
 * The refusal that an upstream's failure becomes. The reason is for the record: it may name inner addresses.
 *
 * @param begun True once a byte of the answer came: then the upstream was reached, and what it sent is broken.
 */
export function denialOf(error: Error, begun: boolean): Denial {
  if (error instanceof Ended) return error.denial
  if (error instanceof BodyFaultError) return bodyDenial(error)
  const code = codeOf(error)
  const reason = `${code}: ${error.message}`.slice(0, 200)
  if (TIMEOUTS.has(code)) return new Denial('upstream-timeout', reason)
  if (code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH')
    return new Denial('malformed-request', reason, { close: true })
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED')
    return new Denial('internal', reason)
  if (begun || INVALID.has(code) || error instanceof errors.HTTPParserError)
    return new Denial('upstream-invalid', reason)
  return new Denial('upstream-unreachable', reason)
}

/** True when a request that is safe to repeat may be sent once more (RFC 9110 section 9.2.2). */
export function isLostConnection(error: Error): boolean {
  return LOST.has(codeOf(error))
}

// The client's own doing: its body failed while it was passed on.
function bodyDenial({ fault }: BodyFaultError): Denial {
  if (fault === 'too-large')
    return new Denial('content-too-large', 'the streamed body is over the bound', { close: true })
  if (fault === 'too-slow')
    return new Denial('request-timeout', 'the streamed body came too slowly', { close: true })
  return new Denial('upstream-unreachable', 'the client went away in its body', { close: true })
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
