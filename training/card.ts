import { readFileSync, writeFileSync } from 'node:fs'
import type { Goals, Rate } from './goals.ts'
import type { Origins } from './written-out.ts'

/** Figures of the screen as it is shipped and of the model alone. */
export interface Figures {
  readonly screen: Goals
  readonly model: Goals
}

/** Writes the model card, for people and for programs, beside the model that was measured. */
export function writeCard(folder: URL, figures: Figures): void {
  const { seed, sources } = JSON.parse(readFileSync(new URL('training.json', folder), 'utf8')) as Origins
  const json = JSON.stringify({ seed, sources, figures }, null, 1)
  writeFileSync(new URL('model-card.json', folder), `${json}\n`)
  writeFileSync(new URL('model-card.md', folder), cardOf({ seed, sources }, figures))
}

function cardOf({ seed, sources }: Origins, figures: Figures): string {
  const rows = sources.map(({ name, rows, licence }) => `| ${name} | ${rows} | ${licence} |`)
  return `# Model card

Logistic regression over words, letters and concepts hashed to 2^20 weights of one byte; the score is that of the strongest window
of 20, 56 or 160 tokens. It is meant to help \`injection-model\` tell attacks on agents from innocent texts, not to judge what people
may say. Written by \`npm run eval -- CORPUS --card\`; do not edit.

Seed ${seed}. \`npm run train -- CORPUS --seed ${seed}\` makes the same bytes of the same corpora.

## Figures
Share of texts rejected at the shipped threshold, in per cent, with Wilson's 95 % interval. The sources of these texts were not
trained on; their ordinary texts helped to choose thresholds.

${tablesOf(figures)}

## Weak spots
- An attack inside a long document is found less often than alone: the more there is to read, the more looks like an order, and
  the threshold rises with length.
- Backwards and rot13 are read only where known words stand in them; typing errors and digits for letters cost recall.
- Searched edits get through: an attacker who may ask for scores gets below the threshold in most cases (training.json has the rates).
- An order that reads like any request, and is an attack by its place alone, has no telling words.
- Innocent texts one word away from an attack are taken for one more often than the figures of whole corpora show.
- Texts in languages other than English were partly written and translated without review by native speakers.

## Data
The texts of others are not part of this project; only what was learnt of them is.

| source | texts | licence |
|---|---|---|
${rows.join('\n')}
`
}

/** The figures as tables of Markdown. */
export function tablesOf({ screen, model }: Figures): string {
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
    ...part('attack rejected plain, in disguise', screen.disguised, model.disguised),
    '',
    ...part('ordinary text, in disguise', screen.innocentDisguised, model.innocentDisguised),
    '',
    ...part('15 KB document', screen.depths, model.depths),
  ].join('\n')
}

function part(
  title: string,
  screen: Readonly<Record<string, Rate>>,
  model: Readonly<Record<string, Rate>>,
): string[] {
  return [
    `| ${title} | texts | screen | model alone |`,
    '|---|---|---|---|',
    ...Object.entries(screen).map(([name, of]) => row(name, String(of.count), shown(of), shown(model[name]))),
  ]
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function shown(of: Rate | undefined): string {
  if (of === undefined) return ''
  const percent = (share: number): string => (100 * share).toFixed(1)
  return `${percent(of.hits / Math.max(1, of.count))} (${percent(of.low)}–${percent(of.high)})`
}
