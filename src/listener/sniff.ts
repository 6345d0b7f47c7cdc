import type { Socket } from 'node:net'
import type { ClientConnection } from './connection.ts'
import { CLOSE, encodeAnswer } from './encode.ts'
import type { Entry } from './entry.ts'
import { farewell, ignore } from './farewell.ts'
import { HEADER_BYTES_MAX, parseProxyHeader } from './proxy-protocol.ts'
import type { Roster } from './roster.ts'

/** First byte of a TLS record with a client hello. */
const TLS_HANDSHAKE = 0x16
/** A credential further into a request than this is not looked for, bytes. */
const CREDENTIAL_WITHIN = 8_192

const EMPTY = Buffer.alloc(0)

/** Where a connection goes once its first byte is known. */
export interface Sniffing {
  readonly entry: Entry
  readonly roster: Roster
  /** Takes the connection on as TLS; the bytes read so far are back in the socket. */
  onTls(raw: Socket): void
  /** A credential was sent in clear: whoever listens on the way has it. */
  onCredential(peer: string): void
}

/**
 * Looks at the first bytes of a connection: an optional PROXY header of a trusted peer, then TLS or not. Plain HTTP is
 * answered 421 and never redirected: a redirect would teach clients to send their token in clear first.
 */
export function sniff(connection: ClientConnection, sniffing: Sniffing): void {
  const { raw } = connection
  const { entry } = sniffing
  let seen: Buffer = EMPTY
  let headed = !connection.trusted
  // One deadline for all of it: a header that trickles in is as bad as silence.
  const timer = setTimeout(() => refuse('silent'), entry.bounds.silentMs)
  raw.on('error', ignore)
  raw.once('close', stop)
  raw.on('data', onBytes)

  function onBytes(chunk: Buffer): void {
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk])
    if (headed) return judgeFirstByte()

    const header = parseProxyHeader(seen)
    if (header.kind === 'malformed') return refuse('proxy-header')
    if (header.kind === 'incomplete')
      return seen.length > HEADER_BYTES_MAX ? refuse('proxy-header') : undefined
    if (header.kind === 'header') {
      seen = seen.subarray(header.bytes)
      const { source } = header
      headed = true
      if (source !== undefined && !sniffing.roster.rename(connection, source))
        return refuse('connections-per-peer')
    }
    if (seen.length > 0) judgeFirstByte()
  }

  function judgeFirstByte(): void {
    const first = seen
    stop()
    if (first[0] !== TLS_HANDSHAKE) return refusePlain(first)
    connection.stage = 'handshaking'
    raw.pause()
    raw.unshift(first)
    sniffing.onTls(raw)
  }

  function refusePlain(first: Buffer): void {
    const text = first.toString('latin1', 0, CREDENTIAL_WITHIN)
    const credential = /\n(?:proxy-)?authorization[ \t]*:/i.test(text)
    const id = entry.nextId()
    if (credential) sniffing.onCredential(connection.peer)
    entry.onFault(connection.peer, credential ? 'credential-in-cleartext' : 'tls-required', id)
    farewell(raw, encodeAnswer(entry.renderFault('tls-required', id), '', entry.clock.wallMs(), CLOSE))
  }

  function refuse(what: string): void {
    stop()
    entry.onFault(connection.peer, what, undefined)
    raw.destroy()
  }

  // Nothing of this may stay with the connection: it would be held as long as that is.
  function stop(): void {
    clearTimeout(timer)
    seen = EMPTY
    raw.removeListener('close', stop)
    raw.removeListener('data', onBytes)
  }
}
