import { featuresOf } from '../src/screen/model/features.ts'
import { viewsOf } from '../src/screen/views.ts'
import type { Bag } from '../src/screen/model/windows.ts'
import { groupOf, type Labelled } from './corpus.ts'

/** A text as training sees it: all its views, read once. */
export interface Example {
  readonly views: readonly Bag[]
  readonly label: 0 | 1
  readonly group: string
  /** How much it counts. */
  readonly weight: number
}

/** Rows of a source, and of a written family, from which on each counts less, so that no source speaks for all. */
const ROWS_FULL = 50
const FAMILY_FULL = 20
const WEIGHT_MAX = 2

/** Reads rows with their decoded views. Weights balance sources, then the two labels. */
export function examplesOf(rows: readonly Labelled[]): Example[] {
  const sizes = new Map<string, number>()
  for (const row of rows) sizes.set(keyOf(row), (sizes.get(keyOf(row)) ?? 0) + 1)
  const weights = rows.map((row) => (row.weight ?? 1) * weightOf(row, sizes.get(keyOf(row)) ?? 1))
  const totals = [0, 0]
  rows.forEach(({ label }, i) => (totals[label] = (totals[label] ?? 0) + (weights[i] ?? 0)))
  return rows.map((row, i) => ({
    views: bagsOf(row.text),
    label: row.label,
    group: groupOf(row.source),
    weight: ((weights[i] ?? 0) * rows.length) / 2 / (totals[row.label] ?? 1),
  }))
}

function weightOf({ source }: Labelled, size: number): number {
  if (source.startsWith('written:')) return Math.min(1, Math.sqrt(FAMILY_FULL / size))
  return Math.min(WEIGHT_MAX, Math.sqrt(ROWS_FULL / size))
}

/** The views of a text, each with its features. */
export function bagsOf(text: string): Bag[] {
  const bags: Bag[] = []
  for (const { view } of viewsOf(text, 'user')) {
    const { tokens, firsts, places } = featuresOf(view.normal)
    if (tokens === 0) continue
    bags.push({ tokens, firsts: firsts.slice(0, tokens + 1), places: places.slice(0, firsts[tokens]) })
  }
  return bags
}

function keyOf({ source, label }: Labelled): string {
  return `${label} ${groupOf(source)}`
}
