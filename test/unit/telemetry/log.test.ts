import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLog } from '../../../src/telemetry/log.ts'

let folder = ''
let fd = 0
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-log-'))
  fd = openSync(join(folder, 'log'), 'w')
})
afterEach(() => {
  closeSync(fd)
  rmSync(folder, { recursive: true })
})

async function lines(count: number): Promise<Record<string, unknown>[]> {
  for (let i = 0; i < 100; i += 1) {
    const found = readFileSync(join(folder, 'log'), 'utf8').split('\n').filter(Boolean)
    if (found.length >= count) return found.map((line) => JSON.parse(line) as Record<string, unknown>)
    await sleep(20)
  }
  return []
}

describe('the operational log', () => {
  it('writes one line an event, with its level, name and detail', async () => {
    const log = openLog({ level: 'info', fd })

    log.event('audit-unavailable', { reason: 'ENOSPC' })

    expect(await lines(1)).toMatchObject([
      { level: 50, event: 'audit-unavailable', reason: 'ENOSPC', msg: expect.any(String) },
    ])
  })

  it('leaves out what is below its level', async () => {
    const log = openLog({ level: 'warn', fd })

    log.event('gateway-ready', {})
    log.event('overloaded', {})

    expect((await lines(1)).map((line) => line['event'])).toEqual(['overloaded'])
  })

  it('writes what waits before it closes, and takes nothing after', async () => {
    const log = openLog({ level: 'info', fd: openSync(join(folder, 'log'), 'w') })
    log.event('gateway-draining', {})

    await log.close()
    log.event('overloaded', {})

    expect((await lines(1)).map((line) => line['event'])).toEqual(['gateway-draining'])
  })

  it('escapes what could forge a line or steer a terminal', async () => {
    const log = openLog({ level: 'info', fd })

    log.event('upstream-fault', { reason: 'a\n{"event":"forged"}\u001b[2J' })

    expect(await lines(1)).toHaveLength(1)
    expect(readFileSync(join(folder, 'log'), 'utf8')).not.toContain('\u001b')
  })
})
