import { run } from './cli/index.ts'
import { processTerminal } from './cli/base/terminal.ts'

const terminal = processTerminal()
process.exitCode = await run(process.argv.slice(2), terminal)
// What nobody reads must not keep a process that was told to end: a blocked log would turn every stop into a kill.
if (terminal.interrupted) setTimeout(() => process.exit(), 1_000).unref()
