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

/** What a head says of its message, once nothing in it is in doubt. */
export interface Framing {
  readonly version: '1.0' | '1.1'
  /** Length of the body in bytes: 0 when there is none, undefined when it is chunked. */
  readonly bodyBytes: number | undefined
  /** True: the client asks for the end of the connection, or speaks HTTP/1.0. */
  readonly close: boolean
  /** True: it waits for `100 Continue` before it sends any of its body. */
  readonly awaitsContinue: boolean
}

/**
 * Reads the framing of an HTTP/1 request: whatever another reader could end at another byte is refused, and the
 * connection with it, for an attacker hides a second request in the difference (RFC 9112 section 11.2).
 */
export function readFraming(head: Head, bounds: HeadBounds): Framing | Denial {
  const { version, rawHeaders } = head
  if (version !== '1.1' && version !== '1.0') return malformed(`HTTP version ${version}`)
  if (rawHeaders.length > bounds.headersMax * 2) return tooLarge('too many header fields')
  if (head.target.length > bounds.targetBytesMax) return tooLarge('request target too long')

  const said = new Said()
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const denial = said.take(rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '')
    if (denial !== undefined) return denial
  }
  // "A server MUST respond with a 400 to any request message that lacks a Host header field and to any that contains
  // more than one" (RFC 9112 section 3.2). HTTP/1.0 may do without; we serve several names and do not guess.
  if (said.hosts !== 1) return malformed(`${said.hosts} Host fields`)
  if (said.lengths > 1 || said.codings > 1) return malformed('framing field repeated')
  if (said.lengths + said.codings > 1) return malformed('both Content-Length and Transfer-Encoding')
  const old = version === '1.0'
  // RFC 9112 section 6.1: "regarded as if the framing is faulty".
  if (said.codings > 0 && old) return malformed('Transfer-Encoding in HTTP/1.0')
  // An expectation that we cannot meet (RFC 9110 section 10.1.1); the client would wait for a 417 that says no more.
  if (said.expectsOther && !old) return malformed('an unknown expectation')
  const bodyBytes = said.codings > 0 ? undefined : said.bodyBytes
  const awaitsContinue = said.expectsContinue && !old && bodyBytes !== 0
  return { version, bodyBytes, close: old || said.close, awaitsContinue }
}

/** The fields that say something of the message itself, gathered in one walk. */
class Said {
  hosts = 0
  lengths = 0
  codings = 0
  bodyBytes = 0
  close = false
  expectsContinue = false
  expectsOther = false

  take(name: string, value: string): Denial | undefined {
    // By length first: most names are none of these, and lower-casing each would be the cost of this walk.
    switch (name.length) {
      case 4:
        if (isNamed(name, 'host')) this.hosts += 1
        return undefined
      case 6:
        if (isNamed(name, 'expect')) this.#expect(value)
        return undefined
      case 10:
        if (isNamed(name, 'connection')) this.close ||= /(?:^|,)[ \t]*close[ \t]*(?:,|$)/i.test(value)
        return undefined
      case 14:
        return isNamed(name, 'content-length') ? this.#length(value) : undefined
      case 17:
        return isNamed(name, 'transfer-encoding') ? this.#coding(value) : undefined
      default:
        return undefined
    }
  }

  #expect(value: string): void {
    if (value.toLowerCase() === '100-continue') this.expectsContinue = true
    else this.expectsOther = true
  }

  #length(value: string): Denial | undefined {
    this.lengths += 1
    if (!isLength(value)) return malformed('Content-Length is not a number')
    this.bodyBytes = Number(value)
    return undefined
  }

  #coding(value: string): Denial | undefined {
    this.codings += 1
    return value.toLowerCase() === 'chunked' ? undefined : malformed('Transfer-Encoding is not chunked')
  }
}

function isNamed(name: string, wanted: string): boolean {
  return name === wanted || name.toLowerCase() === wanted
}

/** "1*DIGIT" (RFC 9110 section 8.6), below 2^53 so that no digit is lost. */
function isLength(value: string): boolean {
  return /^[0-9]{1,15}$/.test(value)
}

function malformed(reason: string): Denial {
  return new Denial('malformed-request', reason, { close: true })
}

function tooLarge(reason: string): Denial {
  return new Denial('headers-too-large', reason, { close: true })
}
