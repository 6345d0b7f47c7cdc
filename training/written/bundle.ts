import { Random } from './random.ts'
import type { Row } from './row.ts'

/** Rows of each label. */
const BUNDLES = 200

/** Fewest and most documents in a bundle. */
const PIECES_MIN = 5
const PIECES_MAX = 36

/** How mail clients, search tools and agents put one document after the other. */
const SEPARATORS = [
  '\n\n',
  '\n---\n',
  '\n\n=====\n\n',
  '\n\n* * *\n\n',
  '\n\n[next document]\n',
  '\n<hr>\n',
  '\n\n#\n\n',
]

/**
 * Makes long rows of short ones: what an agent reads that opens a mailbox or a page of hits. Innocent documents only,
 * or one attack among them at any place. The pieces stand in the seeds too: keep this family on the side that trains.
 */
export function* bundles(seeds: readonly Row[], seed: number): Generator<Row> {
  const random = new Random('bundle', seed)
  const innocent = texts(seeds, ['benign-doc', 'benign'])
  const attacks = texts(seeds, ['indirect'])
  for (let nth = 0; nth < BUNDLES; nth++) {
    for (const label of [1, 0] as const) {
      const count = PIECES_MIN + random.int(PIECES_MAX - PIECES_MIN + 1)
      const pieces = Array.from({ length: count }, () => random.pick(innocent))
      if (label === 1) pieces[random.int(count)] = random.pick(attacks)
      const text = pieces.join(random.pick(SEPARATORS))
      const kind = label === 1 ? 'indirect' : 'benign-doc'
      yield { id: `g-bundle-${label}-${nth}`, text, label, source: 'written:bundle:g', kind, lang: 'en' }
    }
  }
}

function texts(rows: readonly Row[], kinds: readonly string[]): string[] {
  return rows.filter((row) => row.lang === 'en' && kinds.includes(row.kind)).map((row) => row.text)
}
