import { readFileSync } from 'node:fs'
import type { Command } from './base/command.ts'

/** `sallyport version`. */
export const version: Command = {
  usage: '[--json]',
  options: {},
  positionalsMax: 0,
  examples: [['version --json', 'name, version and the Node that runs it, for a bug report']],
  run(given, terminal) {
    // Our own package.json, two folders up: its shape is known.
    const { version: own } = JSON.parse(
      readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
    ) as { version: string }
    const facts = { version: own, node: process.versions.node, openssl: process.versions.openssl }
    terminal.out(
      given.json
        ? `${JSON.stringify(facts)}\n`
        : `sallyport ${own} (Node ${facts.node}, OpenSSL ${facts.openssl ?? 'none'})\n`,
    )
    return Promise.resolve(0)
  },
}
