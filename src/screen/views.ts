import type { Origin } from '../core/call.ts'
import type { View } from '../core/verdict.ts'
import { type Decoded, type Decoder, decoders } from './decoders.ts'
import { normalise, offsetsOf } from './normalise.ts'

/** Longest stretch that detectors see at once, in UTF-16 code units. Bounds one turn of the event loop. */
const PIECE_MAX = 32_768
/** What two neighbouring pieces share, so that nothing is hidden by the cut. Longer than any signature. */
const OVERLAP = 512
/** Encodings within encodings that are followed. */
const DEPTH_MAX = 2
/**
 * Text decoded a second time, in code units: a factor of the received text, and a floor. Keeps screening linear. What is
 * encoded once is always read, so that a flood of encoded runs hides nothing behind it.
 */
const NESTED_FACTOR = 2
const NESTED_FLOOR = 4_096

/** A view, and where its findings lie in the text as received. */
export interface PlacedView {
  readonly view: View
  readonly place: Place
}

/** Span in the received text of a span of the view: itself, or the encoded runs that it was decoded from. */
type Place = (start: number, end: number) => readonly [start: number, end: number]

interface Source {
  readonly origin: Origin
  readonly text: string
  readonly depth: number
  readonly decodedBy: string | undefined
  readonly place: Place
}

/** All that detectors see of one text, piece by piece: the text, then what it holds encoded. */
export function* viewsOf(text: string, origin: Origin): Generator<PlacedView, void> {
  const nested = { units: text.length * NESTED_FACTOR + NESTED_FLOOR }
  yield* walk({ origin, text, depth: 0, decodedBy: undefined, place: (start, end) => [start, end] }, nested)
}

function* walk(source: Source, nested: { units: number }): Generator<PlacedView, void> {
  for (const start of starts(source.text)) yield piece(source, start)
  if (source.depth === DEPTH_MAX) return

  for (const decoder of decoders) {
    if (!decoder.suspects(source.text)) continue
    for (const inner of decodedSources(source, decoder)) {
      if (inner.depth > 1) nested.units -= inner.text.length
      if (nested.units < 0) return
      yield* walk(inner, nested)
    }
  }
}

/** What a decoder makes of a text, short runs together: thousands of them cost little more than one long one. */
function* decodedSources(source: Source, decoder: Decoder): Generator<Source, void> {
  let runs: Decoded[] = []
  let units = 0
  for (const run of decoder.decode(source.text)) {
    runs.push(run)
    units += run.text.length
    if (units < PIECE_MAX / 2) continue
    yield joined(source, decoder, runs)
    runs = []
    units = 0
  }
  if (runs.length > 0) yield joined(source, decoder, runs)
}

function joined(source: Source, decoder: Decoder, runs: readonly Decoded[]): Source {
  let length = 0
  const parts = runs.map(({ start, end, text }) => {
    const from = length
    length += text.length + 1
    return { from, start, end }
  })
  const runAt = (offset: number): { start: number; end: number } =>
    parts.findLast(({ from }) => from <= offset) ?? { start: 0, end: source.text.length }
  return {
    origin: source.origin,
    text: runs.map(({ text }) => text).join('\n'),
    depth: source.depth + 1,
    decodedBy: source.decodedBy === undefined ? decoder.name : `${source.decodedBy}+${decoder.name}`,
    place: (start, end) => source.place(runAt(start).start, runAt(end - 1).end),
  }
}

function piece({ origin, text, decodedBy, place }: Source, start: number): PlacedView {
  if (text.length <= PIECE_MAX) return { view: new TextView(origin, text, decodedBy), place }
  const view = new TextView(origin, text.slice(start, cut(text, start + PIECE_MAX)), decodedBy)
  return { view, place: (from, to) => place(start + from, start + to) }
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
