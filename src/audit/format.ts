import type {
  AuditRecord,
  DecisionRecord,
  LogRecord,
  OutcomeRecord,
  PhaseName,
  PhaseTimes,
  RefusalRecord,
  SummaryRecord,
} from '../core/record.ts'
import type { PlacedFinding } from '../core/verdict.ts'
import { number, quote, quoteList } from './escape.ts'

// Members are written one by one, so that a record says what is listed here and nothing that an object happens to
// carry: no token, no text of a client. Their order is fixed (docs/spec/audit-lines.md).

/** Longest value of a single member, in UTF-16 code units. */
const UNITS_MAX = 256
const REASON_UNITS_MAX = 512
const SUBJECT_UNITS_MAX = 2_048
/** Longest element of a list or of a finding. */
const ELEMENT_UNITS_MAX = 128
/** Longest word of ours: names of detectors, rules, views, phases, problems. */
const NAME_UNITS_MAX = 64
const ELEMENTS_MAX = 64
const FINDINGS_MAX = 32

/** The members of a record as JSON without its braces, ready to be sealed into a line. */
export function recordMembers(record: AuditRecord): string {
  switch (record.kind) {
    case 'decision':
      return exchangeMembers(record)
    case 'refusal':
      return exchangeMembers(record) + refusalMembers(record)
    case 'outcome':
      return outcomeMembers(record)
    case 'summary':
      return summaryMembers(record)
    default:
      return logMembers(record)
  }
}

function exchangeMembers(record: DecisionRecord | RefusalRecord): string {
  return (
    `"kind":"${record.kind}","id":${quote(record.id, ELEMENT_UNITS_MAX)}` +
    `,"receivedMs":${number(record.receivedMs)},"peer":${quote(record.peer, ELEMENT_UNITS_MAX)}` +
    `,"method":${quote(record.method, UNITS_MAX)},"route":${quote(record.route, UNITS_MAX)}` +
    optional('operation', record.operation) +
    optional('model', record.model) +
    optional('tool', record.tool) +
    `,"principal":{"issuer":${quote(record.principal.issuer, 2 * UNITS_MAX)}` +
    `,"subject":${quote(record.principal.subject, SUBJECT_UNITS_MAX)}` +
    `,"roles":${quoteList(record.principal.roles, ELEMENTS_MAX, ELEMENT_UNITS_MAX)}` +
    `,"tokenDigest":${quote(record.principal.tokenDigest, ELEMENT_UNITS_MAX)}}` +
    `,"revision":${quote(record.revision, ELEMENT_UNITS_MAX)},"effect":"${record.effect}"` +
    `,"policies":${quoteList(record.policies, ELEMENTS_MAX, ELEMENT_UNITS_MAX)}` +
    `,"findings":${findings(record.findings)},"opaque":${record.opaque}` +
    `,"phases":${phases(record.phases)},"requestBytes":${number(record.requestBytes)}`
  )
}

function refusalMembers(record: RefusalRecord): string {
  return (
    `,"problem":${quote(record.problem, UNITS_MAX)},"code":${number(record.code)}` +
    `,"status":${number(record.status)},"reason":${quote(record.reason, REASON_UNITS_MAX)}` +
    `,"durationMs":${number(record.durationMs)}`
  )
}

function outcomeMembers(record: OutcomeRecord): string {
  return (
    `"kind":"outcome","id":${quote(record.id, ELEMENT_UNITS_MAX)},"ending":"${record.ending}"` +
    `,"status":${number(record.status)}${optional('problem', record.problem)}` +
    (record.upstreamStatus === undefined ? '' : `,"upstreamStatus":${number(record.upstreamStatus)}`) +
    `,"answerBytes":${number(record.answerBytes)},"durationMs":${number(record.durationMs)}` +
    `,"phases":${phases(record.phases)}`
  )
}

function summaryMembers(record: SummaryRecord): string {
  return (
    `"kind":"summary","peer":${quote(record.peer, ELEMENT_UNITS_MAX)}` +
    `,"fromMs":${number(record.fromMs)},"toMs":${number(record.toMs)}` +
    `,"counts":${numbers(record.counts)}${optional('firstId', record.firstId)}`
  )
}

function logMembers(record: LogRecord): string {
  let detail = ''
  for (const [name, value] of Object.entries(record.detail)) {
    const json = typeof value === 'number' ? number(value) : quote(value, UNITS_MAX)
    detail += `${detail === '' ? '' : ','}${quote(name, ELEMENT_UNITS_MAX)}:${json}`
  }
  return (
    `"kind":"log","event":${quote(record.event, ELEMENT_UNITS_MAX)}` +
    `,"atMs":${number(record.atMs)},"detail":{${detail}}`
  )
}

function optional(name: string, value: string | undefined): string {
  return value === undefined ? '' : `,"${name}":${quote(value, UNITS_MAX)}`
}

// Where and what kind, never the text. The pointer holds member names of the client's, hence the cut.
function findings(found: readonly PlacedFinding[]): string {
  if (found.length === 0) return '[]'

  const kept = found.slice(0, FINDINGS_MAX).map(finding)
  if (found.length > FINDINGS_MAX) kept.push(`{"omitted":${found.length - FINDINGS_MAX}}`)
  return `[${kept.join(',')}]`
}

function finding(found: PlacedFinding): string {
  return (
    `{"detector":${quote(found.detector, NAME_UNITS_MAX)},"score":${number(found.score)}` +
    `,"origin":"${found.origin}","at":${quote(found.at, ELEMENT_UNITS_MAX)}` +
    `,"start":${number(found.start)},"end":${number(found.end)}` +
    (found.rule === undefined ? '' : `,"rule":${quote(found.rule, NAME_UNITS_MAX)}`) +
    (found.view === undefined ? '' : `,"view":${quote(found.view, NAME_UNITS_MAX)}`) +
    '}'
  )
}

// Names of phases are words of ours and need no quoting; their times are whole numbers.
function phases(times: PhaseTimes): string {
  let members = ''
  for (const name in times) members += `${members === '' ? '"' : ',"'}${name}":${times[name as PhaseName]}`
  return `{${members}}`
}

function numbers(values: Readonly<Record<string, number>>): string {
  let members = ''
  let count = 0
  for (const name in values) {
    if (count++ === ELEMENTS_MAX) break
    members += `${members === '' ? '' : ','}${quote(name, NAME_UNITS_MAX)}:${number(values[name] ?? 0)}`
  }
  return `{${members}}`
}
