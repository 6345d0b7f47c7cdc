import type { Call, Text } from '../../../src/core/call.ts'
import { Denial } from '../../../src/problem/problems.ts'
import type { Protocol, ProtocolRequest } from '../../../src/protocol/protocol.ts'

export const bounds = { jsonDepthMax: 64, textsMax: 20_000 }

/** A request of these parts; JSON unless it says otherwise. */
export function request(parts: Partial<Omit<ProtocolRequest, 'body'>> & { body?: unknown }): ProtocolRequest {
  const { body, ...rest } = parts
  const bytes =
    body instanceof Uint8Array
      ? body
      : Buffer.from(typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body))
  return { method: 'POST', path: '/', query: '', contentType: 'application/json', ...rest, body: bytes }
}

/** Reads, and fails when it was refused. */
export function callOf(protocol: Protocol, parts: Parameters<typeof request>[0]): Call {
  const call = protocol.read(request(parts), bounds)
  if (call instanceof Denial) throw new Error(`refused: ${call.problem}: ${call.reason}`)
  return call
}

/** Reads, and fails when it was not refused. */
export function denialOf(protocol: Protocol, parts: Parameters<typeof request>[0]): Denial {
  const denial = protocol.read(request(parts), bounds)
  if (denial instanceof Denial) return denial
  throw new Error('not refused')
}

/** Texts as `origin at text`, which reads well in a failed comparison. */
export function lines(texts: readonly Text[]): string[] {
  return texts.map(({ origin, at, text }) => `${origin} ${at} ${text}`)
}
