import type { Text } from '../core/call.ts'
import type { ScreenConfig } from '../core/config.ts'
import type { PlacedFinding, Verdict } from '../core/verdict.ts'

/** Findings that a verdict carries; the highest are kept. */
const FINDINGS_MAX = 32

/** What is said of a call without texts, or on a route that does not look. */
export const PASS: Verdict = { effect: 'pass', score: 0, findings: [], monitored: false }

/** Findings of the texts of one call as they come in. */
export interface Tally {
  readonly findings: PlacedFinding[]
  /** Some text reached the threshold of its origin. */
  reached: boolean
  /** The text that is looked at, or was last. */
  text: Text | undefined
}

/**
 * Adds a finding of a text. The same place and rule, seen in two pieces or views, counts once; so does a phrase in the open
 * that is also seen where what stands beside it is decoded.
 */
export function add(tally: Tally, finding: PlacedFinding, threshold: number): void {
  if (finding.score >= threshold) tally.reached = true
  if (tally.findings.some((other) => isSame(other, finding) || isBeside(other, finding))) return
  tally.findings.push(finding)
  if (tally.findings.length <= FINDINGS_MAX) return

  const lowest = tally.findings.reduce((low, other) => (other.score < low.score ? other : low))
  tally.findings.splice(tally.findings.indexOf(lowest), 1)
}

/** Adds, to what else was found, that judging broke off; `reason` is `name: kind of error`. */
export function addFault({ findings, text }: Tally, reason: string): void {
  if (text === undefined) return
  const [detector = '', kind = ''] = reason.split(': ')
  const where = { origin: text.origin, at: text.at, start: 0, end: text.text.length }
  findings.splice(FINDINGS_MAX - 1, 1, { detector, rule: `fault/${kind}`, score: 0, ...where })
}

/** The verdict on a call: its highest score, and whether any text reached the threshold of its origin. */
export function combine({ findings, reached }: Tally, mode: ScreenConfig['mode']): Verdict {
  if (findings.length === 0) return PASS
  return {
    effect: reached && mode === 'enforce' ? 'reject' : 'pass',
    score: Math.max(...findings.map(({ score }) => score)),
    findings,
    monitored: reached && mode === 'monitor',
  }
}

/** Score at and above which a text is rejected. Callers who may not speak for the system are judged as users there. */
export function thresholdOf({ origin }: Text, { thresholds }: ScreenConfig, trustSystem: boolean): number {
  return thresholds[origin === 'system' && !trustSystem ? 'user' : origin]
}

function isSame(one: PlacedFinding, other: PlacedFinding): boolean {
  return (
    one.at === other.at &&
    one.detector === other.detector &&
    one.rule === other.rule &&
    one.view === other.view &&
    one.start === other.start
  )
}

function isBeside(open: PlacedFinding, decoded: PlacedFinding): boolean {
  return (
    decoded.view !== undefined &&
    open.view === undefined &&
    open.at === decoded.at &&
    open.rule === decoded.rule &&
    open.score >= decoded.score &&
    open.start >= decoded.start &&
    open.end <= decoded.end
  )
}
