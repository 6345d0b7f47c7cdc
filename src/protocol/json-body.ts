import { Buffer } from 'node:buffer'
import type { Call } from '../core/call.ts'
import type { JsonObject } from '../core/json.ts'
import { JsonFault, readJson } from '../json/read.ts'
import { Denial } from '../problem/problems.ts'
import { jsonDenial, unsupported, type Reading } from './content.ts'
import { isJsonType, isUtf8Type, readMediaType } from './media-type.ts'
import type { ProtocolBounds, ProtocolRequest } from './protocol.ts'
import { readQuery } from './query.ts'
import { isObject, readMembers, violation, type Place, type Shape, type Take } from './shape.ts'
import { Texts } from './texts.ts'

/** One operation of a protocol whose requests are JSON objects. */
export interface Operation {
  /** As policies name it. */
  readonly name: string
  readonly method: 'GET' | 'POST'
  /** Members of the body; undefined: there is none. `model` and `stream` are read for every operation. */
  readonly body: Shape | undefined
  /** Members that must be there. */
  readonly required: readonly string[]
}

/**
 * Reads a request for one operation. The values of its query are texts of the user, as are all strings of members that the
 * operation's shape does not know.
 */
export function readOperation(
  operation: Operation,
  request: ProtocolRequest,
  bounds: ProtocolBounds,
): Call | Denial {
  if (request.method !== operation.method) {
    return new Denial('method-not-allowed', operation.name, { headers: ['Allow', operation.method] })
  }
  const reading: Reading = { texts: new Texts(bounds), bounds }
  const denial = readQuery(request.query, reading.texts)
  if (denial !== undefined) return denial
  if (operation.body === undefined) {
    return request.body.length === 0 ? call(operation, {}, reading) : violation('a body on GET', '')
  }
  const body = readBody(request, bounds)
  if (body instanceof Denial) return body

  const missing = operation.required.find((name) => body[name] === undefined || body[name] === null)
  if (missing !== undefined) return violation(`${missing} is missing`, '')
  return (
    readMembers(reading, body, operation.body, ROOT) ?? reading.texts.denial ?? call(operation, body, reading)
  )
}

const ROOT: Place = { at: '', origin: 'user' }

function readBody({ contentType, body }: ProtocolRequest, bounds: ProtocolBounds): JsonObject | Denial {
  const type = contentType === undefined ? undefined : readMediaType(contentType)
  if (type === undefined) {
    return contentType === undefined
      ? unsupported('no Content-Type')
      : new Denial('malformed-request', 'Content-Type')
  }
  if (!isJsonType(type) || !isUtf8Type(type)) return unsupported('media type or charset')
  const json = readJson(body, { depthMax: bounds.jsonDepthMax })
  if (json instanceof JsonFault) return jsonDenial(json)

  return isObject(json) ? json : violation('the body is not an object', '')
}

function call(operation: Operation, body: JsonObject, { texts }: Reading): Call {
  const { model, stream } = body
  return {
    operation: operation.name,
    // A copy: a slice would keep the whole body in memory for as long as a cache keeps the name.
    model: typeof model === 'string' ? Buffer.from(model).toString() : undefined,
    tool: undefined,
    args: undefined,
    texts: texts.list,
    stream: stream === true,
    opaque: false,
  }
}

// The name of a model: a string, for policies compare it. It is no text.
const modelName: Take = (_reading, value, { at }) =>
  typeof value === 'string' ? undefined : violation('not a string', at)

/** The wish for a stream: true, false or null. Anything else might be true to the agent. */
export const streamFlag: Take = (_reading, value, { at }) =>
  typeof value === 'boolean' || value === null ? undefined : violation('not a boolean', at)

// Policy judges one model, so no second may be named (OpenRouter's `models`, LiteLLM's `fallbacks`).
const otherModels: Take = (_reading, _value, { at }) => violation('a second model', at)

/** The members that say which model answers. */
export const MODEL = { model: modelName, models: otherModels, fallbacks: otherModels }
