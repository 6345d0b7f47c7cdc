/** What is wrong with a configuration: place, cause, fix. Never holds the value of a secret. */
export interface ConfigError {
  /** As the caller named it; files that the configuration names, as it names them. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 code units. */
  readonly column: number
  readonly message: string
  /** What to do, as an order. */
  readonly hint: string
}

/** A configuration that must not be used: all that was found wrong with it, in the order of the file. */
export class ConfigErrors extends Error {
  readonly errors: readonly ConfigError[]

  constructor(errors: readonly ConfigError[]) {
    const sorted = [...errors].sort(inOrder)
    super(sorted.map(printError).join('\n'))
    this.name = 'ConfigErrors'
    this.errors = sorted
  }
}

/** One error in two lines: `file:line:column: message`, which editors open by a click, and the fix. */
export function printError({ file, line, column, message, hint }: ConfigError): string {
  return `${file}:${line}:${column}: ${message}\n  fix: ${hint}`
}

function inOrder(one: ConfigError, other: ConfigError): number {
  return one.line - other.line || one.column - other.column
}
