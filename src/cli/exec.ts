import { spawn } from 'node:child_process'
import { clientEnvironment } from '../demo/environment.ts'
import { demoFolder, readState } from '../demo/state.ts'
import { mintDemoToken } from '../demo/tokens.ts'
import type { Command } from './base/command.ts'
import { Failure } from './base/failure.ts'
import { roleOf, runningDemo } from './base/running-demo.ts'

/** `sallyport exec`. */
export const exec: Command = {
  usage: '[--role ROLE] -- CMD [ARG ...]',
  text: [
    'Runs a client of the running demo: base URL, token and CA are set in its environment, under the names that the OpenAI and',
    'Anthropic SDKs, Claude Code, curl, Python and Node read. Its exit code is passed on.',
  ],
  options: { role: { type: 'string', value: 'ROLE', help: 'reader, operator or admin; default reader' } },
  positionalsMax: Number.POSITIVE_INFINITY,
  examples: [
    ['exec -- node my-openai-client.js', 'an unmodified client'],
    [
      'exec --role operator -- sh -c \'curl -s "$SALLYPORT_URL/triage" -H "Authorization: Bearer $SALLYPORT_TOKEN" -d "{}"\'',
      'by hand',
    ],
  ],
  async run(given, terminal) {
    const [command, ...args] = given.positionals
    if (command === undefined) throw new Failure('no command was given', 'write: sallyport exec -- CMD')
    const state = runningDemo(readState(demoFolder(terminal.env)))
    const token = await mintDemoToken(state, roleOf(given.text('role')), terminal.nowMs())
    const path = (protocol: string): string | undefined =>
      state.routes.find((route) => route.protocol === protocol)?.path
    const place = {
      url: state.url,
      caFile: state.caFile,
      openai: path('openai'),
      anthropic: path('anthropic'),
    }
    const env = { ...terminal.env, ...clientEnvironment(place, token) }
    const code = await new Promise<number>((resolve, reject) => {
      spawn(command, args, { stdio: 'inherit', env })
        .on('error', () =>
          reject(new Failure(`${command} cannot be run`, 'check its name and that it is on the PATH')),
        )
        .on('exit', (exitCode) => resolve(exitCode ?? 1))
    })
    return code === 0 ? 0 : code === 2 ? 2 : 1
  },
}
