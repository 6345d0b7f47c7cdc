import { parseArgs } from 'node:util'
import { nearest } from '../../config/nearest.ts'
import type { Command, Given, Option } from './command.ts'
import { Failure, oneLine } from './failure.ts'

/** Options of every command. */
export const COMMON: Readonly<Record<string, Option>> = {
  json: { type: 'boolean', help: 'write data as JSON' },
  help: { type: 'boolean', short: 'h', help: 'show this help' },
}

/** `-c FILE`, for the commands that read a configuration. */
export const CONFIG_OPTION: Readonly<Record<string, Option>> = {
  config: { type: 'string', short: 'c', value: 'FILE', help: 'the configuration' },
}

/**
 * Reads the arguments of a command.
 *
 * @param name The command's name, for hints.
 * @throws {Failure} on options and arguments that the command does not know.
 */
export function readArguments(argv: readonly string[], command: Command, name: string): Given {
  const options = { ...COMMON, ...command.options }
  const { values, positionals } = parse(argv, options, name)
  const extra = positionals[command.positionalsMax]
  if (extra !== undefined)
    throw new Failure(`${oneLine(extra)} is one argument too many`, `see sallyport help ${name}`)

  return {
    text: (option) => asText(values[option]),
    texts: (option) => asTexts(values[option]),
    flag: (option) => values[option] === true,
    positionals,
    json: values['json'] === true,
  }
}

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>

function parse(
  argv: readonly string[],
  options: Readonly<Record<string, Option>>,
  name: string,
): { values: Values; positionals: readonly string[] } {
  const plain = Object.fromEntries(
    Object.entries(options).map(([key, { type, short, multiple = false }]) => [
      key,
      { type, multiple, ...(short === undefined ? {} : { short }) },
    ]),
  )
  try {
    return parseArgs({ args: [...argv], options: plain, allowPositionals: true, strict: true })
  } catch (fault) {
    throw explain(fault, Object.keys(options), name)
  }
}

function explain(fault: unknown, known: readonly string[], name: string): Failure {
  const message = fault instanceof Error ? oneLine(fault.message) : ''
  const [, option] = /^Unknown option '(-[^']*)'/.exec(message) ?? []
  if (option !== undefined) {
    const meant = nearest(option.replace(/^-+/, ''), known)
    const hint = meant === undefined ? `see sallyport help ${name}` : `did you mean --${meant}?`
    return new Failure(`there is no option ${option}`, hint)
  }
  const [sentence = message] = message.split('. ')
  return new Failure(sentence, `see sallyport help ${name}`)
}

function asText(value: Values[string]): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function asTexts(value: Values[string]): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

/** The configuration's path. @throws {Failure} when it was not given. */
export function configPath(given: Given): string {
  const path = given.text('config')
  if (path === undefined)
    throw new Failure('no configuration was named', 'add -c FILE, such as -c config/sallyport.yaml')
  return path
}
