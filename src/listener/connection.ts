import type { Socket } from 'node:net'
import type { Connection } from '../core/exchange.ts'
import { networkOf } from './peers.ts'

/** One TCP connection from its acceptance to its end. */
export class ClientConnection implements Connection {
  /** The TCP socket beneath TLS: the only one that can be reset. */
  readonly raw: Socket
  readonly key: string
  readonly trusted: boolean
  peer: string
  network: string
  /** True when a trusted peer's PROXY header named the peer. */
  named = false
  servername: string | undefined
  tlsVersion = ''
  stage: 'sniffing' | 'handshaking' | 'secure' = 'sniffing'

  constructor(raw: Socket, peer: string, trusted: boolean) {
    this.raw = raw
    this.key = keyOf(raw)
    this.peer = peer
    this.network = networkOf(peer)
    this.trusted = trusted
  }
}

/**
 * What names a connection while it is open: the TLS socket, which Node makes of the TCP socket, and the HTTP/2 session
 * on top of it show the same addresses.
 */
export function keyOf(
  socket: Pick<Socket, 'remoteAddress' | 'remotePort' | 'localAddress' | 'localPort'>,
): string {
  return `${socket.remoteAddress} ${socket.remotePort} ${socket.localAddress} ${socket.localPort}`
}
