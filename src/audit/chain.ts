import { hash } from 'node:crypto'

/** What the first line of the first segment names as the hash before it: 32 zero bytes. */
export const GENESIS = 'A'.repeat(43)

/** No line is longer, LF included, in bytes; the caps of format.ts keep records far below it. */
export const LINE_BYTES_MAX = 262_144

/** Where a log stands: what the next line will carry. */
export interface Head {
  /** Random name of the log, the same in all of its segments. */
  readonly log: string
  /** Number of the segment that holds the last line, from 1. 0: nothing was written yet. */
  readonly segment: number
  /** Sequence number of the next record, from 1. */
  readonly sequence: number
  /** Hash that the last line ends with, base64url of SHA-256. */
  readonly hash: string
}

/** A line that verifies on its own: nobody changed it without also making its hash anew. */
export type SealedLine =
  | { readonly kind: 'record'; readonly sequence: number; readonly prev: string; readonly hash: string }
  | {
      readonly kind: 'header'
      readonly log: string
      readonly segment: number
      readonly first: number
      readonly atMs: number
      readonly prev: string
      readonly hash: string
    }

/** Seals the members of a record: the line with LF, and the head after it. */
export function sealRecord(head: Head, members: string): { readonly line: string; readonly head: Head } {
  const body = `{"seq":${head.sequence},"prev":"${head.hash}",${members}`
  const digest = digestOf(body)
  return {
    line: `${body},"hash":"${digest}"}\n`,
    head: { log: head.log, segment: head.segment, sequence: head.sequence + 1, hash: digest },
  }
}

/** Begins the next segment: its header line with LF, and the head after it. A header takes no sequence number. */
export function sealHeader(head: Head, atMs: number): { readonly line: string; readonly head: Head } {
  const segment = head.segment + 1
  const body =
    `{"sallyportAudit":1,"log":"${head.log}","segment":${segment},"first":${head.sequence}` +
    `,"atMs":${Math.trunc(atMs)},"prev":"${head.hash}"`
  const digest = digestOf(body)
  return { line: `${body},"hash":"${digest}"}\n`, head: { ...head, segment, hash: digest } }
}

const LINE = /^\{"seq":([1-9]\d{0,15}),"prev":"([\w-]{43})",[ -~]*$/
const HEADER =
  /^\{"sallyportAudit":1,"log":"([\w-]{1,64})","segment":([1-9]\d{0,8}),"first":([1-9]\d{0,15}),"atMs":(\d{1,16}),"prev":"([\w-]{43})"$/
const HASH_MEMBER = ',"hash":"'
/** Length of `,"hash":"…"}`. */
const SEAL_LENGTH = HASH_MEMBER.length + 43 + 2

/** Reads one line, without its LF. Undefined when it does not verify on its own. */
export function readLine(line: string): SealedLine | undefined {
  const end = line.length - SEAL_LENGTH
  if (end < 0) return undefined

  const body = line.slice(0, end)
  const digest = digestOf(body)
  if (line.slice(end) !== `${HASH_MEMBER}${digest}"}`) return undefined

  const record = LINE.exec(body)
  if (record !== null) {
    const [, sequence, prev = ''] = record
    return { kind: 'record', sequence: Number(sequence), prev, hash: digest }
  }
  const header = HEADER.exec(body)
  if (header === null) return undefined

  const [, log = '', segment, first, atMs, prev = ''] = header
  return {
    kind: 'header',
    log,
    segment: Number(segment),
    first: Number(first),
    atMs: Number(atMs),
    prev,
    hash: digest,
  }
}

// The one-shot form costs half of createHash().update().digest().
function digestOf(body: string): string {
  return hash('sha256', body, 'base64url')
}
