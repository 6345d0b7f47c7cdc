import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { systemClock } from '../../src/core/clock.ts'
import { silentObserver } from '../../src/core/events.ts'
import { verifyLog } from '../../src/audit/read.ts'
import { segmentNames } from '../../src/audit/segment-name.ts'
import { openAuditLog } from '../../src/audit/writer.ts'
import { auditConfig } from '../fixtures/audit.ts'
import { verifyAgain } from '../fixtures/audit-verifier.ts'

const KILLS = 10
const CHILD = join(import.meta.dirname, '../fixtures/audit-child.ts')

let dir: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sallyport-kill-'))
})

afterEach(() => {
  rmSync(dir, { recursive: true, force: true })
})

/** Runs the writer, kills it after `records` answers, gives what it answered. */
function killAfter(records: number, round: number, durability: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CHILD, dir, String(round), durability], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    let count = 0
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      count += text.split('\n').length - 1
      if (count >= records) child.kill('SIGKILL')
    })
    child.on('error', reject)
    child.on('close', () => {
      // The last one may be cut: it was not said whole.
      resolve(said.split('\n').slice(0, -1))
    })
  })
}

const segments = (): { name: string; bytes: Buffer }[] =>
  segmentNames(readdirSync(dir)).map((name) => ({ name, bytes: readFileSync(join(dir, name)) }))

describe.each(['group', 'sync'] as const)('F7: kill -9 in %s mode', (durability) => {
  it(
    'keeps every answered record, uses no sequence number twice, and the chain verifies',
    { timeout: 120_000 },
    async () => {
      const kills = durability === 'group' ? KILLS : 3
      const answered: string[] = []

      for (let round = 0; round < kills; round++) {
        answered.push(...(await killAfter(50 + 211 * round, round, durability)))
      }

      const log = await openAuditLog(auditConfig(dir), { clock: systemClock, observer: silentObserver })
      await log.close()
      const report = await verifyLog(dir)
      const lines = segments().flatMap(({ bytes }) => bytes.toString('latin1').split('\n'))
      const ids = new Set(lines.map((line) => /"id":"([^"]+)"/.exec(line)?.[1]))
      const numbers = lines.map((line) => /^\{"seq":(\d+),.*"\}$/.exec(line)?.[1]).filter(Boolean)
      expect(report).toMatchObject({ failure: undefined, end: 'closed' })
      expect(verifyAgain(segments())).toBe('ok')
      expect(answered.length).toBeGreaterThan(50 * kills)
      expect(answered.filter((id) => !ids.has(id))).toEqual([])
      expect(new Set(numbers).size).toBe(numbers.length)
      expect(report.records).toBe(numbers.length)
    },
  )
})
