import type { Order, UpstreamAnswer } from '../upstream/upstream.ts'
import { assembleRequest } from '../upstream/request-headers.ts'
import { Denial } from '../problem/problems.ts'
import type { Admission } from './admit.ts'
import type { Recorded } from './record.ts'

/** Phase 9: sends the bytes that were judged, under headers that we assembled, and waits for the answer's head. */
export function forward(recorded: Recorded): Denial | Promise<UpstreamAnswer | Denial> {
  const { permit } = recorded.clearance
  const { admission, principal } = permit.route
  const { exchange, route } = admission
  const headers = assembleRequest({
    rawHeaders: exchange.rawHeaders,
    own: route.ownHeaders,
    principal,
    exchangeId: exchange.id,
    method: exchange.method,
    host: exchange.authority ?? admission.head.host ?? '',
    version: exchange.version,
  })
  if (headers instanceof Denial) return headers
  const order: Order = {
    method: exchange.method,
    target: upstreamTarget(admission),
    headers,
    body: orderBody(admission, permit.reading.bytes),
    bodyBytes: admission.head.contentLength,
  }
  return route.upstream.send(order, {
    onInform: (head) => exchange.client.inform(head),
    onStart: (abort) => exchange.client.onGone(abort),
  })
}

// The route's prefix gives way to the upstream's path; the rest is the canonical path that policy judged.
function upstreamTarget({ route, path, query }: Admission): string {
  const { path: prefix } = route.config
  const rest = prefix === '/' ? path : path.slice(prefix.length)
  const target = route.upstreamPath + rest || '/'
  return query === '' ? target : `${target}?${query}`
}

function orderBody(admission: Admission, bytes: Uint8Array | undefined): Order['body'] {
  if (!admission.exchange.body.present) return undefined
  return bytes ?? admission.exchange.body.chunks(admission.route.config.limits.bodyBytesMax)
}
