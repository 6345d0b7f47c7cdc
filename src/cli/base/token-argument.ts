import type { Given, Terminal } from './command.ts'
import { Failure } from './failure.ts'

/** The token to look at: the argument, or standard input. A leading `Bearer ` is taken off, as it comes with pasting. */
export async function tokenOf(given: Given, terminal: Terminal): Promise<string> {
  const [argument = '-'] = given.positionals
  const text = argument === '-' ? await terminal.readInput() : argument
  const found = text.trim().replace(/^(?:authorization: *)?bearer +/i, '')
  if (found === '')
    throw new Failure('no token was given', 'name it, or pipe it in: sallyport token inspect < FILE')
  return found
}

/** JSON for a terminal: nothing but printable ASCII and line feeds, so that no claim can steer it or reorder its text. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(
    /[^\x20-\x7e\n]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
