import type { JsonObject } from './json.ts'

/**
 * Who wrote a text. Decided by protocol and place, never by content. `system` is the operator's side (system and
 * developer messages, tool definitions); whether callers may be believed when they claim it is the route's setting.
 */
export type Origin = 'user' | 'system' | 'agent' | 'tool-result' | 'tool-argument' | 'document'

/** All origins. */
export const ORIGINS: readonly Origin[] = [
  'user',
  'system',
  'agent',
  'tool-result',
  'tool-argument',
  'document',
]

/** A string value of the request that the agent may read. */
export interface Text {
  readonly origin: Origin
  /** Where it stands: a JSON Pointer (RFC 6901) into the body, `query:name`, `form:name`, `path`, or `body`. */
  readonly at: string
  readonly text: string
}

/** What a request asks for, in the words of its protocol. Made by src/protocol from the bytes that will be forwarded. */
export interface Call {
  /** Operation as policies name it: `chat/completions`, `messages`, `tools/call`, or the method on `http` routes. */
  readonly operation: string
  readonly model: string | undefined
  readonly tool: string | undefined
  /** Arguments of a tool call, as parsed. */
  readonly args: JsonObject | undefined
  /** Texts in the order in which they stand. Empty for opaque calls. */
  readonly texts: readonly Text[]
  /** True when the client asked for a streamed answer. */
  readonly stream: boolean
  /** True when the body was not looked at (`opaque: true` on the route); the record says so. */
  readonly opaque: boolean
}
