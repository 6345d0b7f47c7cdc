import { readFileSync } from 'node:fs'
import { type Said, say as ask } from '../demo/say.ts'
import { demoFolder, readState } from '../demo/state.ts'
import { mintDemoToken } from '../demo/tokens.ts'
import type { Command, Given, Terminal } from './base/command.ts'
import { Failure } from './base/failure.ts'
import { roleOf, runningDemo } from './base/running-demo.ts'

/** `sallyport say`. */
export const say: Command = {
  usage: 'ROUTE TEXT [--role ROLE] [--stream] [--json]',
  text: [
    'The smallest client: says one thing to a route of the running demo, and prints what it is answered.',
  ],
  options: {
    role: { type: 'string', value: 'ROLE', help: 'reader, operator or admin; default reader' },
    stream: { type: 'boolean', help: 'print the words as they come' },
  },
  positionalsMax: 2,
  examples: [
    ['say chat "Hello"', 'allowed'],
    ['say triage "The site is down" --role operator', 'as another role'],
  ],
  async run(given, terminal) {
    const [name, text] = given.positionals
    if (name === undefined || text === undefined)
      throw new Failure('a route and a text are needed', 'write: sallyport say chat "Hello"')
    const state = runningDemo(readState(demoFolder(terminal.env)))
    const route = state.routes.find((one) => one.name === name)
    if (route === undefined) {
      throw new Failure(
        'the demo has no such route',
        `it has ${state.routes.map((one) => one.name).join(', ')}`,
      )
    }
    const said = await ask(
      {
        url: state.url,
        path: route.path,
        protocol: route.protocol,
        token: await mintDemoToken(state, roleOf(given.text('role')), terminal.nowMs()),
        ca: readFileSync(state.caFile, 'utf8'),
        text,
        stream: given.flag('stream') && !given.json,
      },
      (words) => terminal.out(words),
    ).catch(unreachable)
    print(said, given, terminal)
    return said.status < 400 ? 0 : 1
  },
}

function print(said: Said, given: Given, terminal: Terminal): void {
  if (given.json) return terminal.out(`${JSON.stringify({ ok: said.status < 400, ...said })}\n`)
  // What was streamed stands there already, but for a refusal, which comes whole.
  const streamed = given.flag('stream') && said.status < 400
  terminal.out(streamed ? '\n' : `${said.text}\n`)
  terminal.err(`${said.status} · ${said.decision}\n`)
}

function unreachable(fault: Error): never {
  throw new Failure(
    `the gateway cannot be reached: ${fault.message}`,
    'start it in another terminal: npm start',
  )
}
