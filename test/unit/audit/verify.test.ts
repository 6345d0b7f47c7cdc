import { describe, expect, it } from 'vitest'

import { GENESIS, type Head, sealHeader, sealRecord } from '../../../src/audit/chain.ts'
import { recordMembers } from '../../../src/audit/format.ts'
import { Tally } from '../../../src/audit/pairing.ts'
import { segmentName } from '../../../src/audit/segment-name.ts'
import { type VerifyOptions, type VerifyReport, verifySegments } from '../../../src/audit/verify.ts'
import { asSegments, decision, outcome } from '../../fixtures/audit.ts'
import { verifyAgain } from '../../fixtures/audit-verifier.ts'

interface Built {
  name: string
  lines: string[]
}

/** A log of `sizes.length` segments with so many records each, as the writer makes it. */
function build(sizes: readonly number[], log = 'log-1'): Built[] {
  let head: Head = { log, segment: 0, sequence: 1, hash: GENESIS }
  return sizes.map((size) => {
    const header = sealHeader(head, 1)
    head = header.head
    const name = segmentName(head.segment, head.sequence)
    const lines = [header.line]
    for (let each = 0; each < size; each++) {
      const sealed = sealRecord(head, recordMembers(decision(`id-${head.sequence}`)))
      lines.push(sealed.line)
      head = sealed.head
    }
    return { name, lines }
  })
}

const bytes = (built: readonly Built[]): { name: string; bytes: Buffer }[] =>
  built.map(({ name, lines }) => ({ name, bytes: Buffer.from(lines.join(''), 'latin1') }))

function verify(built: readonly Built[], options: VerifyOptions = {}): Promise<VerifyReport> {
  return verifySegments(asSegments(bytes(built)), options)
}

/** Changes a log by hand and tells what each verifier says. */
async function after(
  change: (log: Built[]) => void,
  sizes = [4, 3, 3],
): Promise<[string | undefined, boolean]> {
  const log = build(sizes)
  change(log)
  const { failure } = await verify(log)
  return [failure?.kind, verifyAgain(bytes(log)) === 'ok']
}

const at = (log: Built[], segment: number): Built => log[segment] ?? { name: '', lines: [] }

describe('verifySegments', () => {
  it('R53: passes a whole log and says where it stands', async () => {
    const log = build([4, 3, 3])
    const progress: number[] = []

    const report = await verify(log, { onProgress: (read) => progress.push(read) })

    expect(report).toMatchObject({
      failure: undefined,
      segments: 3,
      records: 10,
      firstSegment: 1,
      end: 'open',
    })
    expect(report.head).toMatchObject({ log: 'log-1', segment: 3, sequence: 11 })
    expect(progress.at(-1)).toBe(report.bytes)
    expect(verifyAgain(bytes(log))).toBe('ok')
  })

  it('passes an empty folder', async () => {
    expect(await verify([])).toMatchObject({ failure: undefined, segments: 0, head: undefined })
  })

  it('passes a log whose oldest segments were taken away, and says so', async () => {
    const log = build([4, 3, 3]).slice(1)

    expect(await verify(log)).toMatchObject({ failure: undefined, firstSegment: 2, records: 6 })
    expect(verifyAgain(bytes(log))).toBe('ok')
  })

  it.each<[string, string, (log: Built[]) => void]>([
    [
      'a changed word',
      'edit',
      (log) => at(log, 0).lines.splice(2, 1, (at(log, 0).lines[2] ?? '').replace('permit', 'forbid')),
    ],
    ['a record sealed anew', 'edit', (log) => at(log, 0).lines.splice(2, 1, forged(at(log, 0).lines, 2))],
    [
      'a line of another log',
      'edit',
      (log) => at(log, 0).lines.splice(2, 1, at(build([4], 'log-2'), 0).lines[2] ?? ''),
    ],
    ['a missing record', 'cut', (log) => at(log, 0).lines.splice(2, 1)],
    ['records cut off the end of a segment', 'cut', (log) => at(log, 0).lines.splice(3, 2)],
    [
      'two records in the other order',
      'reorder',
      (log) => at(log, 1).lines.push(...at(log, 1).lines.splice(1, 1)),
    ],
    [
      'a record that stands twice',
      'duplicate',
      (log) => at(log, 0).lines.splice(3, 0, at(log, 0).lines[2] ?? ''),
    ],
    ['a missing segment', 'missing-segment', (log) => log.splice(1, 1)],
    [
      'a segment under the name of another',
      'edit',
      (log) => Object.assign(at(log, 1), { name: 'audit-00000007-5.jsonl' }),
    ],
    ['a segment that stands twice', 'edit', (log) => log.splice(1, 0, at(log, 0))],
    ['a missing header', 'edit', (log) => at(log, 1).lines.shift()],
    ['a header among the records', 'edit', (log) => at(log, 0).lines.splice(2, 0, at(log, 1).lines[0] ?? '')],
    ['a segment of another log', 'edit', (log) => log.splice(1, 1, at(build([4, 3], 'log-2'), 1))],
    ['an empty segment', 'edit', (log) => Object.assign(at(log, 1), { lines: [] })],
    [
      'a first segment that begins later',
      'cut',
      (log) => Object.assign(at(log, 0), { lines: [laterFirst()] }),
    ],
    [
      'line ends of another system',
      'edit',
      (log) =>
        Object.assign(at(log, 0), { lines: at(log, 0).lines.map((line) => line.replace('\n', '\r\n')) }),
    ],
    ['a torn line that no mark names', 'torn-unmarked', (log) => at(log, 0).lines.push('{"seq":5,')],
    [
      'a torn line before an empty segment',
      'torn-unmarked',
      (log) => {
        at(log, 1).lines.push('{"seq":8,')
        at(log, 2).lines.splice(1)
      },
    ],
  ])('R53: finds %s', async (_, kind, change) => {
    const [found, wholeAgain] = await after(change)

    expect(found).toBe(kind)
    expect(wholeAgain).toBe(false)
  })

  it('finds a segment made anew, that does not follow from the one before', async () => {
    const [first] = build([4])
    const second = { name: segmentName(2, 5), lines: [sealHeader(forged4, 1).line] }
    const log = first === undefined ? [] : [first, second]

    expect((await verify(log)).failure).toMatchObject({ kind: 'edit', segment: second.name, offset: 0 })
  })

  it('finds a segment that follows, and says that it is of another log', async () => {
    const { head } = await verify(build([4]))
    const header = sealHeader({ ...(head ?? forged4), log: 'log-2' }, 1)
    const log = [...build([4]), { name: segmentName(2, 5), lines: [header.line] }]

    expect((await verify(log)).failure).toMatchObject({ kind: 'edit', offset: 0 })
  })

  it('finds that the torn bytes which a mark names are gone', async () => {
    const log = build([4])
    const { head } = await verify(log)
    const header = sealHeader(head ?? forged4, 1)
    const torn = { segment: 1, offset: 9_999, bytes: 3, digest: 'x' }
    const mark = sealRecord(header.head, recordMembers({ kind: 'log', event: 'torn', atMs: 1, detail: torn }))
    log.push({ name: segmentName(2, 5), lines: [header.line, mark.line] })

    expect((await verify(log)).failure).toMatchObject({ kind: 'cut', sequence: 5 })
    expect((await verify(log.slice(1))).failure).toBeUndefined()
  })

  it('R45: gives up on a line without end', async () => {
    const log = build([4])
    at(log, 0).lines.push('x'.repeat(400_000))

    expect((await verify(log)).failure).toMatchObject({ kind: 'edit', sequence: 5 })
  })

  it('names the place of what it found', async () => {
    const log = build([4])
    const [header = '', first = ''] = at(log, 0).lines
    at(log, 0).lines.splice(2, 1)

    expect((await verify(log)).failure).toEqual({
      kind: 'cut',
      segment: 'audit-00000001-1.jsonl',
      offset: header.length + first.length,
      sequence: 2,
      detail: 'records 2 to 2 are missing',
    })
  })

  it('finds a cut end only by an anchor', async () => {
    const whole = await verify(build([4, 3]))
    const head = whole.head ?? { sequence: 0, hash: '' }
    const anchor = { sequence: head.sequence - 1, hash: head.hash }

    expect((await verify(build([4, 2]))).failure).toBeUndefined()
    expect((await verify(build([4, 2]), { anchor })).failure?.kind).toBe('cut')
    expect((await verify(build([4, 3]), { anchor })).failure).toBeUndefined()
  })

  it('passes a torn end, and says so', async () => {
    const log = build([2])
    at(log, 0).lines.push('{"seq":3,"prev"')

    expect(await verify(log)).toMatchObject({ failure: undefined, end: 'torn', records: 2 })
  })
})

