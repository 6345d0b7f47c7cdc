import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http'
import { createSecureServer, type Http2SecureServer } from 'node:http2'
import fastify from 'fastify'
import type { BoundsConfig, Config } from '../core/config.ts'
import { secureOptions } from './tls.ts'

/** Fastify and the secure server it owns. */
export interface Front {
  readonly server: Http2SecureServer
  /** Takes an HTTP/1 request through Fastify, which ends in `enter` before it returns. */
  readonly through: (request: IncomingMessage, response: ServerResponse) => void
}

/** What the front is made of. */
export interface FrontOptions {
  readonly config: Pick<Config, 'tls' | 'bounds'>
  readonly ticketKeys: Buffer
  /** Tells whether a client hello may ask for this name. */
  readonly isServed: (servername: string) => boolean
  /** Gets every request: those that Fastify routes, does not know or cannot read. */
  readonly enter: (request: IncomingMessage) => void
}

/**
 * Makes Fastify around a server for HTTP/2 and HTTP/1.1 that never listens: connections are handed in once their first
 * byte is known. There is one way through, without hooks and without parsers: whatever path, method or media type a
 * request has, it comes out at `enter` with its body unread.
 */
export async function createFront(options: FrontOptions): Promise<Front> {
  const server = createServer(options)
  let through: Front['through'] | undefined
  const app = fastify({
    serverFactory(handler) {
      through = handler
      // To Fastify it is what it meets of it, the HTTP/1 side: streams of HTTP/2 do not come this way.
      return server as unknown as Server
    },
    return503OnClosing: false,
    exposeHeadRoutes: false,
    clientErrorHandler: () => {},
    frameworkErrors: (_error, request, reply) => enter(request, reply),
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  app.all('*', enter)
  app.setNotFoundHandler(enter)
  app.setErrorHandler((_error, request, reply) => enter(request, reply))
  await app.ready()
  if (through === undefined) throw new Error('Fastify made no server')
  return { server, through }

  function enter(request: { raw: IncomingMessage }, reply: { hijack(): unknown }): void {
    reply.hijack()
    options.enter(request.raw)
  }
}

function createServer({ config, ticketKeys, isServed }: FrontOptions): Http2SecureServer {
  const { bounds } = config
  const server = createSecureServer({
    ...secureOptions(config.tls, ticketKeys),
    allowHTTP1: true,
    ALPNProtocols: ['h2', 'http/1.1'],
    handshakeTimeout: bounds.handshakeMs,
    // A refusal is a value here: an error thrown at this place has ended processes (CVE-2026-21637).
    SNICallback: (servername, callback) => {
      if (isServed(servername.toLowerCase())) callback(null)
      else callback(new Error('server name not served'))
    },
    settings: { maxConcurrentStreams: bounds.streamsMax, enablePush: false, enableConnectProtocol: false },
    maxHeaderListPairs: bounds.headersMax + PSEUDO_HEADERS,
    // An agent that says Date twice is answered for as in HTTP/1.1: Node would throw in the middle of the answer.
    strictSingleValueFields: false,
    maxSessionInvalidFrames: INVALID_FRAMES_MAX,
    maxSessionRejectedStreams: INVALID_FRAMES_MAX,
    maxSettings: 16,
    streamResetBurst: bounds.resetsPerSMax * 2,
    streamResetRate: bounds.resetsPerSMax,
    http1Options: http1Options(bounds),
  })
  // Node cuts the list at a bound of its own and says nothing (CVE-2026-58044): unbounded here, counted in framing.ts,
  // and bounded in bytes by maxHeaderSize all the same.
  return Object.assign(server, { maxHeadersCount: 0 })
}

// Typed as the options of an HTTP/1 server, which is what Node makes of them; the types of http2 name one of them only.
function http1Options(bounds: BoundsConfig): ServerOptions {
  return {
    maxHeaderSize: bounds.headBytesMax,
    headersTimeout: Math.min(bounds.headersMs, bounds.requestMs),
    requestTimeout: bounds.requestMs,
    keepAliveTimeout: bounds.idleMs,
    keepAliveTimeoutBuffer: 0,
    connectionsCheckingInterval: 1_000,
    // Node would answer a missing Host by itself, without our problem: framing.ts judges it.
    requireHostHeader: false,
    optimizeEmptyRequests: true,
  }
}

const PSEUDO_HEADERS = 4
/** Frames that break the protocol, empty DATA frames among them, in the life of one connection. */
const INVALID_FRAMES_MAX = 100
