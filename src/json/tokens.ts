import type { Buffer } from 'node:buffer'
import type { JsonFaultKind } from './fault.ts'

/**
 * The tokens of one document, read from its bytes. Each method begins at `at`, moves it behind what it read, and gives
 * undefined after a fault (no JSON value is undefined): refusals are the hot path under attack, and a throw costs fifty
 * times as much as a return.
 */
export class Tokens {
  /** Where reading stands, in bytes; after a fault, where that is. */
  at = 0
  /** Why the last method gave undefined. */
  fault: JsonFaultKind = 'syntax'
  protected readonly bytes: Buffer
  // One character a byte, so that a string of ASCII is a slice, which copies nothing.
  private readonly latin1: string

  /** @param bytes Valid UTF-8. */
  constructor(bytes: Buffer) {
    this.bytes = bytes
    this.latin1 = bytes.toString('latin1')
  }

  /** Reads a string, from its opening quote on. */
  protected string(): string | undefined {
    const { bytes } = this
    const start = this.at + 1
    let at = start
    let all = 0
    let byte = bytes[at] ?? END
    while (byte >= SPACE && byte !== QUOTE && byte !== BACKSLASH) {
      all |= byte
      byte = bytes[++at] ?? END
    }
    this.at = at
    if (byte !== QUOTE) return this.stringWithEscapes(start, all)
    this.at = at + 1
    return all < 0x80 ? this.latin1.slice(start, at) : bytes.toString('utf8', start, at)
  }

  /** Reads a string that is a member's name; the same short names come again and again. */
  protected name(): string | undefined {
    const { bytes } = this
    const start = this.at + 1
    let at = start
    let sum = 0
    let byte = bytes[at] ?? END
    while (byte > SPACE && byte < 0x80 && byte !== QUOTE && byte !== BACKSLASH) {
      sum = (sum * 31 + byte) & 0xff
      byte = bytes[++at] ?? END
    }
    if (byte !== QUOTE || at - start > NAME_MAX) return this.string()
    this.at = at + 1
    const seen = NAMES[sum]
    if (seen !== undefined && seen.length === at - start && this.latin1.startsWith(seen, start)) return seen
    const name = this.latin1.slice(start, at)
    NAMES[sum] = name
    return name
  }

  // The whole of a string that has an escape (or a fault) at `at`; `seen` is the union of the bytes before it.
  private stringWithEscapes(start: number, seen: number): string | undefined {
    const { bytes } = this
    let decoded = ''
    let from = start
    let all = seen
    for (;;) {
      const byte = bytes[this.at] ?? END
      if (byte >= SPACE && byte !== QUOTE && byte !== BACKSLASH) {
        all |= byte
        this.at++
        continue
      }
      decoded += all < 0x80 ? this.latin1.slice(from, this.at) : bytes.toString('utf8', from, this.at)
      if (byte === QUOTE) {
        this.at++
        return decoded
      }
      if (byte !== BACKSLASH) return this.refuse(byte === END ? 'syntax' : 'control')
      const char = this.escape()
      if (char === undefined) return undefined
      decoded += char
      from = this.at
      all = 0
    }
  }

  private escape(): string | undefined {
    const byte = this.byte(this.at + 1)
    if (byte === LOWER_U) return this.unicodeEscape()
    const char = ESCAPES[byte]
    if (char === undefined) return this.refuse('escape')
    this.at += 2
    return char
  }

  // Half of a pair is refused: one reader turns it into U+FFFD, another keeps it, a third drops it, and what they compare
  // or screen is then no longer the same string.
  private unicodeEscape(): string | undefined {
    const first = this.hex(this.at)
    if (first < 0) return this.refuse('escape')
    if (first < HIGH_FIRST || first > LOW_LAST) {
      this.at += 6
      return String.fromCharCode(first)
    }
    const second = first < LOW_FIRST ? this.hex(this.at + 6) : -1
    if (second < LOW_FIRST || second > LOW_LAST) return this.refuse('surrogate')
    this.at += 12
    return String.fromCharCode(first, second)
  }

