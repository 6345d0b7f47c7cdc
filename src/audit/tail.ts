import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { type Disk, type DiskFile, nodeDisk } from './disk.ts'
import { LineCutter } from './lines.ts'
import { segmentNames, segmentNumber } from './segment-name.ts'

/** Where to begin, and whether to wait for more. */
export interface TailOptions {
  /** `start`: all that is there first. `end`: only what comes. */
  readonly from: 'start' | 'end'
  /** True goes on until aborted; false ends with what is there. */
  readonly follow: boolean
  readonly signal?: AbortSignal
  readonly pollMs?: number
  readonly disk?: Disk
}

const POLL_MS = 200

/**
 * Gives the records of a log, one JSON text each, over all segments. Headers and torn pieces are passed over; nothing
 * is verified. Lines are printable ASCII as the writer makes them; show others with care.
 */
export async function* tailLog(dir: string, options: TailOptions): AsyncGenerator<string> {
  const { disk = nodeDisk } = options
  let skip = options.from === 'end'
  let last = 0
  for (;;) {
    const names = segmentNames(await disk.list(dir))
    const name = skip ? names.at(-1) : names.find((each) => segmentNumber(each) > last)
    if (name !== undefined) {
      last = segmentNumber(name)
      const file = await disk.read(join(dir, name))
      try {
        yield* linesOf(file, skip, () => ended(dir, last, options))
      } finally {
        await file.close()
      }
    } else if (!options.follow) return
    skip = false
    if (options.signal?.aborted === true) return
    if (name === undefined) await pause(options)
  }
}

/** Lines of one segment, until nothing more can come. */
async function* linesOf(
  file: DiskFile,
  skip: boolean,
  isEnded: () => Promise<boolean>,
): AsyncGenerator<string> {
  let position = skip ? await file.size() : 0
  const cutter = new LineCutter(position)
  const buffer = Buffer.allocUnsafe(65_536)
  for (;;) {
    // Asked before the last read: what is written in between is then still read.
    const final = await isEnded()
    for (;;) {
      const got = await file.read(buffer, position)
      if (got === 0) break
      position += got
      for (const { text } of cutter.push(buffer.subarray(0, got))) {
        if (text.startsWith('{"seq":')) yield text
      }
    }
    if (final) return
  }
}

/** Waits where it makes sense to, and tells whether the segment will not grow any more. */
async function ended(dir: string, segment: number, options: TailOptions): Promise<boolean> {
  const { disk = nodeDisk, follow, signal } = options
  if (!follow || signal?.aborted === true) return true
  if (segmentNames(await disk.list(dir)).some((name) => segmentNumber(name) > segment)) return true

  await pause(options)
  return false
}

async function pause({ signal, pollMs = POLL_MS }: TailOptions): Promise<void> {
  await sleep(pollMs, undefined, signal === undefined ? {} : { signal }).catch(() => {})
}
