import type { Origin } from '../core/call.ts'
import type { View } from '../core/verdict.ts'
import type { Decoded, Decoder } from './decoder.ts'
import { decoders } from './decoders.ts'
import { kindsOf } from './kinds.ts'
import { normalise, offsetsOf } from './normalise.ts'
import { once } from './once.ts'

/** How a long text is cut, in UTF-16 code units. What two neighbours share is longer than what must be seen whole. */
interface Cut {
  readonly max: number
  readonly overlap: number
}

/** What detectors see at once: one step. A signature is at most some 300 long. */
const PIECE: Cut = { max: 8_192, overlap: 512 }
/** What decoders read at once. Six units for a letter are usual. */
const CHUNK: Cut = { max: 16_384, overlap: 2_048 }
/** Encodings within encodings that are followed. */
const DEPTH_MAX = 2
/**
 * Text decoded a second time, in code units: a factor of the received text, and a floor. A page with three kinds of
 * escapes needs six. Keeps screening linear. What is
 * encoded once is always read, so that a flood of encoded runs hides nothing behind it; what is left unread is told.
 */
const NESTED_FACTOR = 8
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
  for (const step of stepsOf(text, origin)) if (step !== undefined) yield step
}

/** The same, in steps of about a millisecond, most of which end in a view. */
export function stepsOf(text: string, origin: Origin): Iterable<PlacedView | undefined> {
  const source = { origin, text, depth: 0, decodedBy: undefined, place: asReceived }
  return isPlain(source) ? [piece(source, 0)] : allSteps(source)
}

function* allSteps(source: Source): Generator<PlacedView | undefined, void> {
  const { origin, text, place } = source
  const nested = { units: text.length * NESTED_FACTOR + NESTED_FLOOR }
  yield* walk(source, nested)
  if (nested.units < 0) yield { view: new TextView(origin, '', undefined, text.length), place }
}

function asReceived(start: number, end: number): readonly [start: number, end: number] {
  return [start, end]
}

/** Decoders that find something to look into, in a stretch of text. */
const suspecting = once((text): readonly Decoder[] => {
  const kinds = kindsOf(text)
  return decoders.filter(({ suspects }) => suspects(text, kinds))
})

/** One piece with nothing to decode in it, as most texts are. */
function isPlain({ text, depth }: Source): boolean {
  return text.length <= PIECE.max && (depth === DEPTH_MAX || suspecting(text).length === 0)
}

function* walk(source: Source, nested: { units: number }): Generator<PlacedView | undefined, void> {
  for (const start of starts(source.text, PIECE)) yield piece(source, start)
  if (source.depth === DEPTH_MAX) return

  for (const start of starts(source.text, CHUNK)) {
    if (start > 0) yield undefined
    const text = sliceOf(source.text, start, CHUNK)
    for (const { name, decode } of suspecting(text)) {
      const runs = decode(text)
      if (runs.length === 0) continue
      // What a decoder makes of a stretch; its runs together, so that hundreds cost little more than a long one.
      const inner = joined(source, name, runs, start)
      if (inner.depth > 1) {
        nested.units -= inner.text.length
        if (nested.units < 0) return
      }
      if (isPlain(inner)) yield piece(inner, 0)
      else yield* walk(inner, nested)
    }
  }
}

function joined(source: Source, name: string, runs: readonly Decoded[], from: number): Source {
  let length = 0
  const parts = runs.map(({ start, end, text }) => {
    const at = length
    length += text.length + 1
    return { at, start: from + start, end: from + end }
  })
  const runAt = (offset: number): { start: number; end: number } =>
    parts.findLast(({ at }) => at <= offset) ?? { start: 0, end: source.text.length }
  return {
    origin: source.origin,
    text: runs.map(({ text }) => text).join('\n'),
    depth: source.depth + 1,
    decodedBy: source.decodedBy === undefined ? name : `${source.decodedBy}+${name}`,
    place: (start, end) => source.place(runAt(start).start, runAt(end - 1).end),
  }
}

function piece({ origin, text, decodedBy, place }: Source, from: number): PlacedView {
  const view = new TextView(origin, sliceOf(text, from, PIECE), decodedBy)
  return { view, place: from === 0 ? place : (start, end) => place(from + start, from + end) }
}

/** Where the stretches of a text begin. */
function starts(text: string, { max, overlap }: Cut): number[] {
  const found = [0]
  for (let at = max; at < text.length; at += max - overlap) found.push(cut(text, at - overlap))
  return found
}

function sliceOf(text: string, from: number, { max }: Cut): string {
  return from === 0 && text.length <= max ? text : text.slice(from, cut(text, from + max))
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
  readonly unread: number | undefined
  #normal: string | undefined
  #offsets: Uint32Array | undefined

  constructor(origin: Origin, text: string, decodedBy: string | undefined, unread?: number) {
    this.origin = origin
    this.text = text
    this.decodedBy = decodedBy
    this.unread = unread
  }

  get normal(): string {
    return (this.#normal ??= normalise(this.text))
  }

  toOriginal(offset: number): number {
    this.#offsets ??= offsetsOf(this.text)
    return this.#offsets[offset] ?? this.text.length
  }
}
