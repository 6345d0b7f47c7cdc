import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/core/clock.ts'
import { type BodySink, type BodySource, RequestBody } from '../../../src/listener/body.ts'
import { Pace } from '../../../src/listener/pace.ts'
import { roomyBounds } from '../../fixtures/listening.ts'

/** A body that comes in as a test says. */
class Script implements BodySource {
  complete = false
  paused = 0
  resumed = 0
  sink: BodySink | undefined
  readonly #atStart: (sink: BodySink) => void

  constructor(atStart: (sink: BodySink) => void = () => {}) {
    this.#atStart = atStart
  }

  start(sink: BodySink): void {
    this.sink = sink
    this.#atStart(sink)
  }

  pause(): void {
    this.paused += 1
  }

  resume(): void {
    this.resumed += 1
  }
}

function bodyOf(source: BodySource, bodyBytes?: number): RequestBody {
  return new RequestBody({ source, bodyBytes, startedMs: 0 }, new Pace(systemClock, roomyBounds))
}

const HELLO = Buffer.from('hello')

describe('reading a body whole', () => {
  it('gives what came at once without a copy', async () => {
    const body = bodyOf(
      new Script((sink) => {
        sink.piece(HELLO)
        sink.end()
      }),
    )

    expect(await body.read(5)).toBe(HELLO)
  })

  it('gives what comes byte by byte, in order', async () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, i) => i % 251))
    const source = new Script()
    const reading = bodyOf(source).read(100_000)
    for (let at = 0; at < bytes.length; at += at % 3_000 === 0 ? 2_500 : 1)
      source.sink?.piece(bytes.subarray(at, at + (at % 3_000 === 0 ? 2_500 : 1)))
    source.sink?.end()

    expect(bytes.equals(Buffer.from((await reading) as Uint8Array))).toBe(true)
  })

  it('R45: a body of single bytes takes about its own length in memory, not a piece for each', async () => {
    const source = new Script()
    const reading = bodyOf(source).read(200_000)
    const before = process.memoryUsage().external
    const backing = Buffer.alloc(1)
    for (let i = 0; i < 200_000; i += 1) source.sink?.piece(backing)
    const grownBytes = process.memoryUsage().external - before
    source.sink?.end()

    expect(((await reading) as Uint8Array).length).toBe(200_000)
    expect(grownBytes).toBeLessThan(1_000_000)
  })

  it.each([
    [5, undefined, 'read'],
    [4, undefined, 'too-large'],
    [4, 5, 'too-large'],
  ])('R45: of a bound of %i bytes and a declared length of %s: %s', async (bytesMax, declared, result) => {
    const source = new Script((sink) => {
      sink.piece(HELLO)
      sink.end()
    })

    const read = await bodyOf(source, declared).read(bytesMax)

    expect(typeof read === 'string' ? read : 'read').toBe(result)
    // What is too large by its own account is not asked for.
    expect(source.sink === undefined).toBe(declared !== undefined)
  })

  it('tells a fault that was there before, and one that comes while it waits', async () => {
    const before = bodyOf(new Script())
    before.fail('aborted')
    const source = new Script()
    const reading = bodyOf(source).read(10)
    source.sink?.piece(HELLO)
    source.sink?.fail('too-slow')
    source.sink?.piece(HELLO)

    expect(await before.read(10)).toBe('aborted')
    expect(await reading).toBe('too-slow')
  })
})

describe('reading a body by pieces', () => {
  it('holds the client back while the reader is slow, and goes on after', async () => {
    const big = Buffer.alloc(70_000)
    const source = new Script((sink) => sink.piece(big))
    const pieces = bodyOf(source).chunks(1_000_000)

    const first = await pieces.next()
    const heldBack = source.paused
    const second = pieces.next()
    await Promise.resolve()
    source.sink?.piece(HELLO)
    source.sink?.end()

    expect(first.value).toBe(big)
    expect(heldBack).toBe(1)
    expect((await second).value).toEqual(HELLO)
    expect(source.resumed).toBe(1)
    expect((await pieces.next()).done).toBe(true)
  })

  it('never writes again to what was given away', async () => {
    const source = new Script()
    const pieces = bodyOf(source).chunks(1_000)
    const first = pieces.next()
    for (const text of ['a', 'b', 'c']) source.sink?.piece(Buffer.from(text))
    const given = [await first, await pieces.next()].map(({ value }) => value as Uint8Array)
    const before = Buffer.concat(given).toString()
    for (const text of ['d', 'e']) source.sink?.piece(Buffer.from(text))

    expect(before).toBe('abc')
    expect(Buffer.concat(given).toString()).toBe('abc')
  })

  it('throws the fault', async () => {
    const source = new Script((sink) => sink.piece(HELLO))

    await expect(bodyOf(source).chunks(4).next()).rejects.toThrow('too-large')
  })
})
