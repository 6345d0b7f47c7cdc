import type { Socket } from 'node:net'
import type { BoundsConfig } from '../core/config.ts'
import { ClientConnection, keyOf } from './connection.ts'
import { networkOf, plainAddress, type TrustedPeers } from './peers.ts'

/** All open connections, and how many of them each peer has (in IPv6: each /64). */
export class Roster {
  readonly #byKey = new Map<string, ClientConnection>()
  readonly #countByNetwork = new Map<string, number>()
  readonly #isTrusted: TrustedPeers
  readonly #bounds: Pick<BoundsConfig, 'connectionsMax' | 'connectionsPerPeerMax'>

  readonly #onLeave: (connection: ClientConnection) => void

  constructor(
    isTrusted: TrustedPeers,
    bounds: Pick<BoundsConfig, 'connectionsMax' | 'connectionsPerPeerMax'>,
    onLeave: (connection: ClientConnection) => void,
  ) {
    this.#isTrusted = isTrusted
    this.#bounds = bounds
    this.#onLeave = onLeave
  }

  get size(): number {
    return this.#byKey.size
  }

  /** Enters a new connection; undefined when a bound is reached or the peer has gone already. */
  enter(raw: Socket): ClientConnection | undefined {
    if (raw.remoteAddress === undefined || this.#byKey.size >= this.#bounds.connectionsMax) return undefined
    const address = plainAddress(raw.remoteAddress)
    const trusted = this.#isTrusted(address)
    const connection = new ClientConnection(raw, address, trusted)
    // A balancer brings everybody's connections; only those it names are counted, when it names them.
    if (!trusted && !this.#take(connection.network)) return undefined
    this.#byKey.set(connection.key, connection)
    raw.once('close', () => this.#leave(connection))
    return connection
  }

  /** The balancer says who the client is. False when that client has too many connections. */
  rename(connection: ClientConnection, peer: string): boolean {
    const network = networkOf(peer)
    if (!this.#take(network)) return false
    connection.peer = peer
    connection.network = network
    connection.named = true
    return true
  }

  /** The connection that a TLS socket or an HTTP/2 session runs on; undefined when it has ended. */
  find(socket: Parameters<typeof keyOf>[0]): ClientConnection | undefined {
    return this.#byKey.get(keyOf(socket))
  }

  [Symbol.iterator](): IterableIterator<ClientConnection> {
    return this.#byKey.values()
  }

  #leave(connection: ClientConnection): void {
    this.#byKey.delete(connection.key)
    this.#onLeave(connection)
    if (connection.trusted && !connection.named) return
    const { network } = connection
    const count = (this.#countByNetwork.get(network) ?? 0) - 1
    if (count > 0) this.#countByNetwork.set(network, count)
    else this.#countByNetwork.delete(network)
  }

  #take(network: string): boolean {
    const count = this.#countByNetwork.get(network) ?? 0
    if (count >= this.#bounds.connectionsPerPeerMax) return false
    this.#countByNetwork.set(network, count + 1)
    return true
  }
}
