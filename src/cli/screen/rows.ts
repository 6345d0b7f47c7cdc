import { createReadStream } from 'node:fs'
import { type Origin, ORIGINS } from '../../core/call.ts'
import type { Terminal } from '../base/command.ts'
import { Failure } from '../base/failure.ts'
import { numberedLines } from '../base/lines.ts'

/** One line of a corpus. */
export interface Row {
  /** As given, or the number of the line. */
  readonly id: string | number
  readonly text: string
  /** 1 = attack, 0 = innocent, undefined = not said. */
  readonly label: 0 | 1 | undefined
  /** What sort of text it is, such as `direct` or `benign-doc`; empty = not said. */
  readonly kind: string
  /** Who wrote it; undefined = not said, and not told by its kind. */
  readonly origin: Origin | undefined
}

/** Rows of JSON Lines, from a file or (`-`) standard input. @throws {Failure} with the line that is none. */
export async function* rowsOf(path: string, terminal: Terminal): AsyncGenerator<Row, void> {
  const pieces = path === '-' ? terminal.inputPieces() : createReadStream(path, 'utf8')
  for await (const [line, number] of numberedLines(pieces)) yield rowOf(line, number)
}

function rowOf(line: string, number: number): Row {
  const given = membersOf(line)
  const text = given?.['text']
  if (given === undefined || typeof text !== 'string')
    throw new Failure(`line ${number} has no text`, 'give one JSON object a line: {"id":"1","text":"…"}')
  const { id, label, kind, origin } = given
  const sort = typeof kind === 'string' ? kind : ''
  return {
    id: typeof id === 'string' || typeof id === 'number' ? id : number,
    text,
    label: label === 1 || label === 0 ? label : undefined,
    kind: sort,
    origin: ORIGINS.find((known) => known === origin) ?? ORIGIN_OF[sort],
  }
}

/** Where texts of a kind stand in a request, for corpora that do not say it. */
const ORIGIN_OF: Readonly<Record<string, Origin | undefined>> = {
  indirect: 'tool-result',
  'benign-doc': 'document',
  'tool-call': 'tool-argument',
  'benign-tool-call': 'tool-argument',
}

function membersOf(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}
