import { dirname, join } from 'node:path'
import { ConfigErrors } from '../config/errors.ts'
import { readConfig } from '../config/load.ts'
import type { Config } from '../core/config.ts'
import { loadPolicies } from '../policy/load.ts'
import type { Policies } from '../policy/policies.ts'
import { PolicyLoadError } from '../policy/problems.ts'
import { configPath, CONFIG_OPTION } from './base/arguments.ts'
import type { Command } from './base/command.ts'

/** `sallyport validate`. */
export const validate: Command = {
  usage: '-c FILE [--template] [--json]',
  text: [
    'Checks what `serve` checks before it opens a port: the file, what it names, the certificate and its key, the policies.',
    'With --template the file is a sample for another place: what file: and env: name is not opened, and example hosts pass.',
  ],
  options: {
    ...CONFIG_OPTION,
    template: { type: 'boolean', help: 'do not open what file: and env: name; accept example hosts' },
  },
  positionalsMax: 0,
  examples: [
    ['validate -c /etc/sallyport/sallyport.yaml', 'before a start or a reload'],
    ['validate -c config/sallyport.yaml --template', 'in CI, where the secrets are not'],
  ],
  run(given, terminal) {
    const path = configPath(given)
    const { config, files } = readConfig(path, {
      template: given.flag('template'),
      env: terminal.env,
      nowMs: terminal.nowMs(),
    })
    const policies = checkPolicies(config, path)
    const { revision, routes, issuers } = config
    const facts = {
      ok: true,
      revision,
      routes: routes.map(({ name }) => name),
      issuers: issuers.map(({ issuer }) => issuer),
      policies: policies.count,
      files,
    }
    terminal.out(
      given.json
        ? `${JSON.stringify(facts)}\n`
        : `${path}: valid, revision ${revision} (${routes.length} routes, ${issuers.length} issuers, ${policies.count} policies)\n`,
    )
    return Promise.resolve(0)
  },
}

/** Policies as the gateway would load them. @throws {ConfigErrors} with paths that can be opened from here. */
export function checkPolicies({ routes, policies }: Config, path: string): Policies {
  try {
    return loadPolicies(routes, policies)
  } catch (fault) {
    if (!(fault instanceof PolicyLoadError)) throw fault
    throw new ConfigErrors(
      fault.problems.map((problem) => ({ ...problem, file: join(dirname(path), problem.file) })),
    )
  }
}
