import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { AuditLog } from '../../../src/audit/audit.ts'
import { verifyLog } from '../../../src/audit/read.ts'
import { AuditLogError } from '../../../src/audit/resume.ts'
import { segmentNames } from '../../../src/audit/segment-name.ts'
import { tailLog } from '../../../src/audit/tail.ts'
import { openAuditLog } from '../../../src/audit/writer.ts'
import type { AuditConfig } from '../../../src/core/config.ts'
import {
  auditConfig,
  decision,
  outcome,
  recordsIn,
  refusal,
  TurnedClock,
  Watcher,
} from '../../fixtures/audit.ts'

let dir: string
let clock: TurnedClock
let watcher: Watcher

beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'sallyport-audit-')), 'log')
  clock = new TurnedClock()
  watcher = new Watcher()
})

afterEach(() => {
  rmSync(join(dir, '..'), { recursive: true, force: true })
})

const open = (changes: Partial<AuditConfig> = {}): Promise<AuditLog> =>
  openAuditLog(auditConfig(dir, changes), { clock, observer: watcher })

const names = (): string[] => segmentNames(readdirSync(dir))
const text = (): string =>
  names()
    .map((name) => readFileSync(join(dir, name), 'latin1'))
    .join('')
const path = (index: number): string => join(dir, names().at(index) ?? '')

async function writeAndClose(...ids: string[]): Promise<void> {
  const log = await open()
  for (const id of ids) await log.decision(decision(id))
  await log.close()
}

