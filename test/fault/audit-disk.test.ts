import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { AuditConfig } from '../../src/core/config.ts'
import type { AuditLog } from '../../src/audit/audit.ts'
import { GENESIS } from '../../src/audit/chain.ts'
import { createSegment } from '../../src/audit/segment.ts'
import { verifySegments } from '../../src/audit/verify.ts'
import { openAuditLog } from '../../src/audit/writer.ts'
import {
  asSegments,
  auditConfig,
  decision,
  errno,
  MemoryDisk,
  outcome,
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

/** Writes records one after another and in groups, over rotations; gives the ids that were answered true. */
async function script(log: AuditLog): Promise<string[]> {
  const answered: string[] = []
  for (let round = 0; round < 6; round++) {
    const ids = [`${round}-a`, `${round}-b`, `${round}-c`]
    const results = await Promise.all(ids.map((id) => log.decision(decision(id))))
    answered.push(...ids.filter((_, index) => results[index]))
    log.anonymous('192.0.2.1', 'token-missing', undefined)
    await pass(100)
  }
  return answered
}

async function expectWhole(answered: readonly string[]): Promise<void> {
  const report = await verifySegments(asSegments(disk.segments()))
  const ids = recordsIn(disk.text).map(({ id }) => id)

  expect(report.failure).toBeUndefined()
  expect(verifyAgain(disk.segments())).toBe('ok')
  expect(ids.filter((id) => answered.includes(String(id)))).toEqual(answered)
}

/** Opens, as an operator would again and again, until it works. */
async function openInTheEnd(changes: Partial<AuditConfig>): Promise<AuditLog> {
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      return await open(changes)
    } catch {
      // The fault hit the opening; the next attempt is past it.
    }
  }
  throw new Error('never opened')
}

async function runWith(changes: Partial<AuditConfig>, harm: MemoryDisk['before']): Promise<string[]> {
  disk.before = harm
  const log = await openInTheEnd(changes)
  const answered = await script(log)
  await pass(1_000)
  expect(log.healthy).toBe(true)
  if (await log.outcome(outcome('last'))) answered.push('last')
  await log.close()
  return answered
}

async function operationsOfAGoodRun(changes: Partial<AuditConfig>): Promise<number> {
  await runWith(changes, () => {})
  return disk.done.length
}

describe.each(['group', 'sync'] as const)('F4: in %s mode', (durability) => {
  const changes = { durability, segmentBytesMax: 4_000 }

  it('keeps every answered record and a whole chain, whichever operation fails', async () => {
    const total = await operationsOfAGoodRun(changes)

    for (let n = 1; n <= total; n++) {
      disk = new MemoryDisk()
      const answered = await runWith(changes, (_, count) => {
        if (count === n) throw errno('EIO')
      })

      await expectWhole(answered)
      expect(answered.length).toBeGreaterThanOrEqual(9)
    }
    expect(total).toBeGreaterThan(40)
  })

  it('keeps them when three operations in a row fail, from any on', async () => {
    const total = await operationsOfAGoodRun(changes)

    for (let n = 1; n <= total; n += 2) {
      disk = new MemoryDisk()
      const answered = await runWith(changes, (_, count) => {
        if (count >= n && count < n + 3) throw errno('EIO')
      })

      await expectWhole(answered)
      expect(answered.length).toBeGreaterThanOrEqual(1)
    }
  })

  it('keeps them when a write stops in the middle of a line and the next one fails', async () => {
    const total = await operationsOfAGoodRun(changes)

    let torn = 0
    for (let n = 1; n <= total; n++) {
      disk = new MemoryDisk()
      const answered = await runWith(changes, (operation, count) => {
        disk.writeBytesMax = count === n ? 333 : Infinity
        if (operation === 'write' && count === n + 1) throw errno('ENOSPC')
      })

      await expectWhole(answered)
      torn += watcher.names().filter((name) => name === 'audit-torn').length
    }
    expect(torn).toBeGreaterThan(0)
  })

  it('completes short writes', async () => {
    disk.writeBytesMax = 7
    const log = await open({ durability })

    const written = await log.decision(decision('a'))

    expect(written).toBe(true)
    await log.close()
    await expectWhole(['a'])
  })
})

