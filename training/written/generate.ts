import { readdirSync, readFileSync } from 'node:fs'
import { bundles } from './bundle.ts'
import { grow, parseGrammar, type Slots } from './grammar.ts'
import type { Row } from './row.ts'

const SEEDS = new URL('seeds/', import.meta.url)
const GRAMMARS = new URL('grammars/', import.meta.url)

/**
 * Every text written for this project: the seeds as they stand, then what the grammars make of `seed`.
 * The same seed gives the same rows in the same order.
 *
 * @param seed Any integer; chooses among the alternatives of the grammars, and leaves the seeds alone.
 */
export function* written(seed: number): Generator<Row> {
  const seeds = files(SEEDS, '.jsonl').flatMap(read)
  yield* seeds
  yield* bundles(seeds, seed)

  const common = parseGrammar(readFileSync(new URL('common.slots', GRAMMARS), 'utf8')).slots
  for (const file of files(GRAMMARS, '.grammar')) yield* made(file, common, seed)
}

function* made(file: URL, common: Slots, seed: number): Generator<Row> {
  const { families } = parseGrammar(readFileSync(file, 'utf8'))
  for (const family of families) yield* grow(family, common, seed)
}

function read(file: URL): Row[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Row)
}

// Sorted, because the order of a directory differs from one file system to the next.
function files(folder: URL, ending: string): URL[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(ending))
  return names.sort().map((name) => new URL(name, folder))
}