describe('openAuditLog', () => {
  it('R51: writes each record before it answers', async () => {
    const log = await open()

    const written = await log.decision(decision('a'))

    expect(written).toBe(true)
    expect(text()).toContain('"id":"a"')
    await log.close()
  })

  it('R53: keeps the order in which records came', async () => {
    const log = await open()
    await Promise.all([log.decision(decision('a')), log.refusal(refusal('b')), log.outcome(outcome('a'))])
    await log.close()

    const kinds = recordsIn(text()).map(({ kind, event }) => event ?? kind)
    expect(kinds).toEqual(['opened', 'decision', 'refusal', 'outcome', 'closed'])
    expect(await verifyLog(dir)).toMatchObject({
      failure: undefined,
      end: 'closed',
      counts: { decisions: 1, outcomes: 1, refusals: 1, open: 0 },
    })
  })

  it('makes folder and files for its own user only', async () => {
    await writeAndClose('a')

    expect(statSync(dir).mode & 0o777).toBe(0o700)
    expect(statSync(path(0)).mode & 0o777).toBe(0o600)
  })

  it('refuses a folder that others can read', async () => {
    await writeAndClose('a')
    chmodSync(dir, 0o755)

    await expect(open()).rejects.toThrow(/chmod o=/)
  })

  it('refuses a path that is no folder', async () => {
    writeFileSync(dir, '')

    await expect(open()).rejects.toThrow(/EEXIST|ENOTDIR/)
  })

  it('goes on where the last run ended', async () => {
    await writeAndClose('a')
    await writeAndClose('b')

    expect(recordsIn(text()).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6])
    expect(names()).toEqual(['audit-00000001-1.jsonl', 'audit-00000002-4.jsonl'])
    expect((await verifyLog(dir)).failure).toBeUndefined()
  })

  it('F7: marks a torn tail in the next segment and leaves it as it is', async () => {
    await writeAndClose('a')
    const torn = readFileSync(path(0)).subarray(0, -30)
    writeFileSync(path(0), torn)

    await writeAndClose('b')

    expect(readFileSync(path(0))).toEqual(torn)
    expect(watcher.names()).toEqual(['audit-torn'])
    expect(await verifyLog(dir)).toMatchObject({ failure: undefined, tornMarked: 1 })
  })

  it('F7: takes what follows the last whole line for torn also when it is long and no text', async () => {
    await writeAndClose('a')
    writeFileSync(path(0), Buffer.concat([readFileSync(path(0)), Buffer.alloc(100_000)]))

    await writeAndClose('b')

    expect(await verifyLog(dir)).toMatchObject({ failure: undefined, tornMarked: 1 })
  })

  it('finds its place behind more torn bytes than it looks at first', async () => {
    await writeAndClose('a')
    writeFileSync(path(0), Buffer.concat([readFileSync(path(0)), Buffer.alloc(700_000)]))

    await writeAndClose('b')

    expect(recordsIn(text()).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  it('refuses to go on after a segment without its header, and gives the folder back', async () => {
    await writeAndClose('a')
    writeFileSync(path(0), 'no header\n')

    await expect(open()).rejects.toThrow(AuditLogError)

    rmSync(path(0))
    await writeAndClose('b')
  })

  it('begins a new segment by size and by age', async () => {
    const log = await open({ segmentBytesMax: 1_500, segmentMsMax: 60_000 })
    for (const id of ['a', 'b', 'c', 'd']) await log.decision(decision(id))
    const bySize = names().length
    clock.now += 60_000
    await log.outcome(outcome('a'))
    await log.close()

    expect(bySize).toBe(2)
    expect(names()).toHaveLength(3)
    expect((await verifyLog(dir)).failure).toBeUndefined()
  })

  it('writes the open window of summaries at its end', async () => {
    const log = await open()
    log.anonymous('192.0.2.1', 'token-missing', 'id-1')
    await log.close()
    log.anonymous('192.0.2.1', 'token-missing', 'id-2')

    const summary = recordsIn(text()).find(({ kind }) => kind === 'summary')
    expect(summary).toMatchObject({ peer: '192.0.2.1', counts: { 'token-missing': 1 }, firstId: 'id-1' })
  })

  it('answers false once closed, and closes once', async () => {
    const log = await open()
    const last = log.decision(decision('a'))
    const closing = log.close()

    expect(await log.decision(decision('b'))).toBe(false)
    expect(await last).toBe(true)
    await closing
    await log.close()
    expect(text()).not.toContain('"id":"b"')
  })
})

describe('the lock', () => {
  it('lets no second writer in', async () => {
    const log = await open()

    await expect(open()).rejects.toThrow(/is written by process/)

    await log.close()
  })

  it.each([
    ['a process that is gone', '4194999 12345 boot\n'],
    ['another process with our number, as in a restarted container', `${process.pid} 1 boot\n`],
    ['nobody', ''],
    ['words', 'locked\n'],
  ])('takes over the lock of %s', async (_, holder) => {
    await writeAndClose('a')
    writeFileSync(join(dir, 'lock'), holder)

    await writeAndClose('b')

    expect(readdirSync(dir).filter((name) => !name.endsWith('.jsonl'))).toEqual([])
  })
})

describe('tailLog', () => {
  const from = 'start'

  it('gives all records that are there, over all segments, and ends', async () => {
    await writeAndClose('a')
    await writeAndClose('b')
    const lines: string[] = []

    for await (const line of tailLog(dir, { from, follow: false })) lines.push(line)

    expect(lines.map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('ends at once where there is no log yet', async () => {
    await writeAndClose('a')
    for (const name of names()) rmSync(join(dir, name))

    const { done } = await tailLog(dir, { from: 'end', follow: false }).next()

    expect(done).toBe(true)
  })

  it('follows across segments from the end on, until it is stopped', async () => {
    const log = await open({ segmentBytesMax: 1_500 })
    await log.decision(decision('before'))
    const stop = new AbortController()
    const tail = tailLog(dir, { from: 'end', follow: true, signal: stop.signal, pollMs: 5 })
    const first = tail.next()
    await new Promise((resolve) => setTimeout(resolve, 50))

    const ids: unknown[] = []
    for (const id of ['a', 'b', 'c', 'd']) await log.decision(decision(id))
    for (let next = await first; !next.done; next = await tail.next()) {
      ids.push((JSON.parse(next.value) as { id?: string }).id)
      if (ids.length === 4) stop.abort()
    }

    expect(ids).toEqual(['a', 'b', 'c', 'd'])
    expect(names().length).toBeGreaterThan(1)
    await log.close()
  })
})