describe('F4: a full disk', () => {
  it('is refused at once, told once, and healed within a second of space', async () => {
    const log = await open()
    disk.capacity = 2_000
    const answered: string[] = []
    for (let index = 0; index < 10; index++) {
      if (await log.decision(decision(`before-${index}`))) answered.push(`before-${index}`)
    }
    await pass(5_000)
    expect(log.healthy).toBe(false)
    expect(await log.decision(decision('while'))).toBe(false)
    expect(watcher.names()).toEqual(['audit-unavailable'])

    disk.capacity = Infinity
    await pass(1_000)

    expect(log.healthy).toBe(true)
    expect(await log.decision(decision('after'))).toBe(true)
    expect(watcher.names()).toEqual(['audit-unavailable', 'audit-torn', 'audit-recovered'])
    await log.close()
    await expectWhole([...answered, 'after'])
    const recovered = recordsIn(disk.text).find(({ event }) => event === 'recovered')
    expect(recovered?.['detail']).toMatchObject({ cause: 'ENOSPC', refused: 10 - answered.length + 1 })
  })

  it('leaves no files behind, however long it stays full', async () => {
    const log = await open()
    disk.capacity = 1_000
    await log.decision(decision('a'))

    await pass(20_000)

    expect(disk.segments()).toHaveLength(1)
    disk.capacity = Infinity
    await log.close()
  })
})

describe('F4: a write that takes nothing', () => {
  it('is a fault, not a reason to try for ever', async () => {
    const log = await open()
    disk.writeBytesMax = 0

    expect(await log.decision(decision('a'))).toBe(false)
    disk.writeBytesMax = Infinity
    await log.close()
  })
})

describe('F4: an anonymous flood while the log cannot be written', () => {
  it('is counted on, and told in one record a peer afterwards', async () => {
    const log = await open({ summaryWindowMs: 500 })
    disk.capacity = 0
    await log.decision(decision('a'))
    for (let window = 0; window < 5; window++) {
      log.anonymous('192.0.2.1', 'token-missing', `id-${window}`)
      await pass(600)
    }

    disk.capacity = Infinity
    await pass(2_000)

    const summaries = recordsIn(disk.text).filter(({ kind }) => kind === 'summary')
    expect(summaries).toMatchObject([{ counts: { 'token-missing': 5 }, firstId: 'id-0' }])
    await log.close()
  })
})

describe('F4: a failed fdatasync', () => {
  it('is remembered by the file: a later one that succeeds would prove nothing', async () => {
    const head = { log: 'log-1', segment: 0, sequence: 1, hash: GENESIS }
    const segment = await createSegment({ disk, dir, clock }, head, [])
    disk.before = (operation) => {
      if (operation === 'datasync') throw errno('EIO')
    }
    await expect(segment.sync()).rejects.toThrow('EIO')
    disk.before = () => {}

    await expect(segment.sync()).rejects.toThrow('EIO')
    await segment.close()
  })

  it('is not built upon: what a killed process left is synced before the next segment', async () => {
    await (await open()).close()
    disk.done.length = 0

    const log = await open()

    expect(disk.done.indexOf('datasync')).toBeLessThan(disk.done.indexOf('create'))
    await log.close()
  })

  it('names the records that were answered and may be lost, in a new file', async () => {
    const log = await open()
    await log.decision(decision('a'))
    await log.decision(decision('b'))

    disk.before = (operation) => {
      disk.before = () => {}
      if (operation === 'datasync') throw errno('EIO')
    }
    await pass(1_000)

    expect(disk.segments()).toHaveLength(2)
    const recovered = recordsIn(disk.text).find(({ event }) => event === 'recovered')
    expect(recovered?.['detail']).toMatchObject({ cause: 'EIO', unsyncedFrom: 2, unsyncedBefore: 4 })
    await log.close()
    await expectWhole(['a', 'b'])
  })

  it('answers false in sync mode', async () => {
    const log = await open({ durability: 'sync' })
    disk.before = (operation) => {
      if (operation === 'datasync') throw errno('EIO')
    }

    const written = await log.decision(decision('a'))

    expect(written).toBe(false)
    disk.before = () => {}
    await log.close()
  })
})

describe('F4: a bounded queue', () => {
  it('answers false over queueMax while the disk is slow, and stays healthy', async () => {
    const log = await open({ queueMax: 5 })
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, index) => log.decision(decision(`${index}`))),
    )

    expect(results).toEqual([true, true, true, true, true, false, false, false])
    expect(log.healthy).toBe(true)
    await log.close()
  })

  it('has room for decisions during an anonymous flood, and bounded records for the flood', async () => {
    const log = await open({ queueMax: 5, summaryPeersMax: 4, summaryWindowMs: 100 })
    for (let index = 0; index < 5_000; index++)
      log.anonymous(`2001:db8::${index}`, 'token-missing', `id-${index}`)
    const results = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => log.decision(decision(id))))

    await pass(200)
    // What was gathered after the crowd is written by then.
    await log.close()

    expect(results).toEqual([true, true, true, true, true])
    const summaries = recordsIn(disk.text).filter(({ kind }) => kind === 'summary')
    expect(summaries.map(({ peer }) => peer)).toEqual([
      '2001:db8::0',
      '2001:db8::1',
      '2001:db8::2',
      '2001:db8::3',
      '*',
    ])
    expect(summaries.at(-1)?.['counts']).toEqual({ 'token-missing': 4_996 })
  })
})
