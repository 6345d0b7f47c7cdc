import { Readable } from 'node:stream'
import { Pool } from 'undici'
import type { UpstreamConfig } from '../core/config.ts'
import type { Observer } from '../core/events.ts'
import { Denial } from '../problem/problems.ts'
import { Hop } from './hop.ts'
import type { Order, SendHooks, Upstream, UpstreamAnswer } from './upstream.ts'

/** What an upstream is given. */
export interface UpstreamDeps {
  readonly observer: Observer
}

/** Below what servers commonly use (Node 5 s, nginx 75 s): a socket that they are about to close is not written to. */
const KEEP_ALIVE_MS = 4_000

/**
 * Connects to one upstream. Streams never queue for a socket: connections are not bounded here but by the concurrency of the
 * route, for a stream that waits for another to end waits for minutes.
 */
export function createUpstream(config: UpstreamConfig, deps: UpstreamDeps): Upstream {
  const pool = new Pool(new URL(config.url).origin, {
    connections: null,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    headersTimeout: config.firstByteMs,
    bodyTimeout: config.idleMs,
    maxHeaderSize: config.headBytesMax,
    strictContentLength: true,
    allowH2: config.url.startsWith('https:'),
    connect: connectOptions(config),
  })
  return {
    async send(order, hooks) {
      const answer = await new Promise<UpstreamAnswer | Denial>((settle) =>
        attempt(pool, order, config.totalMs, { hooks, settle }),
      )
      if (answer instanceof Denial)
        deps.observer.event('upstream-fault', { problem: answer.problem, reason: answer.reason })
      return answer
    },
    close: () => pool.destroy(),
  }
}

interface Caller {
  readonly hooks: SendHooks
  settle(answer: UpstreamAnswer | Denial): void
}

// RFC 9110 section 9.2.2: only what is safe is sent again, once, and only when nothing of an answer had come. A kept-alive socket
// that the upstream closed in the same moment is the usual reason. A POST is never sent twice: the agent may have acted.
function attempt(pool: Pool, order: Order, totalMs: number, caller: Caller): void {
  const retriable = order.body === undefined && (order.method === 'GET' || order.method === 'HEAD')
  const hop = new Hop(order, caller.hooks, totalMs, (answer) => {
    const lost = answer instanceof Denial && answer.reason === 'UND_ERR_SOCKET' && hop.untouched
    if (!retriable || !lost) return caller.settle(answer)
    return dispatch(pool, order, new Hop(order, caller.hooks, totalMs, caller.settle))
  })
  dispatch(pool, order, hop)
}

function dispatch(pool: Pool, order: Order, hop: Hop): void {
  const { body } = order
  const streamed = body !== undefined && !(body instanceof Uint8Array)
  const headers =
    streamed && order.bodyBytes !== undefined
      ? [...order.headers, 'content-length', String(order.bodyBytes)]
      : [...order.headers]
  try {
    pool.dispatch(
      {
        path: order.target,
        method: order.method,
        headers,
        body: streamed ? Readable.from(body, { objectMode: false }) : (body ?? null),
      },
      hop,
    )
  } catch (fault) {
    hop.fail(fault instanceof Error ? fault : new Error('dispatch'))
  }
}

function connectOptions(config: UpstreamConfig): object {
  const { tls } = config
  return {
    timeout: config.connectMs,
    ...(config.socket === undefined ? {} : { socketPath: config.socket }),
    ...(tls === undefined
      ? {}
      : withoutUndefined({ ca: tls.ca, cert: tls.cert, key: tls.key, servername: tls.servername })),
  }
}

function withoutUndefined(options: Readonly<Record<string, string | undefined>>): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
