import type { Origin } from '../core/call.ts'
import type { View } from '../core/verdict.ts'
import { decoders } from './decoders.ts'
import { normalise, offsetsOf } from './normalise.ts'

/** Longest stretch that detectors see at once, in UTF-16 code units. Bounds one turn of the event loop. */
const PIECE_MAX = 32_768
/** What two neighbouring pieces share, so that nothing is hidden by the cut. Longer than any signature. */
const OVERLAP = 512
/** Encodings within encodings that are followed. */
const DEPTH_MAX = 2
/** Decoded text of one received text, in code units: a factor of its length, and a floor. Keeps screening linear. */
const DECODED_FACTOR = 4
const DECODED_FLOOR = 1_024
/** Encoded runs followed in one text. More are an attack on our time; what is left stays unread. */
const RUNS_MAX = 256

/** A view, and where its findings lie in the text as received. */
export interface PlacedView {
  readonly view: View
  /** Span in the received text of an offset of the view: shifted for pieces, the encoded run for decoded ones. */
  place(start: number, end: number): readonly [start: number, end: number]
}

interface Source {
  readonly origin: Origin
  readonly text: string
  readonly depth: number
  readonly decodedBy: string | undefined
  /** The encoded run in the received text; undefined for the received text itself. */
  readonly run: readonly [start: number, end: number] | undefined
}

/** What may still be decoded of one received text. */
interface Allowance {
  units: number
  runs: number
}

/** All that detectors see of one text, piece by piece: the text, then what it holds encoded. */
export function* viewsOf(text: string, origin: Origin): Generator<PlacedView, void> {
  const allowance = { units: text.length * DECODED_FACTOR + DECODED_FLOOR, runs: RUNS_MAX }
  yield* walk({ origin, text, depth: 0, decodedBy: undefined, run: undefined }, allowance)
}

function* walk(source: Source, allowance: Allowance): Generator<PlacedView, void> {
  for (const start of starts(source.text)) yield piece(source, start)
  if (source.depth === DEPTH_MAX) return

  for (const decoder of decoders) {
    if (!decoder.suspects(source.text)) continue
    for (const { start, end, text } of decoder.decode(source.text)) {
      if (allowance.runs === 0 || text.length > allowance.units) return
      allowance.runs -= 1
      allowance.units -= text.length
      const decodedBy = source.decodedBy ? `${source.decodedBy}+${decoder.name}` : decoder.name
      const run = source.run ?? ([start, end] as const)
      yield* walk({ origin: source.origin, text, depth: source.depth + 1, decodedBy, run }, allowance)
    }
  }
}

function piece({ origin, text, decodedBy, run }: Source, start: number): PlacedView {
  const whole = text.length <= PIECE_MAX
  const view = new TextView(origin, whole ? text : text.slice(start, cut(text, start + PIECE_MAX)), decodedBy)
  return { view, place: (from, to) => run ?? [start + from, start + to] }
}

/** Where pieces begin. */
function starts(text: string): number[] {
  const found = [0]
  for (let at = PIECE_MAX; at < text.length; at += PIECE_MAX - OVERLAP) found.push(cut(text, at - OVERLAP))
  return found
}

/** The same place, or one before it when it would part a surrogate pair. */
function cut(text: string, at: number): number {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at
}

/** A text with its folded form, each made when first asked for. */
class TextView implements View {
  readonly origin: Origin
  readonly text: string
  readonly decodedBy: string | undefined
  #normal: string | undefined
  #offsets: Uint32Array | undefined

  constructor(origin: Origin, text: string, decodedBy: string | undefined) {
    this.origin = origin
    this.text = text
    this.decodedBy = decodedBy
  }

  get normal(): string {
    return (this.#normal ??= normalise(this.text))
  }

  toOriginal(offset: number): number {
    this.#offsets ??= offsetsOf(this.text)
    return this.#offsets[offset] ?? this.text.length
  }
}
