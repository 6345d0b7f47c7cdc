import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { AuditConfig } from '../../src/core/config.ts'
import type { AuditLog } from '../../src/audit/audit.ts'
import { GENESIS, sealHeader } from '../../src/audit/chain.ts'
import { verifySegments } from '../../src/audit/verify.ts'
import { openAuditLog } from '../../src/audit/writer.ts'
import {
  asSegments,
  auditConfig,
  decision,
  MemoryDisk,
  type Operation,
  recordsIn,
  TurnedClock,
  Watcher,
} from '../fixtures/audit.ts'
import { verifyAgain } from '../fixtures/audit-verifier.ts'
import { passTime } from '../fixtures/pass-time.ts'

let dir: string
let disk: MemoryDisk
let watcher: Watcher
let clock: TurnedClock

beforeEach(() => {
  // setImmediate stays real: the log's loop runs on it.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  dir = mkdtempSync(join(tmpdir(), 'sallyport-audit-'))
  disk = new MemoryDisk()
  watcher = new Watcher()
  clock = new TurnedClock()
})

afterEach(() => {
  vi.useRealTimers()
  rmSync(dir, { recursive: true, force: true })
})

const open = (changes: Partial<AuditConfig> = {}): Promise<AuditLog> =>
  openAuditLog(auditConfig(dir, changes), { clock, observer: watcher, disk })

const pass = (ms: number): Promise<void> => passTime(clock, ms)

async function expectWhole(answered: readonly string[]): Promise<void> {
  const report = await verifySegments(asSegments(disk.segments()))
  const ids = recordsIn(disk.text).map(({ id }) => id)

  expect(report.failure).toBeUndefined()
  expect(verifyAgain(disk.segments())).toBe('ok')
  expect(ids.filter((id) => answered.includes(String(id)))).toEqual(answered)
}

describe('F19: a disk that hangs', () => {
  const hang = (wanted: Operation): (() => void) => {
    let release: () => void = () => {}
    const hung = new Promise<void>((resolve) => {
      release = resolve
    })
    disk.before = (operation) => (operation === wanted ? hung : undefined)
    return () => {
      disk.before = () => {}
      release()
    }
  }

  it('answers false within a bound, and goes on only after the late write landed', async () => {
    const log = await open()
    const release = hang('write')
    const written = log.decision(decision('late'))

    await pass(7_000)

    expect(await written).toBe(false)
    expect(log.healthy).toBe(false)
    expect(disk.segments()).toHaveLength(1)
    release()
    await pass(1_000)
    expect(await log.decision(decision('next'))).toBe(true)
    await log.close()
    await expectWhole(['late', 'next'])
  })

  it('counts an fdatasync that does not end as a fault', async () => {
    const log = await open()
    const release = hang('datasync')
    expect(await log.decision(decision('a'))).toBe(true)

    await pass(7_000)

    expect(log.healthy).toBe(false)
    release()
    await pass(1_000)
    expect(log.healthy).toBe(true)
    await log.close()
    await expectWhole(['a'])
  })

  it('does not hold up the end for ever', async () => {
    const log = await open()
    const release = hang('write')
    const written = log.decision(decision('a'))
    let closed = false
    const closing = log.close().then(() => {
      closed = true
    })

    await pass(6_000)

    expect(closed).toBe(true)
    expect(await written).toBe(false)
    await closing
    release()
    await pass(100)
  })
})

describe('a log that somebody changed while it could not be written', () => {
  it('goes on without using a number twice when somebody removed its files while it was full', async () => {
    const log = await open()
    await log.decision(decision('a'))
    disk.capacity = 0
    await log.decision(decision('b'))
    disk.files.clear()
    disk.capacity = Infinity

    await pass(1_000)

    expect(await log.decision(decision('c'))).toBe(true)
    await log.close()
    expect(recordsIn(disk.text).map(({ seq }) => seq)).toEqual([3, 4, 5])
    expect(disk.segments()[0]?.name).toBe('audit-00000002-3.jsonl')
    await expectWhole(['c'])
  })

  it('uses no number twice when answered records are gone, and the verifier names the gap', async () => {
    const log = await open()
    await log.decision(decision('a'))
    await log.decision(decision('b'))
    disk.capacity = 0
    await log.decision(decision('c'))
    for (const [path, bytes] of disk.files)
      disk.files.set(path, bytes.subarray(0, bytes.lastIndexOf(10, -2) + 1))
    disk.capacity = Infinity

    await pass(1_000)

    await log.close()
    expect(recordsIn(disk.text).map(({ seq }) => seq)).toEqual([1, 2, 4, 5])
    const { failure } = await verifySegments(asSegments(disk.segments()))
    expect(failure).toMatchObject({ kind: 'cut', sequence: 3 })
  })

  it('stays the log it was when another one was put in its place', async () => {
    const log = await open()
    const name = /"log":"([^"]+)"/.exec(disk.text)?.[1]
    disk.capacity = 0
    await log.decision(decision('a'))
    const other = sealHeader({ log: 'other', segment: 0, sequence: 900, hash: GENESIS }, 1)
    for (const path of disk.files.keys()) disk.files.set(path, Buffer.from(other.line))
    disk.capacity = Infinity

    await pass(1_000)

    await log.close()
    expect(disk.segments().at(-1)?.bytes.toString()).toContain(`"log":"${name}"`)
    expect(recordsIn(disk.text).map(({ seq }) => seq)).toEqual([2, 3])
  })
})
