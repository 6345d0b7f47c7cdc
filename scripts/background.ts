import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { TABLE, UNITS_A_BIT } from '../src/screen/anomaly/background.ts'
import { SHAPES, shapesOf } from '../src/screen/anomaly/shapes.ts'

/**
 * Counts what ordinary texts look like, for the anomaly detector: the texts written for training but the odd ones that it is
 * judged by, and, each counting a third, sources and documentation. The same tree gives the same bytes.
 */
const root = new URL('..', import.meta.url).pathname
const SEEDS = `${root}training/written/seeds/`
const FOLDERS = ['src', 'docs', 'config', 'test/fixtures', 'scripts', 'bench']
const FILE_WEIGHT = 1 / 3
const FILE_MAX = 20_000
/** Counts that every pair is given before anything is seen, shared out as the shapes are frequent alone. */
const PRIOR = 20
const ODD =
  /^written:(?:suffix|ascii-art|base64|bio|chess|config|dialect-poem|hash|ids|keyboard-smash|knitting|log-lines|maths|minified|mixed-script|mojibake|music|odd-|product-codes|regex|shorthand|spreadsheet)/

const alone = new Float64Array(SHAPES)
const near = new Float64Array(SHAPES * SHAPES)
const apart = new Float64Array(SHAPES * SHAPES)

function count(text: string, weight: number): void {
  const { shapes, count: tokens } = shapesOf(text)
  for (let at = 0; at < tokens; at++) {
    const shape = shapes[at] ?? 0
    alone[shape] = (alone[shape] ?? 0) + weight
    if (at > 0) add(near, shapes[at - 1] ?? 0, shape, weight)
    if (at > 1) add(apart, shapes[at - 2] ?? 0, shape, weight)
  }
}

function add(table: Float64Array, before: number, shape: number, weight: number): void {
  const place = before * SHAPES + shape
  table[place] = (table[place] ?? 0) + weight
}

function* files(folder: string): Generator<string> {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) yield* files(path)
    else if (/\.(?:ts|md|yaml|json|cedar)$/.test(entry.name)) yield path
  }
}

function surprise(table: Float64Array): Uint8Array {
  const all = alone.reduce((sum, n) => sum + n, 0)
  return Uint8Array.from(table, (n, place) => {
    const before = Math.floor(place / SHAPES) * SHAPES
    const total = table.slice(before, before + SHAPES).reduce((sum, other) => sum + other, 0)
    const share = ((alone[place % SHAPES] ?? 0) + 0.5) / (all + 0.5 * SHAPES)
    const bits = -Math.log2((n + PRIOR * share) / (total + PRIOR))
    return Math.round(Math.min(12, bits) * UNITS_A_BIT)
  })
}

for (const file of readdirSync(SEEDS).toSorted()) {
  for (const line of readFileSync(SEEDS + file, 'utf8')
    .trim()
    .split('\n')) {
    const row: { readonly text: string; readonly source: string } = JSON.parse(line)
    if (!ODD.test(row.source)) count(row.text, 1)
  }
}
for (const folder of FOLDERS) {
  for (const path of files(root + folder)) count(readFileSync(path, 'utf8').slice(0, FILE_MAX), FILE_WEIGHT)
}
writeFileSync(TABLE, Buffer.concat([surprise(near), surprise(apart)]))
