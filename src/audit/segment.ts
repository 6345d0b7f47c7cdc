import { join } from 'node:path'

import type { Clock } from '../core/clock.ts'
import type { LogRecord } from '../core/record.ts'
import { type Head, sealHeader, sealRecord } from './chain.ts'
import type { Disk, DiskFile } from './disk.ts'
import { recordMembers } from './format.ts'
import { segmentName, UNBORN } from './segment-name.ts'

/** Where segments are made. */
export interface Place {
  readonly disk: Disk
  readonly dir: string
  readonly clock: Clock
}

/** The file that is being appended to. Once an operation on it failed it is given up, never written to again. */
export class Segment {
  readonly #file: DiskFile
  readonly #bornMs: number
  #bytes: number
  #syncs: Promise<void> = Promise.resolve()
  /** Head of the lines that were written whole. */
  #written: Head

  constructor(file: DiskFile, bytes: number, { written, bornMs }: { written: Head; bornMs: number }) {
    this.#file = file
    this.#bytes = bytes
    this.#written = written
    this.#bornMs = bornMs
  }

  get written(): Head {
    return this.#written
  }

  /** In bytes. */
  get size(): number {
    return this.#bytes
  }

  /** Age, on the monotonic clock. */
  ageMs(nowMs: number): number {
    return nowMs - this.#bornMs
  }

  /** Appends records, each given as its members. Resolves once write(2) took the last byte. */
  async append(records: readonly string[]): Promise<void> {
    let head = this.#written
    let lines = ''
    for (const members of records) {
      const sealed = sealRecord(head, members)
      lines += sealed.line
      head = sealed.head
    }
    await writeAll(this.#file, lines)
    this.#written = head
    this.#bytes += lines.length
  }

  /**
   * Makes what was written durable. Once it failed it always fails: the kernel then calls pages clean that it did not
   * write, and another fdatasync would succeed over the hole (Rebello et al., "Can Applications Recover from fsync
   * Failures?", 2020).
   */
  sync(): Promise<void> {
    this.#syncs = this.#syncs.then(() => this.#file.datasync())
    return this.#syncs
  }

  /** Closes the file. Its error is of no account: what matters was synced before, or was reported as lost. */
  async close(): Promise<void> {
    await this.#syncs.catch(() => {})
    await this.#file.close().catch(() => {})
  }
}

/**
 * Makes the segment after `head`, with its header and first marks. It gets its name only when these are on disk, so
 * that a segment without a header cannot be: neither a full disk nor a kill leaves one.
 */
export async function createSegment(place: Place, head: Head, marks: readonly LogRecord[]): Promise<Segment> {
  const { disk, dir, clock } = place
  const header = sealHeader(head, clock.wallMs())
  let lines = header.line
  let written = header.head
  for (const mark of marks) {
    const sealed = sealRecord(written, recordMembers(mark))
    lines += sealed.line
    written = sealed.head
  }

  const unborn = join(dir, UNBORN)
  await disk.remove(unborn)
  const file = await disk.create(unborn)
  try {
    await writeAll(file, lines)
    await file.datasync()
    await disk.rename(unborn, join(dir, segmentName(written.segment, header.head.sequence)))
    await disk.syncDir(dir)
  } catch (error) {
    await file.close().catch(() => {})
    throw error
  }
  return new Segment(file, lines.length, { written, bornMs: clock.monotonicMs() })
}

// A full disk shows as a short write first and as an error at the next one.
async function writeAll(file: DiskFile, lines: string): Promise<void> {
  let rest: Uint8Array = Buffer.from(lines, 'latin1')
  while (rest.byteLength > 0) {
    const taken = await file.write(rest)
    if (taken === 0) throw new Error('write took no byte')
    rest = rest.subarray(taken)
  }
}