  // Value of the escape `\uXXXX` at `at`, or -1.
  private hex(at: number): number {
    if (this.byte(at) !== BACKSLASH || this.byte(at + 1) !== LOWER_U) return -1
    let value = 0
    for (let i = at + 2; i < at + 6; i++) {
      const byte = this.byte(i)
      const lower = byte | 0x20
      if (byte >= DIGIT_0 && byte <= DIGIT_9) value = value * 16 + byte - DIGIT_0
      else if (lower >= LOWER_A && lower <= LOWER_F) value = value * 16 + lower - LOWER_A + 10
      else return -1
    }
    return value
  }

  /** Reads a number; anything that begins no JSON value ends here too, as a fault of syntax. */
  protected number(): number | undefined {
    const start = this.at
    this.take(MINUS)
    const zeroFirst = this.byte(this.at) === DIGIT_0
    const count = this.digits()
    if (count === 0 || (zeroFirst && count > 1)) return this.refuse('syntax')
    const next = this.byte(this.at) | 0x20
    if (count <= SAFE_DIGITS && next !== (DOT | 0x20) && next !== LOWER_E) return this.integer(start)
    if (this.take(DOT) && this.digits() === 0) return this.refuse('syntax')
    if (this.take(LOWER_E) || this.take(UPPER_E)) {
      if (!this.take(MINUS)) this.take(PLUS)
      if (this.digits() === 0) return this.refuse('syntax')
    }
    const value = Number(this.latin1.slice(start, this.at))
    if (Number.isFinite(value)) return value
    // 1e400 is infinite to one reader, a fault to the next, and an exact number to the third.
    this.at = start
    return this.refuse('number-range')
  }

  // The integer from `start` to `at`, without a detour over a string; -0 stays -0.
  private integer(start: number): number {
    const negative = this.byte(start) === MINUS
    let value = 0
    for (let at = negative ? start + 1 : start; at < this.at; at++)
      value = value * 10 + this.byte(at) - DIGIT_0
    return negative ? -value : value
  }

  private digits(): number {
    const start = this.at
    let byte = this.byte(start)
    while (byte >= DIGIT_0 && byte <= DIGIT_9) byte = this.byte(++this.at)
    return this.at - start
  }

  /** Reads one of the three words of JSON, given with its meaning. */
  protected word(word: string, meaning: boolean | null): boolean | null | undefined {
    if (!this.latin1.startsWith(word, this.at)) return this.refuse('syntax')
    this.at += word.length
    return meaning
  }

  /** Skips white space, which may be none. */
  protected space(): void {
    let byte = this.byte(this.at)
    while (byte === SPACE || byte === LF || byte === CR || byte === TAB) byte = this.byte(++this.at)
  }

  /** Skips this byte, if it is next; tells whether it was. */
  protected take(byte: number): boolean {
    if (this.byte(this.at) !== byte) return false
    this.at++
    return true
  }

  protected byte(at: number): number {
    return this.bytes[at] ?? END
  }

  protected refuse(kind: JsonFaultKind): undefined {
    this.fault = kind
  }
}

// Less than any byte.
const END = -1
const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const QUOTE = 0x22
const PLUS = 0x2b
const MINUS = 0x2d
const DOT = 0x2e
const DIGIT_0 = 0x30
const DIGIT_9 = 0x39
const UPPER_E = 0x45
const BACKSLASH = 0x5c
const LOWER_A = 0x61
const LOWER_E = 0x65
const LOWER_F = 0x66
const LOWER_U = 0x75
const HIGH_FIRST = 0xd800
const LOW_FIRST = 0xdc00
const LOW_LAST = 0xdfff

// Names met before, by a sum over their bytes: V8 hashes a string once, so an object finds one that it has met faster (a
// fifth of the time of a chat body). Bounded, and no answer depends on it. Longer strings than 12 are slices to V8, and would
// keep their whole document in memory.
const NAME_MAX = 12
const NAMES: (string | undefined)[] = Array.from({ length: 256 }, () => undefined)

// As many digits as a double holds whatever they are.
const SAFE_DIGITS = 15

// What stands behind the backslash, and what it means.
const ESCAPES: Readonly<Record<number, string>> = {
  0x22: '"',
  0x2f: '/',
  0x5c: '\\',
  0x62: '\b',
  0x66: '\f',
  0x6e: '\n',
  0x72: '\r',
  0x74: '\t',
}
