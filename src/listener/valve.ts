import type { Duplex } from 'node:stream'

/**
 * Stands between an HTTP/1 connection and Node's parser of it, and holds back what comes faster than it is answered.
 *
 * Pausing the socket is not enough: the parser asks for more after each message, whoever has paused. So chunks go
 * through here; while the valve is closed they are kept, which are few, because the socket stops reading behind them.
 */
export class Valve {
  readonly #socket: Duplex
  readonly #feed: (chunk: Buffer) => void
  readonly #isFull: () => boolean
  readonly #kept: Buffer[] = []

  /** @param isFull True while no more requests are to be parsed. */
  constructor(socket: Duplex, isFull: () => boolean) {
    const listeners = socket.listeners('data')
    socket.removeAllListeners('data')
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    // Node pauses its parser while a client does not read its answers; what the parser is given then is lost.
    socket.on('drain', () => this.open())
    this.#socket = socket
    this.#isFull = isFull
    this.#feed = (chunk) => {
      for (const listener of listeners) listener.call(socket, chunk)
    }
  }

  /** Goes on after `isFull` has become false. */
  open(): void {
    while (!this.#isBlocked()) {
      const chunk = this.#kept.shift()
      if (chunk === undefined) {
        this.#socket.resume()
        return
      }
      this.#feed(chunk)
    }
  }

  /** Forgets what is kept. */
  shut(): void {
    this.#kept.length = 0
  }

  #take(chunk: Buffer): void {
    const held = this.#kept.length > 0 || this.#isBlocked()
    if (held) this.#kept.push(chunk)
    else this.#feed(chunk)
    if (held || this.#isBlocked()) this.#socket.pause()
  }

  #isBlocked(): boolean {
    return this.#isFull() || this.#socket.writableNeedDrain
  }
}
