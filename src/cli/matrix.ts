import { readConfig } from '../config/load.ts'
import { type Cell, matrixOf, rolesOf } from '../policy/matrix.ts'
import type { Policies } from '../policy/policies.ts'
import { configPath, CONFIG_OPTION } from './base/arguments.ts'
import type { Command, Given } from './base/command.ts'
import { Failure, oneLine } from './base/failure.ts'
import { checkPolicies } from './validate.ts'

const FORMATS = ['table', 'md', 'csv', 'json'] as const
type Format = (typeof FORMATS)[number]

/** `sallyport matrix`. */
export const matrix: Command = {
  usage: '-c FILE [--format table|md|csv|json]',
  text: [
    'Who may do what: each role by itself, on each route, for each operation, with the rule and its place.',
    'Asked without model, tool and arguments: what depends on them shows as it is without.',
  ],
  options: {
    ...CONFIG_OPTION,
    format: { type: 'string', value: 'FORMAT', help: `${FORMATS.join(', ')} (default table)` },
    template: { type: 'boolean', help: 'do not open what file: and env: name; accept example hosts' },
  },
  positionalsMax: 0,
  examples: [['matrix -c config/sallyport.yaml --format md', 'for a review']],
  run(given, terminal) {
    const format = formatOf(given)
    const path = configPath(given)
    const template = given.flag('template')
    const { config } = readConfig(path, { template, env: terminal.env, nowMs: terminal.nowMs() })
    const policies = checkPolicies(config, path)
    const cells = matrixOf(policies, config.routes, config.issuers[0]?.issuer ?? '')
    terminal.out(print(format, { cells, roles: rolesOf(config.routes), policies }))
    return Promise.resolve(0)
  },
}

function formatOf(given: Given): Format {
  const name = given.json ? 'json' : (given.text('format') ?? 'table')
  const format = FORMATS.find((one) => one === name)
  if (format === undefined)
    throw new Failure(`there is no format ${oneLine(name)}`, `use one of ${FORMATS.join(', ')}`)
  return format
}

interface Matrix {
  readonly cells: readonly Cell[]
  readonly roles: readonly string[]
  readonly policies: Policies
}

function print(format: Format, matrix: Matrix): string {
  const { cells, roles, policies } = matrix
  if (format === 'json')
    return `${JSON.stringify(cells.map((cell) => ({ ...cell, places: placesOf(cell, policies) })))}\n`
  const rows = [['route', 'operation', ...roles], ...rowsOf(matrix)]
  if (format === 'csv') return `${rows.map((row) => row.map(quoted).join(',')).join('\n')}\n`
  if (format === 'md') {
    const [head = [], ...rest] = rows.map((row) => `| ${row.join(' | ')} |`)
    return `${[head, `|${'---|'.repeat(roles.length + 2)}`, ...rest].join('\n')}\n`
  }
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? []
  return `${rows
    .map((row) =>
      row
        .map((text, at) => text.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')}\n`
}

function rowsOf({ cells, roles, policies }: Matrix): string[][] {
  const rows: string[][] = []
  for (let at = 0; at < cells.length; at += roles.length) {
    const row = cells.slice(at, at + roles.length)
    const [first] = row
    if (first === undefined) continue
    rows.push([first.route, first.operation, ...row.map((cell) => say(cell, policies))])
  }
  return rows
}

function say(cell: Cell, policies: Policies): string {
  const places = placesOf(cell, policies).join(' ')
  return `${cell.effect === 'permit' ? 'yes' : 'no'}${places === '' ? '' : ` ${places}`}`
}

function placesOf({ determining }: Cell, policies: Policies): string[] {
  const places = determining.map((id) => {
    const at = policies.describe(id)
    return at === undefined ? id : `${at.file}:${at.line}`
  })
  return [...new Set(places)]
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
