import { Client } from 'undici'
import type { Fetch, FetchAnswer, FetchRequest } from '../core/fetch.ts'
import { readPlace } from './place.ts'

/** Head of an answer to one of our own requests, bytes. */
const HEAD_BYTES_MAX = 16_384

/**
 * Fetches what the gateway itself needs. Each fetch has a connection of its own, for they are minutes apart; nothing is
 * followed, decoded or kept.
 */
export function createFetch(): Fetch {
  return async (request) => {
    const place = readPlace(request.url)
    const client = new Client(place.origin, {
      connect: { rejectUnauthorized: true, ...(request.ca !== undefined && { ca: request.ca }) },
      connectTimeout: request.timeoutMs,
      maxHeaderSize: HEAD_BYTES_MAX,
      allowH2: false,
    })
    try {
      return await get(client, place, request)
    } finally {
      await client.destroy()
    }
  }
}

async function get(client: Client, place: URL, { timeoutMs, bytesMax }: FetchRequest): Promise<FetchAnswer> {
  const answer = await client.request({
    method: 'GET',
    path: place.pathname + place.search,
    headers: { accept: 'application/json', 'accept-encoding': 'identity' },
    signal: AbortSignal.timeout(timeoutMs),
  })
  const { statusCode: status, headers } = answer
  // A redirect leads to where nobody configured: whoever answers could choose the keys that we trust.
  if (status >= 300 && status < 400) throw new Error(`redirect (${status}) refused`)
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    if (bytes > bytesMax) throw new Error(`the answer is longer than ${bytesMax} bytes`)
    chunks.push(chunk)
  }
  const contentType = headers['content-type']
  return {
    status,
    contentType: typeof contentType === 'string' ? contentType : undefined,
    body: Buffer.concat(chunks),
  }
}
