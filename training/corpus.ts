import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A text with its label, as corpora hold it. */
export interface Labelled {
  readonly text: string
  /** 1 = attack, 0 = innocent. */
  readonly label: 0 | 1
  /** Where it comes from: what stands before the colon is left out of training together. */
  readonly source: string
  readonly kind: string
  readonly lang: string
  /** How much it counts beside others of its source; absent = 1. */
  readonly weight?: number
}

/** Files whose name says so are for judging. Web attacks stand in parameters, not in prose, and have a detector of their own. */
const KEPT_BACK = /(?:^|[-.])dev[-.]/
const OTHER = /^(?:web|README)/

/**
 * The texts of a folder of JSONL files, file by file in the order of their names.
 *
 * @param use `train` leaves out the files kept back for judging; `judge` reads those alone.
 */
export function readCorpus(folder: string, use: 'train' | 'judge'): Labelled[] {
  return readdirSync(folder)
    .filter(
      (name) => name.endsWith('.jsonl') && !OTHER.test(name) && KEPT_BACK.test(name) === (use === 'judge'),
    )
    .sort()
    .flatMap((name) => readLines(join(folder, name)))
}

function readLines(path: string): Labelled[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Labelled)
}

/** Name under which sources are weighed and left out together. Families written for this project stand alone. */
export function groupOf(source: string): string {
  return source.startsWith('written:') ? source : (source.split(':')[0] ?? source)
}

/** Sources whose innocent texts are role prompts, system prompts or security prose, whatever their kind says. */
const HARD =
  /^(?:lobehub-agents|chatgpt-prompts-zh|prompts-chat|owasp|prompt-engineering-guide|followbench|cyberseceval|written:)/

/** Texts of which nobody would want one refused; those that look like attacks are counted apart. */
export function isOrdinary({ label, kind, source }: Labelled): boolean {
  return label === 0 && kind !== 'benign-hard' && !HARD.test(source)
}
