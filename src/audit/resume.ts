import { createHash } from 'node:crypto'
import { join } from 'node:path'

import { type Head, LINE_BYTES_MAX, readLine } from './chain.ts'
import type { Disk, DiskFile } from './disk.ts'
import { LineCutter } from './lines.ts'
import { segmentNames, segmentNumber } from './segment-name.ts'

/** Bytes after the last whole line: a write that did not end. They stay; a mark in the next segment names them. */
export interface Torn {
  readonly segment: number
  /** Where they begin, and how many, in bytes. */
  readonly offset: number
  readonly bytes: number
  /** SHA-256 of them, base64url, so that they too cannot be changed unseen. */
  readonly digest: string
}

/** What a folder's last segment says of where the log stands. */
export interface Found {
  readonly head: Head
  readonly torn: Torn | undefined
}

/** The log in the folder cannot be gone on with; the message says what to do. */
export class AuditLogError extends Error {}

/**
 * Finds where the log in a folder stands: the last line of the last segment that verifies on its own. Whether all
 * lines before it do is the verifier's question. Undefined when the folder holds no segment.
 *
 * What it builds on is synced first, for a killed process leaves lines that only the page cache has.
 */
export async function findHead(disk: Disk, dir: string): Promise<Found | undefined> {
  const name = segmentNames(await disk.list(dir)).at(-1)
  if (name === undefined) return undefined

  const file = await disk.read(join(dir, name))
  try {
    await file.datasync()
    return await headOf(file, name)
  } finally {
    await file.close()
  }
}

async function headOf(file: DiskFile, name: string): Promise<Found> {
  const size = await file.size()
  const header = await headerOf(file)
  if (header === undefined || header.segment !== segmentNumber(name)) {
    throw new AuditLogError(
      `audit segment ${name} has no valid header: move the log's folder away and keep it as evidence`,
    )
  }

  // A file's end nearly always holds a whole line; where it does not, all of the file is read.
  const near = Math.max(0, size - 2 * LINE_BYTES_MAX)
  const last = (await lastLine(file, near)) ?? (await lastLine(file, 0)) ?? header
  const torn = last.end < size ? await tornAt(file, last.end, segmentNumber(name)) : undefined
  return { head: { ...last.head, log: header.head.log, segment: header.segment }, torn }
}

interface Last {
  readonly head: Head
  /** Offset after its LF, in bytes. */
  readonly end: number
}

async function headerOf(file: DiskFile): Promise<(Last & { readonly segment: number }) | undefined> {
  const start = Buffer.alloc(1_024)
  const got = await file.read(start, 0)
  const text = start.toString('latin1', 0, got)
  const end = text.indexOf('\n')
  const line = readLine(text.slice(0, Math.max(0, end)))
  if (line?.kind !== 'header') return undefined

  const head = { log: line.log, segment: line.segment, sequence: line.first, hash: line.hash }
  return { head, end: end + 1, segment: line.segment }
}

/** Last record from `from` on that verifies on its own. A first line that is cut by `from` does not. */
async function lastLine(file: DiskFile, from: number): Promise<Last | undefined> {
  const cutter = new LineCutter(from)
  let last: Last | undefined
  for await (const chunk of chunksOf(file, from)) {
    for (const line of cutter.push(chunk)) {
      const sealed = readLine(line.text)
      if (sealed?.kind !== 'record') continue
      const end = line.offset + line.text.length + 1
      last = { head: { log: '', segment: 0, sequence: sealed.sequence + 1, hash: sealed.hash }, end }
    }
  }
  return last
}

async function tornAt(file: DiskFile, offset: number, segment: number): Promise<Torn> {
  const digest = createHash('sha256')
  let bytes = 0
  for await (const chunk of chunksOf(file, offset)) {
    digest.update(chunk)
    bytes += chunk.byteLength
  }
  return { segment, offset, bytes, digest: digest.digest('base64url') }
}

/** Reads a file from `from` to its end. Each chunk is good only until the next. */
export async function* chunksOf(file: DiskFile, from: number): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(65_536)
  let position = from
  for (;;) {
    const got = await file.read(buffer, position)
    if (got === 0) return
    position += got
    yield buffer.subarray(0, got)
  }
}