describe('Tally', () => {
  const line = (members: string): string => `{"seq":1,"prev":"x",${members}`

  it('takes decisions without an outcome for open, not for failures', () => {
    const tally = new Tally()
    tally.add(line(recordMembers(decision('a'))))
    tally.add(line(recordMembers(decision('b'))))
    tally.add(line(recordMembers(outcome('a'))))

    expect(tally.counts()).toMatchObject({ decisions: 2, outcomes: 1, open: 1, unpaired: 0 })
  })

  it('counts an outcome whose decision was taken away', () => {
    const tally = new Tally()
    tally.add(line(recordMembers(outcome('a'))))

    expect(tally.counts()).toMatchObject({ unpaired: 1, open: 0 })
  })

  it('pairs nothing across a restart', () => {
    const tally = new Tally()
    tally.add(line(recordMembers(decision('a'))))
    tally.add(line(recordMembers({ kind: 'log', event: 'opened', atMs: 1, detail: {} })))
    tally.add(line(recordMembers(outcome('a'))))

    expect(tally.counts()).toMatchObject({ open: 1, unpaired: 1 })
  })

  it('R45: holds a bounded number of open decisions', () => {
    const tally = new Tally(5)
    for (let each = 0; each < 20; each++) tally.add(`{"seq":1,"prev":"x","kind":"decision","id":"${each}"`)
    tally.add(line(recordMembers(outcome('0'))))
    tally.add(line(recordMembers(outcome('19'))))

    expect(tally.counts()).toMatchObject({ open: 19, unpaired: 1 })
  })
})

const forged4: Head = { log: 'log-1', segment: 1, sequence: 5, hash: GENESIS }

/** The record at `index`, changed, with a hash of its own that is right. */
function forged(lines: readonly string[], index: number): string {
  const record = JSON.parse(lines[index] ?? '') as { seq: number; prev: string }
  const head = { log: '', segment: 1, sequence: record.seq, hash: record.prev }
  return sealRecord(head, recordMembers(decision('forged'))).line
}

/** A header of segment 1 as if its first records had been before it. */
function laterFirst(): string {
  return sealHeader({ log: 'log-1', segment: 0, sequence: 3, hash: GENESIS }, 1).line
}
