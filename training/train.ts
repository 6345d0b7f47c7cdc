import { mkdirSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { readCorpus } from './corpus.ts'
import { sourcesOf } from './licences.ts'
import { Progress } from './progress.ts'
import { STEPS, train } from './trained.ts'
import { written } from './written/generate.ts'
import { write } from './written-out.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'src/screen/model' },
  },
})
const [corpus] = positionals
if (corpus === undefined) {
  console.error('usage: npm run train -- CORPUS [--seed n] [--out FOLDER]')
  process.exit(2)
}

const seed = Number(values.seed)
const rows = [
  ...readCorpus(corpus, 'train').filter(({ source }) => !source.startsWith('written:')),
  ...written(seed),
]
const progress = new Progress(STEPS)
const trained = train({ rows, kept: readCorpus(corpus, 'judge') }, seed, (what) => progress.tick(what))
mkdirSync(values.out, { recursive: true })
write(pathToFileURL(`${values.out}/`), trained, { seed, sources: sourcesOf(rows, corpus) })
console.error(`${rows.length} texts: ${values.out}/weights.bin`)
