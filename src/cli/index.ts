import { nearest } from '../config/nearest.ts'
import { readArguments } from './base/arguments.ts'
import type { CommandRow, ExitCode, Terminal } from './base/command.ts'
import { Failure, oneLine, report } from './base/failure.ts'
import { commandHelp, listHelp } from './base/help.ts'

/** All commands, one line each. */
// oxfmt-ignore
export const commands: readonly CommandRow[] = [
  { name: 'serve', summary: 'run the gateway', load: () => import('./serve.ts').then(({ serve }) => serve) },
  { name: 'demo', summary: 'run a whole gateway with agents of its own, to look at', load: () => import('./demo.ts').then(({ demo }) => demo) },
  { name: 'exec', summary: 'run a client of the demo', load: () => import('./exec.ts').then(({ exec }) => exec) },
  { name: 'say', summary: 'say one thing to a route of the demo', load: () => import('./say.ts').then(({ say }) => say) },
  { name: 'validate', summary: 'check a configuration and its policies', load: () => import('./validate.ts').then(({ validate }) => validate) },
  { name: 'test', summary: 'run the tests of the policies', load: () => import('./test.ts').then(({ test }) => test) },
  { name: 'can', summary: 'ask the policies who may do what', load: () => import('./can.ts').then(({ can }) => can) },
  { name: 'matrix', summary: 'show who may do what, rule by rule', load: () => import('./matrix.ts').then(({ matrix }) => matrix) },
  { name: 'token', summary: 'mint, inspect and verify tokens', load: () => import('./token.ts').then(({ token }) => token) },
  { name: 'audit', summary: 'verify and read the record of decisions', load: () => import('./audit.ts').then(({ audit }) => audit) },
  { name: 'screen', summary: 'judge texts as the gateway would; measure on a corpus', load: () => import('./screen.ts').then(({ screen }) => screen) },
  { name: 'explain', summary: 'say why a text has its score, word by word', load: () => import('./explain.ts').then(({ explain }) => explain) },
  { name: 'healthcheck', summary: 'ask a running gateway whether it is ready', load: () => import('./healthcheck.ts').then(({ healthcheck }) => healthcheck) },
  { name: 'version', summary: 'say which version this is', load: () => import('./version.ts').then(({ version }) => version) },
]

/**
 * Runs one command line. Never throws: what goes wrong is said on the terminal, with a fix.
 *
 * @param argv What follows the program's name.
 */
export async function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    return await dispatch(argv, terminal)
  } catch (fault) {
    return report(fault, terminal, argv.includes('--json'))
  }
}

async function dispatch(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [first, ...rest] = argv
  if (first === 'help') return help(rest, terminal)
  if (first === '--help' || first === '-h') return help([], terminal)
  if (first === '--version' || first === '-V') return dispatch(['version', ...rest], terminal)
  return runFrom({ rows: commands, prefix: 'sallyport' }, argv, terminal)
}

interface Level {
  readonly rows: readonly CommandRow[]
  readonly prefix: string
}

async function runFrom(level: Level, argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { prefix } = level
  const [name, ...rest] = argv
  if (name === undefined) {
    terminal.err(listHelp(level.rows, prefix))
    return 2
  }
  if (name === '--help' || name === '-h') return help(prefix.split(' ').slice(1), terminal)

  const row = find(level, name)
  const found = await row.load()
  if ('length' in found) return runFrom({ rows: found, prefix: `${prefix} ${name}` }, rest, terminal)

  const full = `${prefix} ${name}`.replace('sallyport ', '')
  const given = readArguments(rest, found, full)
  return given.flag('help') ? help(full.split(' '), terminal) : found.run(given, terminal)
}

function find({ rows, prefix }: Level, name: string): CommandRow {
  const row = rows.find((one) => one.name === name)
  if (row !== undefined) return row

  const meant = nearest(name, [...rows.map((one) => one.name), 'help'])
  const hint = meant === undefined ? `see ${prefix} --help` : `did you mean ${prefix} ${meant}?`
  throw new Failure(`there is no command ${oneLine(name)}`, hint)
}

async function help(names: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let level: Level = { rows: commands, prefix: 'sallyport' }
  for (const name of names) {
    const row = find(level, name)
    const found = await row.load()
    const prefix = `${level.prefix} ${name}`
    if (!('length' in found)) {
      terminal.out(commandHelp(found, row, prefix))
      return 0
    }
    level = { rows: found, prefix }
  }
  terminal.out(listHelp(level.rows, level.prefix))
  return 0
}
