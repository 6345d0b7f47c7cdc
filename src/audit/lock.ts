import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { isMissing } from './disk.ts'
import { AuditLogError } from './resume.ts'

/** How long a taker of a stale lock waits before it looks whether another one took it too. */
const SETTLE_MS = 30

/**
 * Takes the folder for this process: two writers would fork the chain. Returns what gives it back.
 *
 * The lock names the process by pid and start time: in a container every process is pid 1 or so again after a
 * restart, and a lock that a kill left must not shut its successor out. It cannot see across machines or pid
 * namespaces: a folder belongs to one gateway.
 *
 * @throws AuditLogError when a live process holds it.
 */
export async function takeLock(dir: string): Promise<() => void> {
  const path = join(dir, 'lock')
  const mine = describe(process.pid)
  if (!created(path, mine)) {
    const holder = read(path)
    const pid = Number(/^\d{1,10}/.exec(holder)?.[0] ?? 0)
    if (pid > 0 && isAlive(pid) && holder === describe(pid)) {
      throw new AuditLogError(
        `the audit folder ${dir} is written by process ${pid}: give each gateway its own`,
      )
    }

    writeFileSync(`${path}.${process.pid}`, mine, { mode: 0o600 })
    renameSync(`${path}.${process.pid}`, path)
    await sleep(SETTLE_MS)
    if (read(path) !== mine) throw new AuditLogError(`the audit folder ${dir} was taken by another process`)
  }

  return () => {
    if (read(path) === mine) rmSync(path, { force: true })
  }
}

function created(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return ''
    throw error
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives, and is another user's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

// Field 22 of /proc/pid/stat: clock ticks from boot to the start of the process. The second field may hold spaces
// and parentheses; what follows the last one does not. Without /proc the pid alone has to do.
function describe(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
    return `${pid} ${started} ${boot}\n`
  } catch {
    return `${pid}\n`
  }
}
