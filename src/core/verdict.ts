import type { Origin } from './call.ts'

/** What one detector saw in one text. */
export interface Finding {
  /** Name of the detector, as the reference lists it. */
  readonly detector: string
  /** How sure it is that this is an attack, 0 to 1. */
  readonly score: number
  /** Span in the text as received, in UTF-16 code units: start inclusive, end exclusive. */
  readonly start: number
  readonly end: number
  /** Which pattern or family within the detector, for records and explanations. */
  readonly rule?: string
  /** The decoded view it was found in (`base64`, `rot13`, …); absent when it stood in the open. */
  readonly view?: string
}

/** A detector is pure: text in, findings out. One file each under src/screen/detectors. */
export interface Detector {
  readonly name: string
  /** One sentence for the reference page. */
  readonly summary: string
  /** Budget, in nanoseconds of CPU per UTF-16 code unit; bench/screen.ts holds it to this. */
  readonly costNsPerCharMax: number
  /** Origins it looks at; absent = all. */
  readonly origins?: readonly Origin[]
  /** What the self-test at start shows it: a text that it must find something in, and one like it that it must pass. */
  readonly example?: { readonly attack: string; readonly innocent: string }
  scan(view: View): readonly Finding[]
}

/** A text made ready for detectors, once for all of them. */
export interface View {
  readonly origin: Origin
  /** As received. */
  readonly text: string
  /** Folded: NFKD without marks, confusables as Latin letters, invisibles removed, lower case, single spaces. */
  readonly normal: string
  /** Maps an offset in `normal` to one in `text`. */
  toOriginal(offset: number): number
  /** Name of the decoding that made this view; undefined for the text itself. */
  readonly decodedBy: string | undefined
  /**
   * Set on a view without text: so many code units of the text hold more that is encoded over and over than is read.
   */
  readonly unread?: number | undefined
}

/** A finding with the place it was found in. */
export interface PlacedFinding extends Finding {
  readonly origin: Origin
  readonly at: string
}

/** What screening says of a call. `pass` in monitor mode may still carry findings. */
export interface Verdict {
  readonly effect: 'pass' | 'reject'
  /** Highest score of all findings, 0 to 1. */
  readonly score: number
  readonly findings: readonly PlacedFinding[]
  /** True when findings would have rejected the call but the route only monitors. */
  readonly monitored: boolean
}
