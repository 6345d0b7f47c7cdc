import { type ChildProcess, spawn } from 'node:child_process'
import { openSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** A process under measurement, with all its descendants. */
export interface Measured {
  readonly pid: number
  /** CPU time used so far, microseconds (of 10 ms ticks). */
  cpuUs(): number
  /** Memory, proportional set size, MiB. */
  pssMb(): number
  readonly alive: boolean
  stop(): Promise<void>
}

const children = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of children) signal(child, 'SIGKILL')
})
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => process.exit(130))

/** Starts a command pinned to one CPU, in a process group of its own, its output in `log`. */
export function start(
  cpu: number,
  command: readonly string[],
  log: string,
  env: Record<string, string> = {},
): Measured {
  const out = openSync(log, 'a')
  const child = spawn('taskset', ['-c', String(cpu), ...command], {
    detached: true,
    stdio: ['ignore', out, out],
    env: { ...process.env, ...env },
  })
  children.add(child)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve(void children.delete(child))))
  const pid = child.pid ?? 0
  return {
    pid,
    cpuUs: () => family(pid).reduce((sum, each) => sum + cpuOf(each), 0),
    pssMb: () => family(pid).reduce((sum, each) => sum + pssOf(each), 0) / 1_024,
    get alive() {
      return child.exitCode === null
    },
    async stop() {
      signal(child, 'SIGTERM')
      await Promise.race([ended, sleep(3_000)])
      signal(child, 'SIGKILL')
      await ended
    },
  }
}

/** Runs a load generator to its end, pinned, and gives what it printed. */
export function run(
  cpu: number,
  command: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const child = spawn('taskset', ['-c', String(cpu), ...command], {
    detached: true,
    env: { ...process.env, ...env },
  })
  children.add(child)
  let printed = ''
  child.stdout.on('data', (piece) => (printed += piece))
  child.stderr.on('data', (piece) => (printed += piece))
  const timer = setTimeout(() => signal(child, 'SIGKILL'), 120_000)
  return new Promise((resolve) =>
    child.once('close', () => {
      clearTimeout(timer)
      children.delete(child)
      resolve(printed)
    }),
  )
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, name)
  } catch {
    // It has ended already.
  }
}

function family(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const fields = /^\d+$/.test(name) ? statOf(Number(name)) : undefined
    if (fields !== undefined) parents.set(Number(name), Number(fields[1]))
  }
  const found = [pid]
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child)
  return found
}

function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

function cpuOf(pid: number): number {
  const fields = statOf(pid)
  return fields === undefined ? 0 : (Number(fields[11]) + Number(fields[12])) * 10_000
}

function pssOf(pid: number): number {
  try {
    return Number(/Pss:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1] ?? 0)
  } catch {
    return 0
  }
}
