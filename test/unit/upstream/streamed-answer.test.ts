import { describe, expect, it } from 'vitest'
import { StreamedAnswer } from '../../../src/upstream/streamed-answer.ts'
import { collect } from '../../fixtures/raw-upstream.ts'

function streamed(): { answer: StreamedAnswer; calls: string[] } {
  const calls: string[] = []
  const controller = {
    aborted: false,
    paused: false,
    reason: null,
    pause: () => void calls.push('pause'),
    resume: () => void calls.push('resume'),
    abort: () => void calls.push('abort'),
  }
  return { answer: new StreamedAnswer(controller), calls }
}

describe('StreamedAnswer', () => {
  it('holds what comes before its reader, and pauses at the first of it', async () => {
    const { answer, calls } = streamed()
    answer.push(Buffer.from('one '))
    answer.push(Buffer.from('two'))
    const read = collect()

    answer.pipe(read.sink)
    answer.end()

    expect(await read.done).toMatchObject({ end: 'clean', body: 'one two', trailers: [] })
    expect(calls).toEqual(['pause', 'pause', 'resume'])
  })

  it('pauses when its reader is full, and goes on when told to', () => {
    const { answer, calls } = streamed()
    const { sink } = collect()
    answer.pipe({ ...sink, data: () => false })
    answer.push(Buffer.from('one'))

    answer.resume()

    expect(calls).toEqual(['resume', 'pause', 'resume'])
  })

  it('stays paused while its reader is full of what was held', () => {
    const { answer, calls } = streamed()
    answer.push(Buffer.from('one'))

    answer.pipe({ ...collect().sink, data: () => false })

    expect(calls).toEqual(['pause'])
  })

  it('tells a late reader of an end that has been', async () => {
    const { answer } = streamed()
    answer.push(Buffer.from('one'))
    answer.end()
    const read = collect()

    answer.pipe(read.sink)

    expect(await read.done).toMatchObject({ end: 'clean', body: 'one' })
  })

  it('tells a late reader of a fault, never of an end', async () => {
    const { answer } = streamed()
    answer.push(Buffer.from('one'))
    answer.fail('reset')
    answer.end()
    const read = collect()

    answer.pipe(read.sink)

    expect(await read.done).toMatchObject({ end: 'fault', body: 'one', reason: 'reset' })
  })

  it('is silent after it was given up', () => {
    const { answer, calls } = streamed()
    const read = collect()
    answer.pipe(read.sink)

    answer.abort()
    answer.abort()
    answer.push(Buffer.from('late'))
    answer.fail('aborted')
    answer.end()
    answer.resume()

    expect(calls).toEqual(['resume', 'abort'])
    expect(read.chunks).toEqual([])
  })

  it('that was given up before its reader came has nothing to say', () => {
    const { answer, calls } = streamed()
    answer.push(Buffer.from('one'))
    answer.abort()
    const read = collect()

    answer.pipe(read.sink)

    expect(calls).toEqual(['pause', 'abort'])
    expect(read.chunks).toEqual([])
  })

  it('cannot be given up after its end: the connection is another exchange\u2019s by then', () => {
    const { answer, calls } = streamed()
    answer.pipe(collect().sink)
    answer.end()

    answer.abort()
    answer.resume()

    expect(calls).toEqual(['resume'])
  })
})
