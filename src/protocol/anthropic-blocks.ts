import type { Origin } from '../core/call.ts'
import type { Json } from '../core/json.ts'
import * as take from './shape.ts'
import { isObject, readMembers, shape, stringIn, violation, type Shape, type Take } from './shape.ts'

/** How a type of block is read: by its shape, and by whom it was written, where not by the message's role. */
interface Block {
  readonly members: Shape
  readonly origin?: Origin
}

const block: Take = (reading, value, { at, origin }) => {
  if (!isObject(value)) return violation('not an object', at)
  // What stands in a tool's result is the tool's, and a system message lends its trust to no type that is unknown.
  const known = BLOCKS.get(stringIn(value, 'type') ?? '') ?? UNKNOWN
  const place = { at, origin: origin === 'tool-result' ? origin : (known.origin ?? origin) }
  return readMembers(reading, value, known.members, place)
}

/** A string, or blocks, or (some tool results) one block alone. */
export const content: Take = (reading, value, place) =>
  isObject(value) ? block(reading, value, place) : stringOrBlocks(reading, value, place)

const stringOrBlocks: Take = take.textOr((reading, value, place) => block(reading, value, place))

// Base64 stands for an image or a PDF; claimed to be text, it is a text.
const source: Take = (reading, value, place) => {
  if (!isObject(value)) return violation('not an object', place.at)
  const isMedia = value['type'] === 'base64' && MEDIA_TYPE.test(stringIn(value, 'media_type') ?? '')
  return readMembers(reading, value, isMedia ? MEDIA_SOURCE : SOURCE, place)
}

const MEDIA_TYPE = /^(?:image\/[a-z+.-]{1,40}|application\/pdf)$/
const MEDIA_SOURCE = shape({ type: take.skip, media_type: take.skip, data: take.bytes })
const SOURCE = shape({ type: take.text, media_type: take.text, data: take.text, content })

const UNKNOWN: Block = { members: shape({ type: take.text }), origin: 'user' }
const RESULT: Block = { members: shape({ type: take.skip, content }), origin: 'tool-result' }
const USE: Block = { members: shape({ type: take.skip, input: take.all('tool-argument') }) }
const ENCRYPTED: Block = { members: shape({ type: take.skip, encrypted_content: take.bytes }) }

const BLOCKS: ReadonlyMap<string, Block> = new Map<string, Block>([
  ['text', { members: shape({ type: take.skip, text: take.text }) }],
  ['image', { members: shape({ type: take.skip, source }) }],
  ['document', { members: shape({ type: take.skip, source }), origin: 'document' }],
  ['search_result', { members: shape({ type: take.skip, source: take.text, content }), origin: 'document' }],
  [
    'thinking',
    { members: shape({ type: take.skip, thinking: take.text, signature: take.bytes }), origin: 'agent' },
  ],
  ['redacted_thinking', { members: shape({ type: take.skip, data: take.bytes }), origin: 'agent' }],
  ['tool_use', USE],
  ['server_tool_use', USE],
  ['mcp_tool_use', USE],
  ['tool_result', RESULT],
  ['mcp_tool_result', RESULT],
  ['web_search_tool_result', RESULT],
  ['web_fetch_tool_result', RESULT],
  ['code_execution_tool_result', RESULT],
  ['bash_code_execution_tool_result', RESULT],
  ['text_editor_code_execution_tool_result', RESULT],
  ['tool_search_tool_result', RESULT],
  ['web_search_result', ENCRYPTED],
])

const ORIGINS: ReadonlyMap<Json | undefined, Origin> = new Map<Json | undefined, Origin>([
  ['user', 'user'],
  ['assistant', 'agent'],
  ['system', 'system'],
])

const MESSAGE = shape({ role: take.skip, content })

/** A message, whose role says who wrote it unless a block says otherwise. */
export const message: Take = (reading, value, { at }) => {
  if (!isObject(value)) return violation('not an object', at)
  const origin = ORIGINS.get(value['role'])
  if (origin === undefined) return violation('an unknown role', at)
  return readMembers(reading, value, MESSAGE, { at, origin })
}
