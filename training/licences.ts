import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { groupOf, type Labelled } from './corpus.ts'

/** A source that training read. */
export interface Source {
  readonly name: string
  readonly rows: number
  /** As the corpus's README tells it; ours for texts written for this project. */
  readonly licence: string
}

/** The sources of rows, each with its licence, by the tables in the README of the corpus: source, from, licence. */
export function sourcesOf(rows: readonly Labelled[], folder: string): Source[] {
  const counts = new Map<string, number>()
  for (const { source } of rows) {
    const name = source.startsWith('written:') ? 'written for this project' : groupOf(source)
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const licences = licencesIn(folder)
  return [...counts]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, count]) => ({ name, rows: count, licence: licenceOf(name, licences) }))
}

function licencesIn(folder: string): readonly (readonly [names: string, licence: string])[] {
  const path = join(folder, 'README.md')
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((cells) => cells.length >= 5)
    .map((cells) => [cells[1] ?? '', cells[3] ?? ''])
}

function licenceOf(name: string, licences: readonly (readonly [names: string, licence: string])[]): string {
  if (name.startsWith('written')) return 'Apache-2.0 (this project)'
  // Names stand in lists such as `bfcl:*`, `fuzzyai-jailbreaks, fuzzyai-benign` or `docs:NVIDIA/garak`.
  const named = licences.find(([names]) => names.split(/[\s,;()]+/).some((one) => groupOf(one) === name))
  const begun = licences.find(([names]) =>
    names.split(/[\s,;()]+/).some((one) => one.endsWith('*') && name.startsWith(one.slice(0, -1))),
  )
  return (named ?? begun)?.[1] ?? 'see the corpus'
}
