import { verifyLog } from '../../audit/read.ts'
import type { VerifyFailure, VerifyReport } from '../../audit/verify.ts'
import { CONFIG_OPTION } from '../base/arguments.ts'
import type { Command } from '../base/command.ts'
import { Failure, oneLine } from '../base/failure.ts'
import { logFolder } from '../base/log-folder.ts'

/** `sallyport audit verify`. */
export const verify: Command = {
  usage: '(FOLDER | -c FILE) [--anchor SEQUENCE:HASH] [--json]',
  text: [
    'Finds any edit, cut, reordering and doubling. What is cut off at the end leaves no trace in the log itself: keep the anchor',
    'that this prints elsewhere, and give it back as --anchor later.',
  ],
  options: {
    ...CONFIG_OPTION,
    anchor: {
      type: 'string',
      value: 'SEQUENCE:HASH',
      help: 'a record noted before, which must be in the log',
    },
  },
  positionalsMax: 1,
  examples: [
    ['audit verify /var/lib/sallyport/audit', 'exit code 0: whole, 1: not'],
    ['audit verify -c sallyport.yaml --json', 'for a monitor'],
  ],
  async run(given, terminal) {
    const anchor = readAnchor(given.text('anchor'))
    const report = await verifyLog(logFolder(given, terminal), anchor === undefined ? {} : { anchor })
    const ok = report.failure === undefined
    if (given.json) terminal.out(`${JSON.stringify({ ok, ...report })}\n`)
    else if (ok) terminal.out(summary(report))
    if (report.failure !== undefined) terminal.err(complaint(report.failure))
    return ok ? 0 : 1
  },
}

function readAnchor(text: string | undefined): { sequence: number; hash: string } | undefined {
  if (text === undefined) return undefined
  const [, sequence, hash] = /^(\d{1,15}):([\w-]{43})$/.exec(text) ?? []
  if (sequence === undefined || hash === undefined)
    throw new Failure('--anchor is no SEQUENCE:HASH', 'copy the anchor that an earlier audit verify printed')
  return { sequence: Number(sequence), hash }
}

function summary({ segments, records, last, end, counts, tornMarked }: VerifyReport): string {
  const lines = [
    `whole: ${records} records in ${segments} segments, end ${end}`,
    `  ${counts.decisions} decisions, ${counts.outcomes} outcomes, ${counts.refusals} refusals, ${counts.summaries} summaries`,
    `  ${counts.open} decisions without outcome, ${tornMarked} torn lines marked`,
    ...(last === undefined ? [] : [`  anchor ${last.sequence}:${last.hash}`]),
  ]
  return `${lines.join('\n')}\n`
}

function complaint({ kind, segment, offset, sequence, detail }: VerifyFailure): string {
  return [
    `sallyport: the log is not whole: ${kind} in ${oneLine(segment)} at byte ${offset}, record ${sequence}: ${oneLine(detail)}`,
    '  fix: keep the folder as it is, and compare it with a copy from before; records up to there still hold\n',
  ].join('\n')
}
