import { setTimeout as delay } from 'node:timers/promises'
import pino from 'pino'
import { type EventName, events, type Observer } from '../core/events.ts'

/** Where operational log lines go: JSON, one a line. Decisions are in the audit log, not here. */
export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** File descriptor to write to; 2 (stderr) by default, for stdout belongs to data. */
  readonly fd?: number
}

/** The operational log. */
export interface Log extends Observer {
  /** Writes what waits, if somebody reads it within half a second, and takes no more. */
  close(): Promise<void>
}

/**
 * The operational log as an observer. Written asynchronously into a bounded buffer: a reader that stopped reading our stderr must
 * not stop the gate, so lines are dropped, and counted, when it is full.
 */
export function openLog(options: LogOptions): Log {
  const destination = pino.destination({
    fd: options.fd ?? 2,
    sync: false,
    maxLength: BUFFER_CHARS_MAX,
  })
  let dropped = 0
  let closed = false
  destination.on('drop', () => {
    dropped += 1
  })
  const log = pino(
    { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    destination,
  )
  return {
    event(name: EventName, detail) {
      if (closed) return
      const { level, text } = events[name]
      log[level](
        dropped > 0 ? { event: name, ...detail, droppedLines: dropped } : { event: name, ...detail },
        text,
      )
    },
    async close() {
      const flushed = new Promise<void>((resolve) => {
        destination.flush(() => resolve())
      })
      await Promise.race([flushed, delay(CLOSE_MS, undefined, { ref: false })])
      closed = true
      // Else it would be flushed at exit, and wait for ever for a reader that has stopped.
      destination.destroy()
    },
  }
}

const CLOSE_MS = 500

const BUFFER_CHARS_MAX = 1_048_576
