import { Buffer } from 'node:buffer'
import type { Origin } from '../core/call.ts'
import type { Json } from '../core/json.ts'
import { JsonFault, readJson } from '../json/read.ts'
import { MODEL, streamFlag, type Operation } from './json-body.ts'
import * as take from './shape.ts'
import { isObject, readMembers, shape, stringIn, violation, type Shape, type Take } from './shape.ts'

const ORIGINS: ReadonlyMap<Json | undefined, Origin> = new Map<Json | undefined, Origin>([
  ['system', 'system'],
  ['developer', 'system'],
  ['user', 'user'],
  ['assistant', 'agent'],
  ['tool', 'tool-result'],
  ['function', 'tool-result'],
])

/**
 * Arguments of a tool call: JSON in a string. When the strict reader takes it, its strings are the texts, placed by a
 * pointer that goes on into the string; else the string is, as it stands.
 */
export const callArguments: Take = (reading, value, place) => {
  if (typeof value !== 'string') return take.text(reading, value, place)
  const json = readJson(Buffer.from(value), { depthMax: reading.bounds.jsonDepthMax })
  reading.texts.addAll('tool-argument', place.at, json instanceof JsonFault ? value : json)
  return undefined
}

const CALLED_FUNCTION = take.object(shape({ arguments: callArguments }))

const TOOL_CALL = take.object(
  shape({
    function: CALLED_FUNCTION,
    custom: take.object(shape({ input: take.by('tool-argument', take.text) })),
  }),
)

const FILE = shape({ file_data: take.mediaUrl })

// What is left out of a part is what a model sees or hears, and the type, which is known.
const PARTS: ReadonlyMap<string, Shape> = new Map([
  ...['text', 'input_text', 'output_text'].map(
    (type) => [type, shape({ type: take.skip, text: take.text })] as const,
  ),
  ['refusal', shape({ type: take.skip, refusal: take.text })],
  ['image_url', shape({ type: take.skip, image_url: take.object(shape({ url: take.mediaUrl })) })],
  ['input_image', shape({ type: take.skip, image_url: take.mediaUrl })],
  ['input_audio', shape({ type: take.skip, input_audio: take.object(shape({ data: take.bytes })) })],
  ['file', shape({ type: take.skip, file: take.object(FILE) })],
  ['input_file', shape({ type: take.skip, file_data: take.mediaUrl })],
])

const part: Take = (reading, value, place) => {
  if (!isObject(value)) return violation('not an object', place.at)
  const known = PARTS.get(stringIn(value, 'type') ?? '')
  if (known !== undefined) return readMembers(reading, value, known, place)

  // Only a tool's own words are worse than a user's; a system message lends its trust to no kind that is unknown.
  const origin = place.origin === 'tool-result' ? 'tool-result' : 'user'
  return readMembers(reading, value, UNKNOWN_PART, { at: place.at, origin })
}

const UNKNOWN_PART = shape({ type: take.text })

/** A string, or parts. */
export const content: Take = take.textOr(part)

const MESSAGE = shape({
  role: take.skip,
  content,
  tool_calls: take.each(TOOL_CALL),
  function_call: CALLED_FUNCTION,
})

/** A message, whose role says who wrote it. */
export const message: Take = (reading, value, { at }) => {
  if (!isObject(value)) return violation('not an object', at)
  const origin = ORIGINS.get(value['role'])
  if (origin === undefined) return violation('an unknown role', at)
  return readMembers(reading, value, MESSAGE, { at, origin })
}

/** `POST chat/completions`. */
export const chatCompletions: Operation = {
  name: 'chat/completions',
  method: 'POST',
  body: shape({
    ...MODEL,
    stream: streamFlag,
    messages: take.each(message),
    tools: take.all('system'),
    functions: take.all('system'),
    response_format: take.all('system'),
  }),
  required: ['messages'],
}
