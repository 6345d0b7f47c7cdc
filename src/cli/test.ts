import { printError } from '../config/errors.ts'
import { readConfig } from '../config/load.ts'
import { configPath, CONFIG_OPTION } from './base/arguments.ts'
import type { Command } from './base/command.ts'
import { testPolicies } from './policy/tested.ts'
import { checkPolicies } from './validate.ts'

/** Cells that are named; the rest is counted. */
const SHOWN_MAX = 20

/** `sallyport test`. */
export const test: Command = {
  usage: '-c FILE [--template] [--json]',
  text: [
    'Runs the tests in *.test.yaml beside the configuration and its policies, and says what no test asks about.',
    'A reload runs them too, and is refused when one fails.',
  ],
  options: {
    ...CONFIG_OPTION,
    template: { type: 'boolean', help: 'do not open what file: and env: name; accept example hosts' },
  },
  positionalsMax: 0,
  examples: [['test -c config/sallyport.yaml --template', 'in CI, where the secrets are not']],
  run(given, terminal) {
    const path = configPath(given)
    const template = given.flag('template')
    const { config, files } = readConfig(path, { template, env: terminal.env, nowMs: terminal.nowMs() })
    const tested = testPolicies(config, checkPolicies(config, path), files)
    const { count, failures, untested, cells } = tested
    const ok = failures.length === 0
    if (given.json) terminal.out(`${JSON.stringify({ ok, ...tested })}\n`)
    else {
      for (const failure of failures) terminal.out(`${printError(failure)}\n`)
      terminal.out(
        `${count - failures.length} of ${count} tests passed; ${cells - untested.length} of ${cells} cells asked about\n`,
      )
      for (const cell of untested.slice(0, SHOWN_MAX)) terminal.err(`  not asked: ${cell}\n`)
      if (untested.length > SHOWN_MAX) terminal.err(`  and ${untested.length - SHOWN_MAX} more\n`)
    }
    return Promise.resolve(ok ? 0 : 1)
  },
}
