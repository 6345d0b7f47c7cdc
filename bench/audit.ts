// Audit lines a second and CPU for each, against an fdatasync for each line: node bench/audit.ts [seconds]
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { systemClock } from '../src/core/clock.ts'
import { silentObserver } from '../src/core/events.ts'
import { sealRecord } from '../src/audit/chain.ts'
import { recordMembers } from '../src/audit/format.ts'
import { openAuditLog } from '../src/audit/writer.ts'
import { auditConfig, decision } from '../test/fixtures/audit.ts'

const SECONDS = Number(process.argv[2] ?? 3)
const LANES = 500

interface Figures {
  readonly name: string
  readonly perS: number
  readonly cpuUs: number
}

const results = [line(), await written('group'), await written('sync'), syncedEach()]
for (const { name, perS, cpuUs } of results) {
  console.log(
    `${name.padEnd(28)} ${Math.round(perS).toLocaleString('en')}/s  ${cpuUs.toFixed(2)} us CPU each`,
  )
}

/** The line alone: members, hash, chain. */
function line(): Figures {
  let head = { log: 'bench', segment: 1, sequence: 1, hash: 'A'.repeat(43) }
  return measure('line and hash, no disk', (until) => {
    let count = 0
    for (; performance.now() < until; count += 100) {
      for (let each = 0; each < 100; each++) {
        head = sealRecord(head, recordMembers(decision('01JZX3M0B7K5R9W2V8Q4T6Y1NP'))).head
      }
    }
    return count
  })
}

async function written(durability: 'group' | 'sync'): Promise<Figures> {
  const dir = mkdtempSync(join(tmpdir(), 'sallyport-bench-'))
  const config = auditConfig(dir, { durability, queueMax: 100_000, segmentBytesMax: 67_108_864 })
  const log = await openAuditLog(config, { clock: systemClock, observer: silentObserver })
  const started = performance.now()
  const cpu = process.cpuUsage()
  const until = started + SECONDS * 1_000
  const counts = await Promise.all(
    Array.from({ length: LANES }, async () => {
      let count = 0
      for (; performance.now() < until; count++) await log.decision(decision('01JZX3M0B7K5R9W2V8Q4T6Y1NP'))
      return count
    }),
  )
  await log.close()
  rmSync(dir, { recursive: true })
  const count = counts.reduce((sum, each) => sum + each, 0)
  return figures(`${durability}, ${LANES} at once`, count, { started, cpu })
}

/** What a writer without group commit does. */
function syncedEach(): Figures {
  const dir = mkdtempSync(join(tmpdir(), 'sallyport-bench-'))
  const file = openSync(join(dir, 'lines'), 'a')
  let head = { log: 'bench', segment: 1, sequence: 1, hash: 'A'.repeat(43) }
  const result = measure('fdatasync for each line', (until) => {
    let count = 0
    for (; performance.now() < until; count++) {
      const sealed = sealRecord(head, recordMembers(decision('01JZX3M0B7K5R9W2V8Q4T6Y1NP')))
      head = sealed.head
      writeSync(file, sealed.line)
      fdatasyncSync(file)
    }
    return count
  })
  closeSync(file)
  rmSync(dir, { recursive: true })
  return result
}

function measure(name: string, work: (until: number) => number): Figures {
  const started = performance.now()
  const cpu = process.cpuUsage()
  return figures(name, work(started + SECONDS * 1_000), { started, cpu })
}

function figures(
  name: string,
  count: number,
  from: { readonly started: number; readonly cpu: NodeJS.CpuUsage },
): Figures {
  const { user, system } = process.cpuUsage(from.cpu)
  return {
    name,
    perS: count / ((performance.now() - from.started) / 1_000),
    cpuUs: (user + system) / Math.max(1, count),
  }
}
