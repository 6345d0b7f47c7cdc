import { join } from 'node:path'

import { type Disk, nodeDisk } from './disk.ts'
import { chunksOf } from './resume.ts'
import { segmentNames } from './segment-name.ts'
import { type SegmentBytes, verifySegments, type VerifyOptions, type VerifyReport } from './verify.ts'

/** Verifies the log in a folder, also while it is written. Rejects with errno errors when it cannot be read. */
export function verifyLog(dir: string, options: VerifyOptions = {}, disk = nodeDisk): Promise<VerifyReport> {
  return verifySegments(segmentsOf(disk, dir), options)
}

async function* segmentsOf(disk: Disk, dir: string): AsyncGenerator<SegmentBytes> {
  for (const name of segmentNames(await disk.list(dir))) {
    const file = await disk.read(join(dir, name))
    try {
      yield { name, chunks: chunksOf(file, 0) }
    } finally {
      await file.close()
    }
  }
}
