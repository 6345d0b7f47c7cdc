import { isAscii } from 'node:buffer'
import { Denial } from '../problem/problems.ts'
import { readContent, textOf, unsupported, type Reading } from './content.ts'
import { charsetAgrees, readForm } from './form.ts'
import { isUtf8Type, readMediaType, type MediaType } from './media-type.ts'
import { readMultipart, type Part } from './multipart.ts'
import type { Protocol } from './protocol.ts'
import { readQuery } from './query.ts'
import { token, Texts } from './texts.ts'

/**
 * Any agent that speaks HTTP. The operation is the method. Every string that the agent may read is a text of the user:
 * values of the query; string values and unusual member names of JSON; fields of forms; text bodies. A body that cannot be
 * looked into (no type, another type, another charset, a binary file in a form) is refused: such routes are `opaque`.
 */
export const http: Protocol = {
  name: 'http',
  shape: 'http',
  read(request, bounds) {
    const texts = new Texts(bounds)
    const denial =
      readPath(request.path, texts) ??
      readQuery(request.query, texts) ??
      readBody({ texts, bounds }, request.contentType, request.body) ??
      texts.denial
    if (denial !== undefined) return denial

    return {
      operation: request.method,
      model: undefined,
      tool: undefined,
      args: undefined,
      texts: texts.list,
      stream: false,
      opaque: false,
    }
  },
}

// A path is an argument too (`/ask/ignore%20all%20rules`), but the common one is no sentence and costs no screening.
function readPath(path: string, texts: Texts): undefined {
  if (PLAIN_PATH.test(path)) return
  let decoded = path
  try {
    decoded = decodeURIComponent(path)
  } catch {
    // Admission has made the path canonical; what does not decode is screened as it stands.
  }
  texts.add('user', 'path', decoded)
}

const PLAIN_PATH = /^(?:\/[\w.~:@-]{0,64})*$/

function readBody(reading: Reading, contentType: string | undefined, body: Uint8Array): Denial | undefined {
  const type = contentType === undefined ? undefined : readMediaType(contentType)
  if (contentType !== undefined && type === undefined) return new Denial('malformed-request', 'Content-Type')
  if (body.length === 0) return undefined
  if (type === undefined) return unsupported('a body without Content-Type')

  if (type.essence === 'application/x-www-form-urlencoded') return readFormBody(reading, type, body)
  if (type.essence === 'multipart/form-data') return readParts(reading, type, body)
  return readContent(reading, type, body, '')
}

function readFormBody(reading: Reading, type: MediaType, body: Uint8Array): Denial | undefined {
  if (!isUtf8Type(type)) return unsupported('charset')
  const fault = isAscii(body) ? readForm(textOf(body), 'form', reading.texts) : 'a byte that is not ASCII'
  return fault === undefined ? undefined : new Denial('body-invalid', `form: ${fault}`)
}

function readParts(reading: Reading, type: MediaType, body: Uint8Array): Denial | undefined {
  if (!isUtf8Type(type)) return unsupported('charset')
  const parts = readMultipart(body, type.parameters.get('boundary'))
  if (typeof parts === 'string') return new Denial('body-invalid', `multipart: ${parts}`)
  for (const part of parts) {
    const denial = readPart(reading, part)
    if (denial !== undefined) return denial
  }
  return undefined
}

function readPart(reading: Reading, part: Part): Denial | undefined {
  const { name, fileName, contentType, content } = part
  const declared = readMediaType(contentType ?? 'text/plain')
  if (declared === undefined) return new Denial('body-invalid', 'multipart: Content-Type of a part')
  // curl and browsers call a file of no known type this; when it is a text it is screened, else it is refused.
  const type = declared.essence === 'application/octet-stream' ? PLAIN_TEXT : declared
  if (!charsetAgrees(name, content.toString('latin1', 0, 16))) return unsupported('_charset_')

  const at = `form:${token(name)}`
  reading.texts.addName('user', at, name)
  if (fileName !== undefined) reading.texts.add('user', at, fileName)
  const denial = readContent(reading, type, content, at)
  return denial?.problem === 'body-invalid' && type === PLAIN_TEXT
    ? unsupported('a binary file in a form')
    : denial
}

const PLAIN_TEXT: MediaType = { essence: 'text/plain', parameters: new Map() }
