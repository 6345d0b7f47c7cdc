import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, describe, expect, it } from 'vitest'

import { verifyLog } from '../../src/audit/read.ts'
import { segmentNames } from '../../src/audit/segment-name.ts'
import { openAuditLog } from '../../src/audit/writer.ts'
import { systemClock } from '../../src/core/clock.ts'
import { auditConfig, decision, Watcher } from '../fixtures/audit.ts'
import { verifyAgain } from '../fixtures/audit-verifier.ts'

const mountPoint = mkdtempSync(join(tmpdir(), 'sallyport-full-'))
const mounted = mount()

afterAll(() => {
  if (mounted) execFileSync('umount', [mountPoint])
  rmSync(mountPoint, { recursive: true, force: true })
})

/** A real file system of 1 MiB; only root can have one. The disk in memory of audit-disk.test.ts needs nobody. */
function mount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', mountPoint], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe.skipIf(!mounted)('F4: a real file system that is full', () => {
  it('is refused, heals by itself, and every answered record is in a whole chain', async () => {
    const dir = join(mountPoint, 'log')
    const ballast = join(mountPoint, 'ballast')
    const watcher = new Watcher()
    writeFileSync(ballast, Buffer.alloc(600_000))
    const log = await openAuditLog(auditConfig(dir), { clock: systemClock, observer: watcher })
    const answered: string[] = []
    const write = async (id: string): Promise<boolean> => {
      const written = await log.decision(decision(id))
      if (written) answered.push(id)
      return written
    }

    let count = 0
    while (await write(`before-${count}`)) count++
    const refused = await log.decision(decision('while'))
    rmSync(ballast)
    for (let waited = 0; !log.healthy && waited < 100; waited++) await sleep(50)
    const after = await write('after')
    await log.close()

    const segments = segmentNames(readdirSync(dir)).map((name) => ({
      name,
      bytes: readFileSync(join(dir, name)),
    }))
    const text = segments.map(({ bytes }) => bytes.toString('latin1')).join('')
    expect(count).toBeGreaterThan(100)
    expect([refused, after]).toEqual([false, true])
    expect(watcher.names()).toContain('audit-recovered')
    expect(answered.filter((id) => !text.includes(`"id":"${id}"`))).toEqual([])
    expect(await verifyLog(dir)).toMatchObject({ failure: undefined, end: 'closed' })
    expect(verifyAgain(segments)).toBe('ok')
  })
})
