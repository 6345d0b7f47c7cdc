import type { Call } from '../core/call.ts'
import type { BodyFault } from '../core/exchange.ts'
import type { BodyMemory } from '../limit/memory.ts'
import { Denial } from '../problem/problems.ts'
import type { Admission } from './admit.ts'
import type { RoutePermit } from './authorize.ts'
import type { Reading } from './reading.ts'

/** What phase 5 needs of the gateway. */
export interface ReadBounds {
  readonly memory: BodyMemory
  readonly jsonDepthMax: number
  readonly textsMax: number
}

/**
 * Phase 5: reads the body, only now, within its bounds, and has the route's protocol say what it asks for. The bytes are
 * kept as they came: policy and screening judge what they say, and they are what goes on.
 */
export async function read(bounds: ReadBounds, permit: RoutePermit): Promise<Reading | Denial> {
  const { admission } = permit
  if (GRPC.test(admission.head.contentType ?? '')) {
    return new Denial('not-supported', 'gRPC', {
      advice: 'Use the JSON binding of the agent: gRPC does not pass this gateway',
    })
  }
  if (admission.route.config.opaque)
    return { call: opaqueCall(admission), bytes: undefined, release: nothing }
  if (admission.head.contentEncoding !== undefined) {
    return new Denial('media-type-unsupported', 'content-encoding', {
      advice: 'Send the body without Content-Encoding',
    })
  }
  const { body } = admission.exchange
  if (!body.present) return interpret(admission, bounds, NO_BYTES, nothing)

  // A chunked body declares nothing, so the most that it may become is held for it until it is read.
  const { bodyBytesMax } = admission.route.config.limits
  const { key } = permit.principal
  let heldBytes = admission.head.contentLength ?? bodyBytesMax
  if (!bounds.memory.reserve(key, heldBytes))
    return new Denial('overloaded', 'memory for bodies', { close: true })
  const release = (): void => {
    bounds.memory.release(key, heldBytes)
    heldBytes = 0
  }
  let bytes: Uint8Array | BodyFault
  try {
    bytes = await body.read(bodyBytesMax)
  } catch (fault) {
    release()
    throw fault
  }
  if (typeof bytes === 'string') {
    release()
    return bodyDenial(bytes)
  }
  bounds.memory.release(key, heldBytes - bytes.length)
  heldBytes = bytes.length
  return interpret(admission, bounds, bytes, release)
}

function interpret(
  admission: Admission,
  bounds: ReadBounds,
  bytes: Uint8Array,
  release: () => void,
): Reading | Denial {
  const { route, exchange, path, query, head } = admission
  const below = route.config.path === '/' ? path : path.slice(route.config.path.length) || '/'
  const request = { method: exchange.method, path: below, query, contentType: head.contentType, body: bytes }
  let call: Call | Denial | undefined
  try {
    call = route.protocol.read(request, bounds)
    return call instanceof Denial ? call : { call, bytes, release }
  } finally {
    if (call === undefined || call instanceof Denial) release()
  }
}

function bodyDenial(fault: BodyFault): Denial {
  if (fault === 'too-large') return new Denial('content-too-large', 'body', { close: true })
  if (fault === 'too-slow') return new Denial('request-timeout', 'body arrived too slowly', { close: true })
  return new Denial('body-invalid', 'the client gave up in the body', { close: true })
}

function opaqueCall(admission: Admission): Call {
  return {
    operation: admission.exchange.method,
    model: undefined,
    tool: undefined,
    args: undefined,
    texts: [],
    stream: false,
    opaque: true,
  }
}

function nothing(): void {}
const GRPC = /^application\/grpc\b/i
const NO_BYTES = new Uint8Array(0)
