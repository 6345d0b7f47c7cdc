import { statSync } from 'node:fs'
import { loadConfig } from '../../config/load.ts'
import type { Given, Terminal } from './command.ts'
import { Failure } from './failure.ts'

/** The folder of an audit log: the argument, or what the configuration says; its secrets are not opened for that. */
export function logFolder(given: Given, terminal: Terminal): string {
  const path = given.text('config')
  const [folder] = given.positionals
  if ((folder === undefined) === (path === undefined))
    throw new Failure('name the log once', 'give its FOLDER, or -c FILE')
  const dir = folder ?? loadConfig(path ?? '', { template: true, demo: true, env: terminal.env }).audit.dir
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new Failure(
      `there is no folder ${dir}`,
      'name the folder of the log (audit.dir of the configuration)',
    )
  return dir
}
