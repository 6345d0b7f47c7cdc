import type { Json } from '../core/json.ts'
import { MODEL, streamFlag, type Operation } from './json-body.ts'
import { callArguments, content, message } from './openai-chat.ts'
import * as take from './shape.ts'
import { isObject, shape, stringIn, violation, type Take } from './shape.ts'

const output = take.by('tool-result', content)
const input = take.by('tool-argument', take.text)

const ITEMS: ReadonlyMap<string, Take> = new Map([
  ['function_call', take.by('agent', take.object(shape({ type: take.skip, arguments: callArguments })))],
  ['custom_tool_call', take.by('agent', take.object(shape({ type: take.skip, input })))],
  ['mcp_call', take.by('agent', take.object(shape({ type: take.skip, arguments: callArguments, output })))],
  ['function_call_output', take.by('tool-result', take.object(shape({ type: take.skip, output })))],
  ['custom_tool_call_output', take.by('tool-result', take.object(shape({ type: take.skip, output })))],
  ['reasoning', take.by('agent', take.object(shape({ type: take.skip, encrypted_content: take.bytes })))],
])

// A role makes it a message, whatever the type says: readers that look at the role first would believe it.
const item: Take = (reading, value, place) => {
  if (!isObject(value)) return violation('not an object', place.at)
  const type = stringIn(value, 'type')
  if (isMessage(value['role'], type)) return message(reading, value, place)

  const known = type === undefined ? undefined : ITEMS.get(type)
  return (known ?? take.object(UNKNOWN_ITEM))(reading, value, place)
}

const UNKNOWN_ITEM = shape({ type: take.text, role: take.text })

function isMessage(role: Json | undefined, type: string | undefined): boolean {
  return role !== undefined || type === 'message'
}

/** `POST responses`. What an earlier response or a stored conversation holds is not seen here, only its id. */
export const responses: Operation = {
  name: 'responses',
  method: 'POST',
  body: shape({
    ...MODEL,
    stream: streamFlag,
    instructions: take.by('system', take.textOr(item)),
    input: take.textOr(item),
    tools: take.all('system'),
    text: take.all('system'),
  }),
  required: [],
}
