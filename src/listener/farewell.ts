import type { Duplex } from 'node:stream'

/** How much of what the client still sends is read away, in bytes, and how long, in milliseconds. */
const LINGER_BYTES_MAX = 65_536
const LINGER_MS_MAX = 1_000

/**
 * Says the last word on a connection and closes it, so that the client can read it.
 *
 * Closing a socket with unread bytes in it resets the connection, and the reset may overtake the answer (RFC 9112
 * section 9.6): so the write side is closed first, and what still comes in is read away for a bounded while.
 */
export function farewell(socket: Duplex, lastWords: Uint8Array): void {
  let lingered = 0
  const timer = setTimeout(() => socket.destroy(), LINGER_MS_MAX)
  // What is parsed from now on would be judged for nothing: the parser must not see it.
  socket.removeAllListeners('data')
  socket.on('error', ignore)
  socket.on('data', (chunk: Uint8Array) => {
    lingered += chunk.length
    // No more is read, and a client that only writes is left waiting until the time is over; it has its answer.
    if (lingered > LINGER_BYTES_MAX) socket.pause()
  })
  socket.once('end', () => socket.end())
  socket.once('close', () => clearTimeout(timer))
  socket.end(lastWords)
  socket.resume()
}

/**
 * How long a client without a request is left its connection when the gateway drains, in milliseconds: its next request may be
 * on the way, and would fail unseen. It is answered, as the last one.
 */
export const PARTING_MS = 500

/** An error of a connection that is over anyway. `close` follows it. */
export function ignore(): void {}
