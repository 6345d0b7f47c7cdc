import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** What a running demo leaves for the commands that talk to it (`exec`, `say`, `token mint --demo`). */
export interface DemoState {
  readonly url: string
  /** Path of the demo CA, PEM. */
  readonly caFile: string
  /** Path of the dev issuer's private key, JWK. */
  readonly keyFile: string
  readonly issuer: string
  readonly audience: string
  readonly routes: readonly DemoRoute[]
  readonly pid: number
}

/** A route of the demo, as its clients need to know it. */
export interface DemoRoute {
  readonly name: string
  readonly path: string
  readonly protocol: 'http' | 'openai' | 'anthropic'
}

/** The roles of the demo, from least to most. */
export const DEMO_ROLES = ['reader', 'operator', 'admin'] as const

/** Folder of the demo's keys, log and sockets: private to the user who runs it. */
export function demoFolder(env: NodeJS.ProcessEnv): string {
  return (
    env['SALLYPORT_DEMO_DIR'] ??
    join(env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'sallyport-demo')
  )
}

/**
 * Makes an empty folder for a new demo; what an earlier one left is removed. Mode 0700.
 *
 * @throws {Error} when the folder holds something that no demo left: it was named by the environment, and is not ours to empty.
 */
export function freshFolder(folder: string): void {
  const found = existsSync(folder) ? readdirSync(folder) : []
  if (found.length > 0 && !found.includes(MARK))
    throw new Error(`${folder} holds other files than a demo's: name an empty folder`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(
    join(folder, MARK),
    'This folder belongs to `sallyport demo`, which empties it at each start.\n',
  )
}

const MARK = 'DEMO'

/** Writes the state, mode 0600: it names keys that mint tokens for the demo. */
export function writeState(folder: string, state: DemoState): void {
  writeFileSync(join(folder, 'demo.json'), JSON.stringify(state, null, 2), { mode: 0o600 })
}

/** Takes the state away when the demo ends: its commands then say that none runs. */
export function removeState(folder: string): void {
  rmSync(join(folder, 'demo.json'), { force: true })
}

/** Reads the state of the running demo; undefined when none runs. */
export function readState(folder: string): DemoState | undefined {
  try {
    const state = JSON.parse(readFileSync(join(folder, 'demo.json'), 'utf8')) as DemoState
    process.kill(state.pid, 0)
    return state
  } catch {
    return undefined
  }
}
