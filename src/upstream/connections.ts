import { isIP } from 'node:net'
import { buildConnector, Client } from 'undici'
import type { UpstreamConfig } from '../core/config.ts'

/**
 * Streams on one HTTP/2 connection: Node's and nginx's servers allow at least as many.
 *
 * A limit that we know: a stream that is reset with NO_ERROR before its end reads as ended, for Node does not tell the two
 * apart (RFC 9113 section 8.1 allows that code after a whole answer only). A declared length is held to all the same.
 */
const STREAMS_MAX = 100
/** Idle connections end before common upstreams end them (Node and uvicorn: 5 s), so that few requests meet a closing one. */
const IDLE_MS = 4_000
/** Where the upstream announces a longer one (`Keep-Alive: timeout=`), up to this; a second before it ends. */
const IDLE_MS_MAX = 60_000
const IDLE_MARGIN_MS = 1_000

/** One connection to an upstream, with the exchanges that are on it. */
export class Connection {
  readonly client: Client
  /** Exchanges on it now, and how many fit: one in HTTP/1.1 (nothing is pipelined), many in HTTP/2. */
  flights = 0
  capacity = 1
  /** Requests written to the socket that it has now: 0 means that the socket is fresh. */
  written = 0
  retired = false

  constructor(origin: URL, options: Client.Options, connect: buildConnector.connector) {
    this.client = new Client(origin, {
      ...options,
      connect: (place, done) =>
        connect(place, (...[error, socket]) => {
          if (error !== null) return done(error, null)
          this.written = 0
          this.capacity = 'alpnProtocol' in socket && socket.alpnProtocol === 'h2' ? STREAMS_MAX : 1
          done(null, socket)
        }),
    })
  }
}

/**
 * The connections to one upstream. There is no bound here, on purpose: how many exchanges a route may have at once is
 * decided before (`concurrencyMax`), and a bound below that would make streams wait for one another's sockets.
 *
 * undici's own Pool looks for a free connection through all of them; this one takes the last that became free, so that
 * surplus connections go idle and end.
 */
export class Connections {
  readonly #origin: URL
  readonly #options: Client.Options
  readonly #connect: buildConnector.connector
  readonly #free: Connection[] = []
  readonly #all = new Set<Connection>()

  constructor(place: URL, config: UpstreamConfig) {
    // Taken apart once: undici would do it for each connection.
    this.#origin = new URL(place.origin)
    this.#options = {
      maxHeaderSize: config.headBytesMax,
      headersTimeout: config.firstByteMs,
      bodyTimeout: config.idleMs,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS_MAX,
      keepAliveTimeoutThreshold: IDLE_MARGIN_MS,
      pipelining: 1,
      strictContentLength: true,
      h2Options: { maxConcurrentStreams: STREAMS_MAX },
    }
    this.#connect = connector(place, config)
  }

  /** A place on a connection. `fresh`: on one of its own, newly opened. */
  take(fresh = false): Connection {
    const free = fresh ? undefined : this.#free.at(-1)
    const connection = free ?? this.#open()
    connection.flights += 1
    if (free !== undefined && free.flights >= free.capacity) this.#free.pop()
    return connection
  }

  /** Gives the place back. After a fault an HTTP/1.1 connection is never used again. */
  give(connection: Connection, fault: boolean): void {
    connection.flights -= 1
    if (fault && connection.capacity === 1) connection.retired = true
    if (connection.retired) this.#retire(connection)
    else this.#offer(connection)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map(({ client }) => client.destroy()))
  }

  #open(): Connection {
    const connection = new Connection(this.#origin, this.#options, this.#connect)
    this.#all.add(connection)
    connection.client
      .on('connect', () => this.#offer(connection))
      .on('disconnect', () => this.#retire(connection))
      .on('connectionError', () => this.#retire(connection))
    return connection
  }

  #offer(connection: Connection): void {
    if (connection.retired || connection.flights >= connection.capacity) return
    if (connection.capacity === 1 || !this.#free.includes(connection)) this.#free.push(connection)
  }

  #retire(connection: Connection): void {
    connection.retired = true
    const at = this.#free.lastIndexOf(connection)
    if (at >= 0) this.#free.splice(at, 1)
    if (connection.flights > 0) return
    this.#all.delete(connection)
    // Nothing is on it: what is left of the socket goes at once.
    connection.client.destroy(RETIRED).catch(() => {})
  }
}

/** Nobody is told of it: made once, for undici would record a stack for each connection that ends. */
const RETIRED = new Error('the connection is retired')

function connector(place: URL, { tls, socket, connectMs, http2 }: UpstreamConfig): buildConnector.connector {
  // Said for each connection, for undici would verify the certificate for the name in the Host header first. An address is
  // verified as one, without a name.
  const servername =
    tls?.servername ?? (isIP(place.hostname.replace(/^\[|\]$/g, '')) === 0 ? place.hostname : '')
  const connect = buildConnector({
    timeout: connectMs,
    allowH2: http2 && place.protocol === 'https:',
    // Said outright, for the environment can turn it off (NODE_TLS_REJECT_UNAUTHORIZED).
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ...(socket !== undefined && { socketPath: socket }),
    ...(tls?.ca !== undefined && { ca: tls.ca }),
    ...(tls?.cert !== undefined && { cert: tls.cert }),
    ...(tls?.key !== undefined && { key: tls.key }),
  })
  return (at, done) => connect({ ...at, servername }, done)
}
