/** What a command has of the world. Everything else it asks for by arguments. */
export interface Terminal {
  /** Data: what a pipe would want. */
  out(text: string): void
  /** Messages: what a person would want to know. */
  err(text: string): void
  /** Everything on standard input, bounded; rejects when there is more. */
  readInput(): Promise<string>
  /** Standard input piece by piece, for what may be long. */
  inputPieces(): AsyncIterable<string>
  /** Aborted by SIGINT or SIGTERM, from the first call on. Until then the signals end the process as ever. */
  interruption(): AbortSignal
  /** Calls back on SIGHUP, which ends the process until the first call. */
  onHangup(listener: () => void): void
  readonly env: Readonly<Record<string, string | undefined>>
  /** Messages may be coloured: a person sees them and has not set NO_COLOR. */
  readonly colour: boolean
  readonly nowMs: () => number
}

/** An option of a command. Every command also has `--json` and `--help`. */
export interface Option {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  readonly multiple?: boolean
  /** What stands for the value in the help, such as `FILE`. */
  readonly value?: string
  readonly help: string
}

/** What was given on the command line, checked against the command's options. */
export interface Given {
  /** Value of an option that takes one; undefined when it was not given. */
  text(name: string): string | undefined
  /** Values of an option that may be given again and again. */
  texts(name: string): readonly string[]
  flag(name: string): boolean
  readonly positionals: readonly string[]
  readonly json: boolean
}

/** 0: done, or allowed. 1: refused, or something was found. 2: the command line or the configuration is wrong. */
export type ExitCode = 0 | 1 | 2

/** One command. A file each; the table in index.ts names it. */
export interface Command {
  /** What follows the command's name in the help: `-c FILE [--template]`. */
  readonly usage: string
  /** Sentences of the help, one a line. */
  readonly text?: readonly string[]
  readonly options: Readonly<Record<string, Option>>
  /** How many arguments that are no options. */
  readonly positionalsMax: number
  /** Command lines without `sallyport`, each with what it does. */
  readonly examples: readonly (readonly [line: string, does: string])[]
  run(given: Given, terminal: Terminal): Promise<ExitCode>
}

/** The row of a command: it is read from disk only when it is asked for. */
export interface CommandRow {
  readonly name: string
  /** One sentence. */
  readonly summary: string
  load(): Promise<Command | readonly CommandRow[]>
}
