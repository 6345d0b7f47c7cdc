import { LINE_BYTES_MAX } from './chain.ts'

/** One line without its LF, and where its first byte stands in the segment. */
export interface Line {
  readonly text: string
  readonly offset: number
}

/**
 * Cuts bytes into lines, as they come, in bounded memory. Bytes become one character each (latin1), so that no byte
 * is lost or folded by decoding; what is not ASCII fails its hash.
 */
export class LineCutter {
  #rest = ''
  #offset: number
  /** True once a line was longer than any that the writer makes: what follows is not given out. */
  overlong = false

  /** @param offset Where the first byte pushed stands in the segment. */
  constructor(offset: number) {
    this.#offset = offset
  }

  /** Lines that end in this chunk. */
  push(chunk: Uint8Array): Line[] {
    const lines: Line[] = []
    if (this.overlong) return lines

    const text = this.#rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1')
    let start = 0
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      lines.push({ text: text.slice(start, end), offset: this.#offset + start })
      start = end + 1
    }
    this.#rest = text.slice(start)
    this.#offset += start
    if (this.#rest.length > LINE_BYTES_MAX) this.overlong = true
    return lines
  }

  /** What stands after the last LF. */
  get rest(): Line {
    return { text: this.#rest, offset: this.#offset }
  }
}
