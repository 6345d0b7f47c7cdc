import { afterEach, describe, expect, it, vi } from 'vitest'
import { processTerminal } from '../../../../src/cli/base/terminal.ts'

afterEach(() => {
  vi.restoreAllMocks()
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error')
})

describe('the terminal of this process', () => {
  it('writes data and messages apart', () => {
    const written: string[] = []
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(`out ${String(text)}`) > 0)
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(`err ${String(text)}`) > 0)

    const terminal = processTerminal()
    terminal.out('data')
    terminal.err('message')

    expect(written).toEqual(['out data', 'err message'])
  })

  it.each([
    ['EPIPE', 0],
    ['EIO', 2],
  ])('ends the process with %s as %i', (code, exitCode) => {
    const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never)
    processTerminal()

    process.stdout.emit('error', Object.assign(new Error('write'), { code }))

    expect(exit).toHaveBeenCalledWith(exitCode)
  })

  it('leaves signals alone until somebody waits for them, and takes the first one only', () => {
    const before = process.listeners('SIGTERM')
    const signal = processTerminal().interruption()
    const [stop] = process.listeners('SIGTERM').filter((listener) => !before.includes(listener))

    stop?.('SIGTERM')

    expect(signal.aborted).toBe(true)
    expect(process.listeners('SIGTERM')).toEqual(before)
  })

  it('hears one signal for all who wait', () => {
    const before = process.listenerCount('SIGINT')
    const terminal = processTerminal()

    const same = terminal.interruption() === terminal.interruption()

    expect(same).toBe(true)
    expect(process.listenerCount('SIGINT')).toBe(before + 1)
    process.listeners('SIGINT').at(-1)?.('SIGINT')
  })

  it('tells the time, and colours nothing where NO_COLOR is set', () => {
    vi.stubEnv('NO_COLOR', '1')
    const terminal = processTerminal()

    expect(terminal.colour).toBe(false)
    expect(Math.abs(terminal.nowMs() - Date.now())).toBeLessThan(10_000)
    vi.unstubAllEnvs()
  })
})
