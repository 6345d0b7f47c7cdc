import { tailLog } from '../../audit/tail.ts'
import { CONFIG_OPTION } from '../base/arguments.ts'
import type { Command } from '../base/command.ts'
import { logFolder } from '../base/log-folder.ts'

/** `sallyport audit tail`. */
export const tail: Command = {
  usage: '(FOLDER | -c FILE) [--follow] [--new] [--json]',
  text: ['Shows records as they stand; nothing is verified. With --json each line is the record itself.'],
  options: {
    ...CONFIG_OPTION,
    follow: { type: 'boolean', short: 'f', help: 'wait for more, until interrupted' },
    new: { type: 'boolean', help: 'only what is written from now on' },
  },
  positionalsMax: 1,
  examples: [
    ['audit tail /var/lib/sallyport/audit --follow --new', 'watch decisions as they fall'],
    ['audit tail -c sallyport.yaml --json | grep DECISION-ID', 'find the decision that a client was told of'],
  ],
  async run(given, terminal) {
    const follow = given.flag('follow')
    const options = { from: given.flag('new') ? 'end' : 'start', follow } as const
    const signal = follow ? terminal.interruption() : undefined
    for await (const line of tailLog(
      logFolder(given, terminal),
      signal === undefined ? options : { ...options, signal },
    ))
      terminal.out(`${safe(given.json ? line : sentence(line))}\n`)
    return 0
  },
}

/** The writer's lines are printable ASCII; a line that somebody else wrote may be anything. */
function safe(line: string): string {
  return line.replace(/[^\x20-\x7e]/g, '?')
}

/** Members shown, in this order; others are in the record. */
const SHOWN = [
  'id',
  'peer',
  'route',
  'operation',
  'model',
  'tool',
  'problem',
  'ending',
  'status',
  'reason',
  'event',
]

function sentence(line: string): string {
  const record = parse(line)
  if (record === undefined) return line
  const atMs = record['receivedMs'] ?? record['atMs'] ?? record['fromMs']
  const time =
    typeof atMs === 'number' && Number.isFinite(atMs) && Math.abs(atMs) < 8.64e15
      ? new Date(atMs).toISOString()
      : '-'
  const subject = Reflect.get(Object(record['principal']), 'subject')
  const shown = SHOWN.filter(
    (name) => typeof record[name] === 'string' || typeof record[name] === 'number',
  ).map((name) => `${name}=${String(record[name])}`)
  return [
    time,
    String(record['kind']),
    ...(typeof subject === 'string' ? [`subject=${subject}`] : []),
    ...shown,
  ].join(' ')
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}
