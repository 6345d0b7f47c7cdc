import { run } from './cli/index.ts'
import { processTerminal } from './cli/base/terminal.ts'

process.exitCode = await run(process.argv.slice(2), processTerminal())
