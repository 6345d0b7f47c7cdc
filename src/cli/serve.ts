import { loadConfig } from '../config/load.ts'
import type { Config } from '../core/config.ts'
import { type Gateway, startGateway } from '../gateway.ts'
import { configPath, CONFIG_OPTION } from './base/arguments.ts'
import type { Command, Terminal } from './base/command.ts'
import { settleHeap } from './base/heap.ts'
import { checkPolicies } from './validate.ts'

/** `sallyport serve`. */
export const serve: Command = {
  usage: '-c FILE [--json]',
  text: [
    'Runs until SIGTERM or SIGINT; then it is no longer ready, lets what is inside end, and ends. A second signal ends it at once.',
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
    const config = loadConfig(path, { env: terminal.env, nowMs: terminal.nowMs() })
    checkPolicies(config, path)
    // Heard from here on: who sees "ready" may signal at once, and a start that is interrupted still ends in order.
    const interruption = terminal.interruption()
    const gateway = await startGateway(config)
    try {
      settleHeap()
      announce(gateway, config, given.json ? terminal : undefined)
      terminal.err(
        `sallyport: ready on ${gateway.address}:${gateway.port} as ${config.publicUrl}, revision ${config.revision}\n`,
      )
      await aborted(interruption)
      terminal.err('sallyport: draining; a second signal ends at once\n')
    } finally {
      await gateway.close()
    }
    return 0
  },
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
