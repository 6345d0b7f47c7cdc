import { createHash } from 'node:crypto'

import { GENESIS, type Head, LINE_BYTES_MAX, readLine, type SealedLine } from './chain.ts'
import { type Line, LineCutter } from './lines.ts'
import { type Counts, Tally } from './pairing.ts'
import { segmentNumber } from './segment-name.ts'

/** A segment to verify: its file name, and its bytes piece by piece. */
export interface SegmentBytes {
  readonly name: string
  readonly chunks: AsyncIterable<Uint8Array>
}

/**
 * What is wrong with a log. `edit`: a line was changed, or does not follow from the one before. `cut`: records are
 * missing. `reorder`: records stand in another order. `duplicate`: a record stands twice. `missing-segment`: a file
 * is missing. `torn-unmarked`: a line is torn and the next segment does not say so.
 */
export type FailureKind = 'edit' | 'cut' | 'reorder' | 'duplicate' | 'missing-segment' | 'torn-unmarked'

/** The first thing that is wrong, and where. */
export interface VerifyFailure {
  readonly kind: FailureKind
  readonly segment: string
  /** Of the line, in bytes. */
  readonly offset: number
  /** Sequence number that was due there. */
  readonly sequence: number
  readonly detail: string
}

/** What a verification found: counts, the head to anchor, and the first failure if there is one. */
export interface VerifyReport {
  /** Undefined: the log is whole from its first segment to its last line. */
  readonly failure: VerifyFailure | undefined
  readonly segments: number
  readonly records: number
  readonly bytes: number
  /** Number of the first segment: over 1 when older ones were taken away. 0 when there is none. */
  readonly firstSegment: number
  /** Head after the last line that holds. */
  readonly head: Head | undefined
  /** The last record that holds: keep it elsewhere as an anchor, for what is cut off the end of a log leaves no trace. */
  readonly last: VerifyOptions['anchor'] | undefined
  /** `closed`: by the gateway; `open`: it runs, or was killed; `torn`: it was killed, and has not started since. */
  readonly end: 'closed' | 'open' | 'torn'
  /** Torn lines that later segments mark. */
  readonly tornMarked: number
  readonly counts: Counts
}

/** What a verification is held to. */
export interface VerifyOptions {
  /** A line that must be in the log: its sequence number and hash, noted before. Tells of a cut end. */
  readonly anchor?: { readonly sequence: number; readonly hash: string }
  /** Called after each chunk with the bytes read so far. */
  readonly onProgress?: (bytes: number) => void
}

/** Verifies segments, given in order of their numbers, in bounded memory. Rejects only when reading does. */
export async function verifySegments(
  segments: AsyncIterable<SegmentBytes>,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const verifier = new Verifier(options.anchor)
  let bytes = 0
  for await (const segment of segments) {
    verifier.begin(segment.name)
    const cutter = new LineCutter(0)
    for await (const chunk of segment.chunks) {
      bytes += chunk.byteLength
      for (const line of cutter.push(chunk)) verifier.line(line)
      if (cutter.overlong || verifier.decided) break
      options.onProgress?.(bytes)
    }
    verifier.end(cutter)
    if (verifier.failure !== undefined) break
  }
  return verifier.report(bytes)
}

interface TornPiece extends Line {
  readonly segment: string
}

class Verifier {
  readonly #anchor: VerifyOptions['anchor']
  readonly #tally = new Tally()
  failure: VerifyFailure | undefined
  #segment = ''
  #segments = 0
  #firstSegment = 0
  #head: Head | undefined
  #torn: TornPiece | undefined
  #tornMarked = 0
  #end: VerifyReport['end'] = 'open'
  #headerDue = false
  #anchorSeen = false
  #last: VerifyOptions['anchor'] | undefined

  constructor(anchor: VerifyOptions['anchor']) {
    this.#anchor = anchor
  }

  /** True when the failure is known, and known as what; a cut may still turn out to be a reorder. */
  get decided(): boolean {
    return this.failure !== undefined && this.failure.kind !== 'cut'
  }

  begin(name: string): void {
    this.#segment = name
    this.#segments++
    this.#headerDue = true
  }

  line(line: Line): void {
    const sealed = readLine(line.text)
    if (this.failure !== undefined) return this.#lookFor(this.failure, sealed)
    if (sealed === undefined) return this.#fail('edit', line.offset, 'the line does not match its hash')
    if (this.#headerDue !== (sealed.kind === 'header')) {
      return this.#fail('edit', line.offset, this.#headerDue ? 'no header' : 'a header among the records')
    }

    if (sealed.kind === 'header') this.#header(sealed)
    else this.#record(line, sealed)
  }

