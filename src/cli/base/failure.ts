import { ConfigErrors, printError, type ConfigError } from '../../config/errors.ts'
import type { ExitCode, Terminal } from './command.ts'

/** Why a command did not do what it was asked, for the person who asked. Thrown by commands, caught by `run`. */
export class Failure extends Error {
  /** What to do about it, as an order. */
  readonly hint: string
  readonly exitCode: ExitCode

  constructor(message: string, hint: string, exitCode: ExitCode = 2) {
    super(message)
    this.hint = hint
    this.exitCode = exitCode
  }
}

/** Says why a command failed, and gives its exit code. Each failure ends with a fix. */
export function report(fault: unknown, terminal: Terminal, json: boolean): ExitCode {
  if (fault instanceof ConfigErrors) return reportErrors(fault.errors, terminal, json)

  const { message, hint, exitCode } = fault instanceof Failure ? fault : unexpected(fault)
  if (json) terminal.out(`${JSON.stringify({ ok: false, errors: [{ message, hint }] })}\n`)
  terminal.err(`${red('sallyport:', terminal)} ${message}\n  fix: ${hint}\n`)
  return exitCode
}

function reportErrors(errors: readonly ConfigError[], terminal: Terminal, json: boolean): ExitCode {
  if (json) terminal.out(`${JSON.stringify({ ok: false, errors })}\n`)
  for (const error of errors) terminal.err(`${printError(error)}\n`)
  terminal.err(`${red('sallyport:', terminal)} ${errors.length} error${errors.length === 1 ? '' : 's'}\n`)
  return 2
}

const KNOWN: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  EADDRINUSE: ['the port is in use', 'end the other process, or choose another port in the configuration'],
  EADDRNOTAVAIL: ['this machine has no such address', 'choose another address to listen on'],
  EACCES: ['permission denied', 'give this user the right to it, or choose a port above 1023'],
  ENOENT: ['there is no such file or folder', 'check the path'],
  ENOTDIR: ['a part of the path is no folder', 'check the path'],
}

function unexpected(fault: unknown): Failure {
  const message = fault instanceof Error ? fault.message : String(fault)
  const code = fault instanceof Error && 'code' in fault ? String(fault.code) : ''
  const [sentence, hint] = KNOWN[code] ?? []
  if (sentence !== undefined && hint !== undefined)
    return new Failure(`${sentence} (${oneLine(message)})`, hint)

  return new Failure(oneLine(message), 'if this is not clear, report it as a bug, with the command line')
}

/** Text from elsewhere on one line, without what could steer a terminal. */
export function oneLine(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 500)
}

function red(text: string, { colour }: Terminal): string {
  return colour ? `\x1b[31m${text}\x1b[39m` : text
}
