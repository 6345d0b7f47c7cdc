import { COMMON } from './arguments.ts'
import type { Command, CommandRow, Option } from './command.ts'

/** Help of the program, or of a command that has commands of its own. */
export function listHelp(rows: readonly CommandRow[], prefix: string): string {
  const width = Math.max(...rows.map(({ name }) => name.length))
  return [
    `usage: ${prefix} COMMAND [OPTIONS]`,
    '',
    ...rows.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    `${prefix === 'sallyport' ? 'sallyport help' : prefix.replace('sallyport', 'sallyport help')} COMMAND tells more of each.`,
    'Exit codes: 0 done or allowed, 1 refused or something found, 2 wrong command line or configuration.',
    '',
  ].join('\n')
}

/** Help of one command. */
export function commandHelp(command: Command, row: CommandRow, prefix: string): string {
  const options = Object.entries({ ...command.options, ...COMMON }).map(
    ([name, option]) => [spelling(name, option), option.help] as const,
  )
  const width = Math.max(...options.map(([spelled]) => spelled.length))
  return [
    `${prefix}: ${row.summary}`,
    '',
    `usage: ${`${prefix} ${command.usage}`.trimEnd()}`,
    ...(command.text === undefined ? [] : ['', ...command.text]),
    '',
    ...options.map(([spelled, help]) => `  ${spelled.padEnd(width)}  ${help}`),
    '',
    'examples:',
    ...command.examples.flatMap(([line, does]) => [`  # ${does}`, `  sallyport ${line}`]),
    '',
  ].join('\n')
}

function spelling(name: string, { short, value }: Option): string {
  return `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`
}