  end(cutter: LineCutter): void {
    if (this.failure !== undefined) return
    const { rest } = cutter
    if (cutter.overlong) {
      return this.#fail('edit', rest.offset, `a line is longer than ${LINE_BYTES_MAX} bytes`)
    }
    if (this.#headerDue) return this.#fail('edit', 0, 'no header')
    if (this.#torn !== undefined) return this.#failTorn(this.#torn)
    if (rest.text !== '') this.#torn = { ...rest, segment: this.#segment }
  }

  report(bytes: number): VerifyReport {
    if (this.failure === undefined && this.#anchor !== undefined && !this.#anchorSeen) {
      const { sequence, hash } = this.#anchor
      this.#fail('cut', 0, `record ${sequence} with hash ${hash}, noted before, is not in the log`)
    }
    return {
      failure: this.failure,
      segments: this.#segments,
      records: this.#tally.records,
      bytes,
      firstSegment: this.#firstSegment,
      head: this.#head,
      last: this.#last,
      end: this.#torn === undefined ? this.#end : 'torn',
      tornMarked: this.#tornMarked,
      counts: this.#tally.counts(),
    }
  }

  #header(header: SealedLine & { kind: 'header' }): void {
    this.#headerDue = false
    // The first segment that is there is believed: older ones may be kept elsewhere.
    const before = this.#head ?? this.#believed(header)
    const due = before.segment + 1
    if (header.segment > due) return this.#fail('missing-segment', 0, `segment ${due} is missing`)
    if (header.first > before.sequence) {
      return this.#fail(
        'cut',
        0,
        `records ${before.sequence} to ${header.first - 1} are missing at the end of ${due - 1}`,
      )
    }
    const named = segmentNumber(this.#segment) === header.segment && header.log === before.log
    if (!named || header.segment < due || header.first < before.sequence || header.prev !== before.hash) {
      return this.#fail(
        'edit',
        0,
        'the header does not follow from the segment before, or from the file name',
      )
    }
    this.#head = { ...before, segment: header.segment, hash: header.hash }
  }

  #believed(header: SealedLine & { kind: 'header' }): Head {
    this.#firstSegment = header.segment
    const hash = header.segment === 1 ? GENESIS : header.prev
    const sequence = header.segment === 1 ? 1 : header.first
    return { log: header.log, segment: header.segment - 1, sequence, hash }
  }

  #record(line: Line, record: SealedLine & { kind: 'record' }): void {
    const head = this.#head
    if (head === undefined) return
    const { sequence } = head
    if (record.sequence > sequence) {
      return this.#fail('cut', line.offset, `records ${sequence} to ${record.sequence - 1} are missing`)
    }
    if (record.sequence < sequence)
      return this.#fail('duplicate', line.offset, `record ${record.sequence} stands again`)
    if (record.prev !== head.hash)
      return this.#fail('edit', line.offset, 'the line does not follow from the one before')

    const kind = this.#tally.add(line.text)
    if (this.#torn !== undefined && !this.#marks(this.#torn, line.text)) return this.#failTorn(this.#torn)
    if (this.#torn !== undefined) this.#tornMarked++
    else if (kind === 'torn' && this.#segments > 1) {
      return this.#fail('cut', line.offset, 'the torn bytes that this line marks are gone')
    }
    this.#torn = undefined
    this.#end = kind === 'closed' ? 'closed' : 'open'
    if (this.#anchor?.sequence === sequence && this.#anchor.hash === record.hash) this.#anchorSeen = true
    this.#last = { sequence, hash: record.hash }
    this.#head = { ...head, sequence: sequence + 1, hash: record.hash }
  }

  // Fixed member order makes the mark's words comparable as they stand.
  #marks(torn: TornPiece, line: string): boolean {
    const digest = createHash('sha256').update(torn.text, 'latin1').digest('base64url')
    return (
      line.includes(',"kind":"log","event":"torn",') &&
      line.includes(
        `"detail":{"segment":${segmentNumber(torn.segment)},"offset":${torn.offset},"bytes":${torn.text.length},"digest":"${digest}"}`,
      )
    )
  }

  #failTorn(torn: TornPiece): void {
    this.#segment = torn.segment
    this.#fail(
      'torn-unmarked',
      torn.offset,
      `${torn.text.length} bytes after the last line are not marked as torn`,
    )
  }

  // The record that was due stands later on: nothing was cut, the order was changed.
  #lookFor(failure: VerifyFailure, sealed: SealedLine | undefined): void {
    if (failure.kind !== 'cut' || sealed?.kind !== 'record' || sealed.sequence !== failure.sequence) return
    this.failure = { ...failure, kind: 'reorder', detail: `record ${failure.sequence} stands later on` }
  }

  #fail(kind: FailureKind, offset: number, detail: string): void {
    this.failure = { kind, segment: this.#segment, offset, sequence: this.#head?.sequence ?? 1, detail }
  }
}
