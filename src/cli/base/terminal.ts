import tty from 'node:tty'
import type { Terminal } from './command.ts'

/** Longest standard input that a command takes: tokens, not files. */
const INPUT_CHARS_MAX = 1_048_576

/** The terminal of this process. */
export interface ProcessTerminal extends Terminal {
  /** True once the process was told to end. */
  readonly interrupted: boolean
}

/** The terminal of this process. A reader that goes away (`| head`) ends it in silence. */
export function processTerminal(): ProcessTerminal {
  const { stdin, stdout, stderr, env } = process
  for (const stream of [stdout, stderr]) stream.on('error', leave)
  let interruption: AbortSignal | undefined
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    async readInput() {
      let text = ''
      stdin.setEncoding('utf8')
      for await (const piece of stdin) {
        text += String(piece)
        if (text.length > INPUT_CHARS_MAX) throw new Error('standard input is longer than 1 MiB')
      }
      return text
    },
    inputPieces: () => stdin.setEncoding('utf8'),
    interruption: () => (interruption ??= watchSignals()),
    onHangup: (listener) => void process.on('SIGHUP', listener),
    get interrupted() {
      return interruption?.aborted === true
    },
    env,
    colour: tty.isatty(stderr.fd) && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
    nowMs: () => Date.now(),
  }
}

function leave(fault: Error): void {
  process.exit('code' in fault && fault.code === 'EPIPE' ? 0 : 2)
}

// Only once: a second signal finds no listener, and ends the process as it would have without us.
function watchSignals(): AbortSignal {
  const controller = new AbortController()
  const stop = (): void => {
    process.off('SIGINT', stop).off('SIGTERM', stop)
    controller.abort()
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  return controller.signal
}
