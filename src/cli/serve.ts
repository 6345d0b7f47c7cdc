import { ConfigErrors, printError } from '../config/errors.ts'
import { type Loaded, readConfig } from '../config/load.ts'
import { FileWatch } from '../config/watch.ts'
import type { Config } from '../core/config.ts'
import { type Gateway, startGateway } from '../gateway.ts'
import { configPath, CONFIG_OPTION } from './base/arguments.ts'
import type { Command, Terminal } from './base/command.ts'
import { settleHeap } from './base/heap.ts'
import { testPolicies } from './policy/tested.ts'
import { checkPolicies } from './validate.ts'

/** `sallyport serve`. */
export const serve: Command = {
  usage: '-c FILE [--json]',
  text: [
    'Runs until SIGTERM or SIGINT; then it is no longer ready, lets what is inside end, and ends. A second signal ends it at once.',
    'A change of the configuration, its policies, keys or certificates is taken while it runs, and so is SIGHUP: whole or not at all.',
    'Operational messages go to standard error as JSON lines; decisions go to the audit log.',
  ],
  options: CONFIG_OPTION,
  positionalsMax: 0,
  examples: [
    ['serve -c /etc/sallyport/sallyport.yaml', 'as a container or a service does'],
    ['validate -c sallyport.yaml && sallyport serve -c sallyport.yaml', 'look first'],
  ],
  async run(given, terminal) {
    const path = configPath(given)
    const { config, files } = read(path, terminal)
    // Heard from here on: who sees "ready" may signal at once, and a start that is interrupted still ends in order.
    const interruption = terminal.interruption()
    const gateway = await startGateway(config)
    try {
      settleHeap()
      announce(gateway, config, given.json ? terminal : undefined)
      terminal.err(
        `sallyport: ready on ${gateway.address}:${gateway.port} as ${config.publicUrl}, revision ${config.revision}\n`,
      )
      using watch = new FileWatch(() => void reload())
      const reload = (): Promise<void> => reloaded(gateway, { path, watch, terminal })
      watch.set(files)
      terminal.onHangup(() => void reload())
      await aborted(interruption)
      terminal.err('sallyport: draining; a second signal ends at once\n')
    } finally {
      await gateway.close()
    }
    return 0
  },
}

/** The configuration as it stands on disk now, with its policies looked at and tested. @throws {ConfigErrors} */
function read(path: string, terminal: Terminal): Loaded {
  const { config, files } = readConfig(path, { env: terminal.env, nowMs: terminal.nowMs() })
  const tested = testPolicies(config, checkPolicies(config, path), files)
  // Policies that fail their own tests permit or forbid what nobody meant.
  if (tested.failures.length > 0) throw new ConfigErrors(tested.failures)
  return { config, files: [...files, ...tested.files] }
}

interface Reloading {
  readonly path: string
  readonly watch: FileWatch
  readonly terminal: Terminal
}

async function reloaded(gateway: Gateway, { path, watch, terminal }: Reloading): Promise<void> {
  const before = gateway.revision
  const { ok, revision, reason } = await gateway.reload(() => {
    try {
      const { config, files } = read(path, terminal)
      watch.set(files)
      return config
    } catch (fault) {
      if (!(fault instanceof ConfigErrors)) throw fault
      for (const error of fault.errors) terminal.err(`${printError(error)}\n`)
      throw new Error(summary(fault), { cause: fault })
    }
  })
  if (!ok) terminal.err(`sallyport: not reloaded: ${reason}; revision ${revision} stays in force\n`)
  else if (revision !== before) terminal.err(`sallyport: reloaded, revision ${revision}\n`)
}

function summary({ errors }: ConfigErrors): string {
  const [first] = errors
  const where = first === undefined ? '' : `${first.file}:${first.line}:${first.column}: ${first.message}`
  return errors.length > 1 ? `${where} (and ${errors.length - 1} more)` : where
}

function announce(
  { address, port, admin }: Gateway,
  { revision }: Config,
  terminal: Terminal | undefined,
): void {
  terminal?.out(`${JSON.stringify({ ok: true, address, port, admin, revision })}\n`)
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
