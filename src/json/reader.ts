import type { Buffer } from 'node:buffer'
import type { Json, JsonObject } from '../core/json.ts'
import { Tokens } from './tokens.ts'

/** A recursive descent over one document, one pass: objects are built as they are read, which shows members named twice. */
export class Reader extends Tokens {
  private depthLeft: number

  constructor(bytes: Buffer, depthMax: number) {
    super(bytes)
    this.depthLeft = depthMax
  }

  /** Reads all bytes as one document; undefined after a fault, which `fault` and `at` then tell. To be called once. */
  document(): Json | undefined {
    if (this.bytes[0] === 0xef && this.bytes[1] === 0xbb && this.bytes[2] === 0xbf) return this.refuse('bom')
    this.space()
    if (this.at === this.bytes.length) return this.refuse('empty')
    const json = this.value()
    if (json === undefined) return undefined
    this.space()
    return this.at === this.bytes.length ? json : this.refuse('trailing')
  }

  private value(): Json | undefined {
    switch (this.byte(this.at)) {
      case QUOTE:
        return this.string()
      case BRACE_OPEN:
        return this.nested(true)
      case BRACKET_OPEN:
        return this.nested(false)
      case LOWER_T:
        return this.word('true', true)
      case LOWER_F:
        return this.word('false', false)
      case LOWER_N:
        return this.word('null', null)
      default:
        return this.number()
    }
  }

  private nested(isObject: boolean): Json | undefined {
    if (this.depthLeft === 0) return this.refuse('depth')
    this.depthLeft--
    this.at++
    const json = isObject ? this.members() : this.elements()
    this.depthLeft++
    return json
  }

  private members(): JsonObject | undefined {
    const object: Record<string, Json> = Object.create(null)
    this.space()
    if (this.take(BRACE_CLOSE)) return object
    do {
      this.space()
      const name = this.newName(object)
      if (name === undefined) return undefined
      this.space()
      if (!this.take(COLON)) return this.refuse('syntax')
      this.space()
      const value = this.value()
      if (value === undefined) return undefined
      object[name] = value
      this.space()
    } while (this.take(COMMA))
    return this.take(BRACE_CLOSE) ? object : this.refuse('syntax')
  }

  // Names are compared decoded: "\u0061" is "a" again. Readers differ in which of the two counts, the first or the last, so
  // an attacker would show the one to the gateway and the other to the agent.
  private newName(object: JsonObject): string | undefined {
    const start = this.at
    if (this.byte(start) !== QUOTE) return this.refuse('syntax')
    const name = this.name()
    if (name === undefined || !(name in object)) return name
    this.at = start
    return this.refuse('duplicate')
  }

  private elements(): Json[] | undefined {
    const array: Json[] = []
    this.space()
    if (this.take(BRACKET_CLOSE)) return array
    do {
      this.space()
      const value = this.value()
      if (value === undefined) return undefined
      array.push(value)
      this.space()
    } while (this.take(COMMA))
    return this.take(BRACKET_CLOSE) ? array : this.refuse('syntax')
  }
}

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BRACKET_OPEN = 0x5b
const BRACKET_CLOSE = 0x5d
const LOWER_F = 0x66
const LOWER_N = 0x6e
const LOWER_T = 0x74
const BRACE_OPEN = 0x7b
const BRACE_CLOSE = 0x7d
