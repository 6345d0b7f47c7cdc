import { parseField } from './http1-head.ts'

/** A size line or a field of the trailers, bytes. */
const LINE_BYTES_MAX = 4_096
/** All chunk extensions and trailers of one body, bytes. They carry nothing for us, and could go on for ever (CVE-2024-22019). */
const EXTRAS_BYTES_MAX = 16_384

/**
 * `chunk-size [ chunk-ext ]` (RFC 9112 section 7.1): eight digits at most, extensions of tokens and quoted strings, and no blank
 * anywhere, which the RFC calls "bad" and readers take in different ways.
 */
const SIZE_LINE =
  /^([0-9A-Fa-f]{1,8})((?:;[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?:=(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+|"(?:[\t !#-[\]-~]|\\[\t -~])*"))?)*)$/

const FRAMING = /^(?:content-length|transfer-encoding|host|connection):/i

const CR = 0x0d
const LF = 0x0a

/** What became of some bytes of a chunked body. */
export interface Decoded {
  /** How many bytes were taken; the rest is to be shown again, with more behind it. */
  readonly taken: number
  /** The data in them, in one piece; undefined when there was none. */
  readonly piece: Buffer | undefined
}

/**
 * Takes a chunked body apart. Whatever is not the grammar of RFC 9112 section 7.1 to the letter is a fault: the length of a
 * chunk is where a smuggler hides the next request.
 */
export class ChunkedDecoder {
  /** True once the last line of the trailers has been taken. */
  done = false
  #state: 'size' | 'bytes' | 'end-of-chunk' | 'trailers' = 'size'
  #leftBytes = 0
  #extrasBytes = 0

  /** Takes what can be taken of `bytes`. Undefined: a fault, and nothing more of this body can be trusted. */
  decode(bytes: Buffer): Decoded | undefined {
    const pieces: Buffer[] = []
    let at = 0
    while (!this.done) {
      const next = this.#step(bytes, at, pieces)
      if (next === undefined) return undefined
      if (next === at) break
      at = next
    }
    // One piece for all of them: a body of chunks of one byte would otherwise be a hundred times as large in memory.
    const piece = pieces.length > 1 ? Buffer.concat(pieces) : pieces[0]
    return { taken: at, piece }
  }

  /** The index after what was taken: `at` itself when more bytes are needed. */
  #step(bytes: Buffer, at: number, pieces: Buffer[]): number | undefined {
    if (this.#state === 'bytes') return this.#data(bytes, at, pieces)
    if (this.#state === 'end-of-chunk') return this.#endOfChunk(bytes, at)
    const end = bytes.indexOf('\r\n', at, 'latin1')
    const length = (end < 0 ? bytes.length : end) - at
    if (length > LINE_BYTES_MAX) return undefined
    if (end < 0) return bytes.indexOf(LF, at) >= 0 ? undefined : at
    const line = bytes.toString('latin1', at, end)
    const fine = this.#state === 'size' ? this.#size(line) : this.#trailer(line)
    return fine ? end + 2 : undefined
  }

  #data(bytes: Buffer, at: number, pieces: Buffer[]): number {
    const end = Math.min(bytes.length, at + this.#leftBytes)
    if (end === at) return at
    pieces.push(bytes.subarray(at, end))
    this.#leftBytes -= end - at
    if (this.#leftBytes === 0) this.#state = 'end-of-chunk'
    return end
  }

  #endOfChunk(bytes: Buffer, at: number): number | undefined {
    if (at < bytes.length && bytes[at] !== CR) return undefined
    if (at + 1 >= bytes.length) return at
    if (bytes[at + 1] !== LF) return undefined
    this.#state = 'size'
    return at + 2
  }

  #size(line: string): boolean {
    const [, digits, extension = ''] = SIZE_LINE.exec(line) ?? []
    if (digits === undefined) return false
    this.#leftBytes = Number.parseInt(digits, 16)
    this.#state = this.#leftBytes === 0 ? 'trailers' : 'bytes'
    return this.#extra(extension)
  }

  // Read and left out: a trailer that became a header would be one that nobody judged (RFC 9110 section 6.5.1). One that
  // would frame, route or end the message is an attempt at just that.
  #trailer(line: string): boolean {
    if (line === '') this.done = true
    return line === '' || (this.#extra(line) && parseField(line, []) && !FRAMING.test(line))
  }

  #extra(text: string): boolean {
    this.#extrasBytes += text.length
    return this.#extrasBytes <= EXTRAS_BYTES_MAX
  }
}
