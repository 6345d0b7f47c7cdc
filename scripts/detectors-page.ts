import { ORIGINS } from '../src/core/call.ts'
import { detectors, structural } from '../src/screen/detectors/index.ts'

/** The reference page of detectors, from the registry. */
export function detectorsPage(note: string): string {
  return [
    '# Detectors',
    '',
    `What looks at the texts of a call, in this order. \`system\` texts of callers with \`trust_system\` are seen by ${structural.map(({ name }) => `\`${name}\``).join(', ')} alone. The budget is CPU time for one UTF-16 code unit, held by \`bench/screen.ts\`. ${note}`,
    '',
    '| detector | finds | origins | budget |',
    '|---|---|---|---|',
    ...detectors.map(
      ({ name, summary, origins, costNsPerCharMax }) =>
        `| \`${name}\` | ${summary} | ${origins === undefined || origins.length === ORIGINS.length ? 'all' : origins.join(', ')} | ${costNsPerCharMax} ns |`,
    ),
    '',
  ].join('\n')
}
