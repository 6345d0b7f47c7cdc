import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createSecureServer, type Http2SecureServer } from 'node:http2'
import fastify from 'fastify'
import type { Config } from '../core/config.ts'
import { secureOptions } from './tls.ts'

/** Fastify and the secure server it owns. */
export interface Front {
  readonly server: Http2SecureServer
  /** Takes an HTTP/1 request through Fastify, which ends in its `enter` before it returns. */
  readonly through: (passing: Passing) => void
}

/**
 * What Fastify is shown of an HTTP/1 request: enough to route it. Its fields are read by the line, and its body by nobody
 * before it is permitted.
 */
export interface Passing {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Where every request comes out: those that Fastify routes, does not know or cannot read. May be called twice. */
  enter(): void
}

/** What the front is made of. */
export interface FrontOptions {
  readonly config: Pick<Config, 'tls' | 'bounds'>
  readonly ticketKeys: Buffer
  /** Tells whether a client hello may ask for this name. */
  readonly isServed: (servername: string) => boolean
}

/**
 * Makes Fastify around a server for HTTP/2 and HTTP/1.1 that never listens: connections are handed in once their first
 * byte is known. There is one way through, without hooks and without parsers: whatever path, method or media type a
 * request has, it comes out at `enter` with its body unread.
 */
export async function createFront(options: FrontOptions): Promise<Front> {
  const server = createServer(options)
  let through: ((request: IncomingMessage, response: ServerResponse) => void) | undefined
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
  const taken = through
  if (taken === undefined) throw new Error('Fastify made no server')
  return {
    server,
    // To Fastify a request is what it routes by; there is no response of Node's, for the answer is written by the lane.
    through: (passing) =>
      taken(passing as unknown as IncomingMessage, NO_RESPONSE as unknown as ServerResponse),
  }
}

function enter(request: { raw: unknown }, reply: { hijack(): unknown }): void {
  reply.hijack()
  const passing = request.raw as Passing
  passing.enter()
}

const NO_RESPONSE = {}

function createServer({ config, ticketKeys, isServed }: FrontOptions): Http2SecureServer {
  const { bounds } = config
  return createSecureServer({
    ...secureOptions(config.tls, ticketKeys),
    // Who offers neither is refused in the handshake (RFC 7301 section 3.2); who offers nothing speaks HTTP/1.1.
    ALPNCallback: ({ protocols }) => ['h2', 'http/1.1'].find((ours) => protocols.includes(ours)),
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
  })
}

const PSEUDO_HEADERS = 4
/** Frames that break the protocol, empty DATA frames among them, in the life of one connection. */
const INVALID_FRAMES_MAX = 100
