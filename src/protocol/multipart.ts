import { Buffer } from 'node:buffer'

/** One part of a multipart body. */
export interface Part {
  readonly name: string
  readonly fileName: string | undefined
  /** Content-Type as sent; undefined when absent, which means text (RFC 7578 section 4.4). */
  readonly contentType: string | undefined
  readonly content: Buffer
}

/**
 * Splits a `multipart/form-data` body (RFC 7578), or says in words without content why it will not.
 *
 * Readers of multipart differ more than any others, and an attacker needs one difference only to hide a part from this one.
 * So this accepts what browsers, curl and undici write, and nothing that the grammar allows besides: no preamble, no
 * epilogue, no padding behind a boundary, no folded, repeated or unknown part header, no `filename*`, quoted names without
 * backslashes, and the bytes `--boundary` nowhere but where a part begins.
 *
 * @param boundary The parameter of the Content-Type.
 */
export function readMultipart(body: Uint8Array, boundary: string | undefined): readonly Part[] | string {
  if (boundary === undefined || !BOUNDARY.test(boundary)) return 'no usable boundary'
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const mark = Buffer.from(`--${boundary}`)
  if (bytes.indexOf(mark) !== 0) return 'a preamble'

  const parts: Part[] = []
  let at = mark.length
  while (bytes.toString('latin1', at, at + 2) === CRLF) {
    const next = bytes.indexOf(mark, at)
    if (next < 0) return 'no closing boundary'
    // The line end before a boundary belongs to it (RFC 2046 section 5.1.1).
    if (bytes.toString('latin1', next - 2, next) !== CRLF) return 'a boundary within a line'
    const part = readPart(bytes.subarray(at, next - 2))
    if (typeof part === 'string') return part
    parts.push(part)
    at = next + mark.length
  }
  const rest = bytes.toString('latin1', at)
  return rest === '--' || rest === `--${CRLF}` ? parts : 'bytes behind a boundary'
}

const CRLF = '\r\n'
const HEAD_END = Buffer.from('\r\n\r\n')
const HEAD_BYTES_MAX = 2_048
// RFC 2046 section 5.1.1 without the space, which readers trim or keep.
const BOUNDARY = /^[\w'()+,./:=?-]{1,70}$/

// A part begins with the line end behind its boundary.
function readPart(bytes: Buffer): Part | string {
  const headBytes = bytes.subarray(0, HEAD_BYTES_MAX).indexOf(HEAD_END)
  if (headBytes < 0) return 'a part without a head, or with a long one'
  const head = readHead(bytes.toString('latin1', 2, headBytes))
  if (typeof head === 'string') return head

  const disposition = readDisposition(head.get('content-disposition'))
  if (disposition === undefined) return 'a part whose Content-Disposition is not plain form-data'
  const encoding = head.get('content-transfer-encoding')
  if (encoding !== undefined && !IDENTITY.has(encoding.toLowerCase())) return 'a transfer-encoded part'

  const content = bytes.subarray(headBytes + HEAD_END.length)
  return { ...disposition, contentType: head.get('content-type'), content }
}

const IDENTITY: ReadonlySet<string> = new Set(['7bit', '8bit', 'binary'])

function readHead(head: string): ReadonlyMap<string, string> | string {
  const fields = new Map<string, string>()
  for (const line of head.split(CRLF)) {
    const found = FIELD.exec(line)
    const name = found?.[1]?.toLowerCase()
    const value = found?.[2]
    if (name === undefined || value === undefined) return 'a malformed part header'
    if (!KNOWN.has(name) || fields.has(name)) return 'an unknown or repeated part header'
    fields.set(name, value)
  }
  return fields
}

// Bytes above 0x7f stand for UTF-8 names.
const FIELD = /^([A-Za-z-]+): ?([!-~\x80-\xff](?:[ -~\x80-\xff]*[!-~\x80-\xff])?)$/
const KNOWN: ReadonlySet<string> = new Set([
  'content-disposition',
  'content-type',
  'content-transfer-encoding',
])

function readDisposition(value = ''): { name: string; fileName: string | undefined } | undefined {
  const found = DISPOSITION.exec(Buffer.from(value, 'latin1').toString())
  const name = found?.[1]
  if (name === undefined) return undefined
  return { name, fileName: found?.[2] }
}

// U+FFFD stands where the bytes were not UTF-8.
const DISPOSITION = /^form-data; name="([^"\\\ufffd]*)"(?:; filename="([^"\\\ufffd]*)")?$/i
