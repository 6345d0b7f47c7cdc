import { parseArgs } from 'node:util'
import { tablesOf, writeCard } from './card.ts'
import { readCorpus } from './corpus.ts'
import { measure } from './goals.ts'
import { judges } from './judge.ts'
import { disguises } from './obfuscate.ts'
import { Progress } from './progress.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, card: { type: 'boolean', default: false } },
})
const [corpus] = positionals
if (corpus === undefined) {
  console.error('usage: npm run eval -- CORPUS [--json] [--card]')
  process.exit(2)
}

const rows = readCorpus(corpus, 'judge')
const progress = new Progress(2 * (2 * Object.keys(disguises).length + 11))
const figures = {
  screen: await measure(rows, judges.screen, (what) => progress.tick(`screen: ${what}`)),
  model: await measure(rows, judges.model, (what) => progress.tick(`model: ${what}`)),
}
if (values.card) writeCard(new URL('../src/screen/model/', import.meta.url), figures)
console.log(values.json ? JSON.stringify(figures, null, 2) : tablesOf(figures))
