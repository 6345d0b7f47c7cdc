import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Deadlines } from '../../../src/upstream/deadlines.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

function deadlines(afterMs: number): { waits: Deadlines<string>; expired: string[] } {
  const expired: string[] = []
  const clock = { wallMs: () => 0, monotonicMs: () => performance.now() }
  return { waits: new Deadlines<string>(afterMs, clock, (wait) => void expired.push(wait)), expired }
}

describe('Deadlines', () => {
  it('expires each wait at its time, and only once', () => {
    const { waits, expired } = deadlines(100)
    waits.begin('one')
    vi.advanceTimersByTime(60)
    waits.begin('two')

    vi.advanceTimersByTime(40)
    expect(expired).toEqual(['one'])
    vi.advanceTimersByTime(60)
    expect(expired).toEqual(['one', 'two'])
    vi.advanceTimersByTime(1_000)
    expect(expired).toEqual(['one', 'two'])
  })

  it('leaves alone what ended in time', () => {
    const { waits, expired } = deadlines(100)
    waits.begin('one')
    waits.begin('two')
    waits.end('one')

    vi.advanceTimersByTime(100)

    expect(expired).toEqual(['two'])
  })

  it('arms one timer, however many wait', () => {
    const { waits } = deadlines(100)

    for (let i = 0; i < 1_000; i += 1) waits.begin(String(i))

    expect(vi.getTimerCount()).toBe(1)
  })

  it('begins again after all have ended', () => {
    const { waits, expired } = deadlines(100)
    waits.begin('one')
    waits.end('one')
    vi.advanceTimersByTime(150)
    waits.begin('two')

    vi.advanceTimersByTime(100)

    expect(expired).toEqual(['two'])
  })

  it('never expires anything at 0', () => {
    const { waits, expired } = deadlines(0)
    waits.begin('one')

    vi.advanceTimersByTime(1e9)

    expect(expired).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })
})
