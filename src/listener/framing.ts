import type { BoundsConfig } from '../core/config.ts'
import { Denial } from '../problem/problems.ts'

/** The bounds that a head is judged by. */
export type HeadBounds = Pick<BoundsConfig, 'headersMax' | 'targetBytesMax'>

/** What of an HTTP/1 request decides where it ends and what it is. */
export interface Head {
  /** As in the request line, such as `1.1`. */
  readonly version: string
  readonly target: string
  /** Names and values in turn, as received. */
  readonly rawHeaders: readonly string[]
}

/**
 * Judges the framing of an HTTP/1 request: whatever another reader could end at another byte is refused, and the
 * connection with it, for an attacker hides a second request in the difference (RFC 9112 section 11.2).
 *
 * Node's parser has refused most of it before; what it lets pass (a coding before `chunked`, Transfer-Encoding on
 * HTTP/1.0, a second Host) is caught here, and the rest is checked again because it costs nothing.
 */
export function judgeFraming(head: Head, bounds: HeadBounds): Denial | undefined {
  if (head.version !== '1.1' && head.version !== '1.0') return malformed(`HTTP version ${head.version}`)
  if (head.rawHeaders.length > bounds.headersMax * 2) return tooLarge('too many header fields')
  if (head.target.length > bounds.targetBytesMax) return tooLarge('request target too long')

  let hosts = 0
  let lengths = 0
  let codings = 0
  for (let i = 0; i + 1 < head.rawHeaders.length; i += 2) {
    const name = head.rawHeaders[i] ?? ''
    // By length first: most names are none of these three, and lower-casing each would be the cost of this walk.
    if (name.length === 4 && isNamed(name, 'host')) hosts += 1
    else if (name.length === 14 && isNamed(name, 'content-length')) {
      lengths += 1
      if (!isLength(head.rawHeaders[i + 1])) return malformed('Content-Length is not a number')
    } else if (name.length === 17 && isNamed(name, 'transfer-encoding')) {
      codings += 1
      if (head.rawHeaders[i + 1]?.toLowerCase() !== 'chunked')
        return malformed('Transfer-Encoding is not chunked')
    }
  }
  // "A server MUST respond with a 400 to any request message that lacks a Host header field and to any that contains
  // more than one" (RFC 9112 section 3.2). HTTP/1.0 may do without; we serve several names and do not guess.
  if (hosts !== 1) return malformed(`${hosts} Host fields`)
  if (lengths > 1 || codings > 1) return malformed('framing field repeated')
  if (lengths + codings > 1) return malformed('both Content-Length and Transfer-Encoding')
  // RFC 9112 section 6.1: "regarded as if the framing is faulty".
  if (codings > 0 && head.version === '1.0') return malformed('Transfer-Encoding in HTTP/1.0')
  return undefined
}

/**
 * Length of the body that a head announces, once its framing is judged: bytes, 0 when there is none, undefined when it
 * is chunked.
 */
export function lengthOf(rawHeaders: readonly string[]): number | undefined {
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? ''
    if (name.length === 14 && isNamed(name, 'content-length')) return Number(rawHeaders[i + 1])
    if (name.length === 17 && isNamed(name, 'transfer-encoding')) return undefined
  }
  return 0
}

function isNamed(name: string, wanted: string): boolean {
  return name === wanted || name.toLowerCase() === wanted
}

/** "1*DIGIT" (RFC 9110 section 8.6), below 2^53 so that no digit is lost. */
function isLength(value: string | undefined): boolean {
  return value !== undefined && /^[0-9]{1,15}$/.test(value)
}

function malformed(reason: string): Denial {
  return new Denial('malformed-request', reason, { close: true })
}

function tooLarge(reason: string): Denial {
  return new Denial('headers-too-large', reason, { close: true })
}
