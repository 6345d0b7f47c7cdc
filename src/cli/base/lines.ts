import { Failure } from './failure.ts'

/** Longest line that is taken, UTF-16 code units. */
const LINE_CHARS_MAX = 4_194_304

/** Lines of a stream of text, with their numbers from 1; empty ones are left out. @throws {Failure} on one without end. */
export async function* numberedLines(
  pieces: AsyncIterable<string>,
): AsyncGenerator<readonly [line: string, number: number], void> {
  let rest = ''
  let number = 0
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LINE_CHARS_MAX)
      throw new Failure(`line ${number + 1} is longer than 4 MiB`, 'give one JSON object a line')
    for (const line of lines) {
      number += 1
      if (line.trim() !== '') yield [line, number]
    }
  }
  if (rest.trim() !== '') yield [rest, number + 1]
}
