/** A stretch of text that was encoded, and what it says. */
export interface Decoded {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** One encoding that attackers hide instructions in. */
export interface Decoder {
  /** Name of the view, as findings carry it. */
  readonly name: string
  /** Cheap test: could such a run be in this text, which holds these kinds of units (`kindsOf`)? */
  readonly suspects: (text: string, kinds: number) => boolean
  /** Runs; what decodes to bytes that are no text is left out. */
  readonly decode: (text: string) => readonly Decoded[]
}
