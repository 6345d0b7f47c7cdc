import { randomBytes } from 'node:crypto'
import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

import type { Clock } from '../core/clock.ts'
import type { AuditConfig } from '../core/config.ts'
import type { Observer } from '../core/events.ts'
import type { LogRecord } from '../core/record.ts'
import { GENESIS, type Head } from './chain.ts'
import { type Disk, nodeDisk } from './disk.ts'
import { takeLock } from './lock.ts'
import { AuditLogError, findHead, type Torn } from './resume.ts'
import { createSegment, type Place, type Segment } from './segment.ts'

/** The folder of one log, held by this process. */
export interface Store {
  /** Segment made at opening. */
  readonly first: Segment
  /** Makes the segment after one that ended well. */
  next(head: Head): Promise<Segment>
  /** Makes the segment after one that failed: looks at what is there, marks what is torn, tells what was lost. */
  resume(written: Head, detail: LogRecord['detail']): Promise<Segment>
  /** Gives the folder back. */
  release(): void
}

/** Takes the folder and makes the first segment. @throws AuditLogError, and errors of the disk. */
export async function openStore(
  config: AuditConfig,
  deps: { readonly clock: Clock; readonly observer: Observer; readonly disk?: Disk },
): Promise<Store> {
  const { clock, observer, disk = nodeDisk } = deps
  const place: Place = { disk, dir: config.dir, clock }
  prepareFolder(config.dir)
  const release = await takeLock(config.dir)
  try {
    await disk.syncDir(dirname(config.dir))
    const found = await findHead(disk, config.dir)
    const head = found?.head ?? newLog()
    const opened = mark(place, 'opened', { pid: process.pid })
    const first = await createAfter(place, observer, { head, torn: found?.torn, event: opened })
    return {
      first,
      next: (written) => createSegment(place, written, []),
      resume: (written, detail) => resume(place, observer, { written, detail }),
      release,
    }
  } catch (error) {
    release()
    throw error
  }
}

async function resume(
  place: Place,
  observer: Observer,
  { written, detail }: { written: Head; detail: LogRecord['detail'] },
): Promise<Segment> {
  const found = await findHead(place.disk, place.dir)
  // Lines may be there beyond those that were answered; never fewer, unless somebody removed them: then the chain
  // goes on from memory, no number is used twice, and the verifier names the gap.
  const whole =
    found !== undefined && found.head.log === written.log && found.head.sequence >= written.sequence
  const head = whole
    ? found.head
    : { ...written, segment: Math.max(written.segment, found?.head.segment ?? 0) }
  return createAfter(place, observer, { head, torn: found?.torn, event: mark(place, 'recovered', detail) })
}

async function createAfter(
  place: Place,
  observer: Observer,
  { head, torn, event }: { head: Head; torn: Torn | undefined; event: LogRecord },
): Promise<Segment> {
  if (torn === undefined) return createSegment(place, head, [event])

  const segment = await createSegment(place, head, [mark(place, 'torn', { ...torn }), event])
  observer.event('audit-torn', { segment: torn.segment, offset: torn.offset, bytes: torn.bytes })
  return segment
}

function mark(place: Place, event: string, detail: LogRecord['detail']): LogRecord {
  return { kind: 'log', event, atMs: place.clock.wallMs(), detail }
}

function newLog(): Head {
  return { log: randomBytes(16).toString('base64url'), segment: 0, sequence: 1, hash: GENESIS }
}

// Whoever may write into the folder can put a log of his own in place of ours; whoever may read it learns who did what.
function prepareFolder(dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const stat = statSync(dir)
  if (!stat.isDirectory()) throw new AuditLogError(`the audit folder ${dir} is not a folder`)
  if ((stat.mode & 0o007) !== 0) {
    throw new AuditLogError(`the audit folder ${dir} is open to every user: chmod o= ${dir}`)
  }
}
