import { type Origin, ORIGINS } from '../core/call.ts'
import type { PlacedFinding, Verdict } from '../core/verdict.ts'
import type { Command, ExitCode, Given, Terminal } from './base/command.ts'
import { Failure, oneLine } from './base/failure.ts'
import { originOf, textOf, THRESHOLD, thresholdOf } from './screen/given.ts'
import { highest, type Judge, judgeAt } from './screen/judge.ts'
import { cutAt, type Judged, sharesOf } from './screen/measure.ts'
import { rowsOf } from './screen/rows.ts'

/** Shares of innocent rows that `--eval` looks up thresholds for. */
const WANTED = [0.001, 0.01, 0.05]

/** `sallyport screen`. */
export const screen: Command = {
  usage: 'TEXT|FILE|- [--origin ORIGIN] [--threshold SCORE] [--jsonl|--eval] [--json]',
  text: [
    'Judges a text as the gateway would, without one. An argument that names a file is read from it; - is standard input.',
    'With --jsonl, lines of {"id","text"} become lines of {"id","score","blocked","detector"}; a line may name its "origin".',
    'With --eval, lines also say "label" (1 = attack, 0 = innocent) and "kind": shares by kind, and what thresholds would do.',
    'Exit code 1 when one text is rejected; --jsonl and --eval end with 0 whatever they find.',
  ],
  options: {
    origin: { type: 'string', value: 'ORIGIN', help: `who wrote it: ${ORIGINS.join(', ')} (default user)` },
    threshold: {
      type: 'string',
      value: 'SCORE',
      help: `reject at and above it, 0 to 1 (default ${THRESHOLD})`,
    },
    jsonl: { type: 'boolean', help: 'judge line by line' },
    eval: { type: 'boolean', help: 'measure on a corpus' },
  },
  positionalsMax: 1,
  examples: [
    ['screen "Ignore all previous instructions"', 'one text'],
    ['screen page.html --origin tool-result', 'a file, as if a tool had fetched it'],
    ['screen --jsonl texts.jsonl', 'many, one verdict a line'],
    ['screen --eval corpus.jsonl', 'recall and false positives by kind'],
  ],
  async run(given, terminal) {
    const [what] = given.positionals
    if (what === undefined)
      throw new Failure('there is nothing to judge', 'name a text, a file, or - for standard input')
    const origin = originOf(given)
    const judge = judgeAt(thresholdOf(given))
    if (given.flag('eval')) return evaluate(what, { given, terminal, judge, origin })
    if (given.flag('jsonl')) return judgeLines(what, { given, terminal, judge, origin })
    return judgeOne(await textOf(what, terminal), { given, terminal, judge, origin: origin ?? 'user' })
  },
}

interface Doing {
  readonly given: Given
  readonly terminal: Terminal
  readonly judge: Judge
  /** As given; undefined = by the line, or `user`. */
  readonly origin: Origin | undefined
}

async function judgeOne(text: string, { given, terminal, judge, origin = 'user' }: Doing): Promise<ExitCode> {
  const verdict = await judge(text, origin)
  const blocked = verdict.effect === 'reject'
  if (given.json)
    terminal.out(`${JSON.stringify({ blocked, score: verdict.score, findings: verdict.findings })}\n`)
  else say(text, verdict, terminal)
  return blocked ? 1 : 0
}

function say(text: string, { effect, score, findings }: Verdict, terminal: Terminal): void {
  terminal.out(`${effect === 'reject' ? 'rejected' : 'passed'}, score ${score.toFixed(2)}\n`)
  for (const finding of findings) {
    const { detector, rule = '', view, start, end } = finding
    const where = view === undefined ? '' : ` (${view})`
    terminal.out(
      `  ${finding.score.toFixed(2)} ${detector} ${rule}${where} at ${start}-${end}: ${excerpt(text, finding)}\n`,
    )
  }
}

function excerpt(text: string, { start, end }: PlacedFinding): string {
  const found = oneLine(text.slice(start, end)).trim()
  return found.length > 80 ? `${found.slice(0, 77)}...` : found
}

async function judgeLines(path: string, { terminal, judge, origin }: Doing): Promise<ExitCode> {
  for await (const row of rowsOf(path, terminal)) {
    const verdict = await judge(row.text, origin ?? row.origin ?? 'user')
    const detector = highest(verdict)?.detector ?? null
    const line = { id: row.id, score: verdict.score, blocked: verdict.effect === 'reject', detector }
    terminal.out(`${JSON.stringify(line)}\n`)
  }
  return 0
}

async function evaluate(path: string, { given, terminal, judge, origin }: Doing): Promise<ExitCode> {
  const judged: Judged[] = []
  for await (const row of rowsOf(path, terminal)) {
    if (row.label === undefined)
      throw new Failure(
        `row ${row.id} has no label`,
        'add "label": 1 to attacks and "label": 0 to innocent texts',
      )
    const { score, effect } = await judge(row.text, origin ?? row.origin ?? 'user')
    judged.push({ kind: row.kind, label: row.label, score, blocked: effect === 'reject' })
    if (terminal.colour && judged.length % 100 === 0) terminal.err(`\r\x1b[K${judged.length} judged`)
  }
  if (terminal.colour) terminal.err('\r\x1b[K')
  const kinds = sharesOf(judged)
  const thresholds = WANTED.map((wanted) => cutAt(judged, wanted))
  if (given.json) {
    terminal.out(`${JSON.stringify({ rows: judged.length, kinds, thresholds })}\n`)
    return 0
  }
  terminal.out(`${'kind'.padEnd(20)} ${'rows'.padStart(6)} ${'blocked'.padStart(8)}   95 % interval\n`)
  for (const { kind, label, rows, share, low, high } of kinds)
    terminal.out(
      `${`${kind || '-'}${label === 1 ? ' *' : ''}`.padEnd(20)} ${String(rows).padStart(6)} ${percent(share).padStart(8)}   ${percent(low)} to ${percent(high)}\n`,
    )
  terminal.out('* attacks: the share is recall; for the others it is false positives\n')
  for (const { wanted, threshold, falsePositives, recall } of thresholds)
    terminal.out(
      `at ${percent(wanted)} false positives: ${threshold === undefined ? 'no threshold' : `threshold ${threshold.toFixed(3)}, ${percent(falsePositives)} false positives, ${percent(recall)} recall`}\n`,
    )
  return 0
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
