/** A policy as it stands in a file. */
export interface Written {
  readonly file: string
  /** Line of its first token, from 1. */
  readonly line: number
  /** Column of its first token, from 1, in UTF-16 code units. */
  readonly column: number
  readonly text: string
}

/** Why policies were not loaded: place, cause, fix. */
export interface PolicyProblem {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
  readonly hint: string
}

/** Policies that must not be used. Thrown at load only; all problems at once. */
export class PolicyLoadError extends Error {
  readonly problems: readonly PolicyProblem[]

  constructor(problems: readonly PolicyProblem[]) {
    super(
      problems
        .map(({ file, line, column, message, hint }) => `${file}:${line}:${column}: ${message} (${hint})`)
        .join('\n'),
    )
    this.name = 'PolicyLoadError'
    this.problems = problems
  }
}

/** What is wrong at a place. */
export interface Complaint {
  readonly message: string
  readonly hint: string
}

/** A problem at an offset into a policy's text, in UTF-16 code units. */
export function problemAt(written: Written, offset: number, { message, hint }: Complaint): PolicyProblem {
  const before = written.text.slice(0, offset).split('\n')
  const last = before.at(-1) ?? ''
  const column = before.length === 1 ? written.column + last.length : last.length + 1
  return { file: written.file, line: written.line + before.length - 1, column, message, hint }
}

/** A problem at the first place where a policy's text has `needle`; at its start when it has not. */
export function problemAtText(written: Written, needle: string, complaint: Complaint): PolicyProblem {
  return problemAt(written, Math.max(0, written.text.indexOf(needle)), complaint)
}

/** Cedar counts bytes of UTF-8; editors and we count code units. */
export function offsetOfByte(text: string, byte: number): number {
  return Buffer.from(text).subarray(0, byte).toString().length
}
