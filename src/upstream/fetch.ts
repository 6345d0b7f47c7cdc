import { Agent, request } from 'undici'
import type { Fetch } from '../core/fetch.ts'

/** Fetches what the gateway itself needs: bounded in time and bytes, over TLS (plain HTTP on loopback only), no redirects. */
export function createFetch(): Fetch {
  const agents = new Map<string | undefined, Agent>()
  return async ({ url, ca, timeoutMs, bytesMax }) => {
    const { protocol, hostname } = new URL(url)
    if (protocol !== 'https:' && !(protocol === 'http:' && LOOPBACK.has(hostname)))
      throw new Error('only https is fetched')
    const answer = await request(url, {
      dispatcher: agentFor(agents, ca),
      signal: AbortSignal.timeout(timeoutMs),
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      headers: { accept: 'application/json' },
    })
    if (answer.statusCode >= 300 && answer.statusCode < 400) {
      answer.body.destroy()
      throw new Error('a redirect is not followed')
    }
    const body = await bounded(answer.body, bytesMax)
    const type = answer.headers['content-type']
    return { status: answer.statusCode, contentType: typeof type === 'string' ? type : undefined, body }
  }
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost'])

// One agent for each CA bundle; there are as many as issuers at most, and their keys come from configuration.
function agentFor(agents: Map<string | undefined, Agent>, ca: string | undefined): Agent {
  const known =
    agents.get(ca) ?? new Agent({ keepAliveTimeout: 1_000, connect: ca === undefined ? {} : { ca } })
  agents.set(ca, known)
  return known
}

async function bounded(
  body: AsyncIterable<Uint8Array> & { destroy(): void },
  bytesMax: number,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of body) {
    bytes += piece.length
    if (bytes > bytesMax) {
      body.destroy()
      throw new Error(`the answer is longer than ${bytesMax} bytes`)
    }
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}
