/** A seeded source of numbers; the same name and seed give the same numbers on every machine. */
export class Random {
  #state: number

  /** @param name Keeps the numbers of one family apart from those of the next, so that adding a family changes no other. */
  constructor(name: string, seed: number) {
    this.#state = 2_166_136_261 ^ seed
    for (const char of name) this.#state = Math.imul(this.#state ^ (char.codePointAt(0) ?? 0), 16_777_619)
  }

  /** A whole number from 0 to `below` - 1 (mulberry32). */
  int(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }

  /** One of `list`, or the empty string where it has none. */
  pick(list: readonly string[]): string {
    return list[this.int(list.length)] ?? ''
  }

  /** `length` characters out of `alphabet`. */
  chars(alphabet: string, length: number): string {
    return Array.from({ length }, () => alphabet[this.int(alphabet.length)] ?? '').join('')
  }
}
