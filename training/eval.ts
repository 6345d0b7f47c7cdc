import { parseArgs } from 'node:util'
import { readCorpus } from './corpus.ts'
import { type Goals, measure, type Rate } from './goals.ts'
import { judges } from './judge.ts'
import { disguises } from './obfuscate.ts'
import { Progress } from './progress.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
})
const [corpus] = positionals
if (corpus === undefined) {
  console.error('usage: npm run eval -- CORPUS [--json]')
  process.exit(2)
}

const rows = readCorpus(corpus, 'judge')
const progress = new Progress(2 * (Object.keys(disguises).length + 11))
const screen = await measure(rows, judges.screen, (what) => progress.tick(`screen: ${what}`))
const model = await measure(rows, judges.model, (what) => progress.tick(`model: ${what}`))
console.log(values.json ? JSON.stringify({ screen, model }, null, 2) : tables(screen, model))

function tables(screen: Goals, model: Goals): string {
  return [
    '| rejected | texts | screen, as shipped | model alone | screen, 1 % ordinary | model, 1 % ordinary |',
    '|---|---|---|---|---|---|',
    ...Object.entries(screen.kinds).map(([name, of]) =>
      row(
        name,
        String(of.count),
        shown(of),
        shown(model.kinds[name]),
        shown(screen.kindsAtOnePercent[name]),
        shown(model.kindsAtOnePercent[name]),
      ),
    ),
    '',
    '| disguise | of | screen | model alone |',
    '|---|---|---|---|',
    ...Object.entries(screen.disguised).map(([name, of]) =>
      row(name, String(of.count), shown(of), shown(model.disguised[name])),
    ),
    '',
    '| 15 KB document | of | screen | model alone |',
    '|---|---|---|---|',
    ...Object.entries(screen.depths).map(([name, of]) =>
      row(name, String(of.count), shown(of), shown(model.depths[name])),
    ),
  ].join('\n')
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function shown(of: Rate | undefined): string {
  if (of === undefined) return ''
  const percent = (share: number): string => (100 * share).toFixed(1)
  return `${percent(of.hits / Math.max(1, of.count))} (${percent(of.low)}–${percent(of.high)})`
}
