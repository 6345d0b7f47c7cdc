import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { GENESIS, type Head, sealHeader, sealRecord } from '../../src/audit/chain.ts'
import { recordMembers } from '../../src/audit/format.ts'
import { verifyLog } from '../../src/audit/read.ts'
import { segmentName, segmentNames } from '../../src/audit/segment-name.ts'
import { verifySegments } from '../../src/audit/verify.ts'
import { openAuditLog } from '../../src/audit/writer.ts'
import { silentObserver } from '../../src/core/events.ts'
import { asSegments, auditConfig, decision, TurnedClock } from '../fixtures/audit.ts'
import { verifyAgain } from '../fixtures/audit-verifier.ts'

interface Part {
  name: string
  bytes: Buffer
}

/** Three segments; the last one ends cleanly, so that its end too is covered by the anchor. */
function build(): { parts: Part[]; head: Head } {
  let head: Head = { log: 'log-1', segment: 0, sequence: 1, hash: GENESIS }
  const parts = [4, 3, 3].map((size) => {
    const header = sealHeader(head, 1)
    head = header.head
    const name = segmentName(head.segment, head.sequence)
    let lines = header.line
    for (let each = 0; each < size; each++) {
      const sealed = sealRecord(head, recordMembers(decision(`id-${head.sequence}`)))
      lines += sealed.line
      head = sealed.head
    }
    return { name, bytes: Buffer.from(lines, 'latin1') }
  })
  return { parts, head }
}

const { parts: WHOLE, head: HEAD } = build()
const ANCHOR = { sequence: HEAD.sequence - 1, hash: HEAD.hash }

const verdict = async (parts: readonly Part[]): Promise<string | undefined> =>
  (await verifySegments(asSegments(parts, 997), { anchor: ANCHOR })).failure?.kind

const place = fc.record({ part: fc.nat(2), at: fc.nat(100_000) })

function changed(part: number, change: (bytes: Buffer) => Buffer): Part[] {
  return WHOLE.map(({ name, bytes }, index) => ({
    name,
    bytes: index === part ? change(Buffer.from(bytes)) : bytes,
  }))
}

describe('R53: with an anchor at its end, a log', () => {
  it('is whole as it was written', async () => {
    expect(await verdict(WHOLE)).toBeUndefined()
  })

  it('shows any flipped bit', async () => {
    await fc.assert(
      fc.asyncProperty(place, fc.nat(7), async ({ part, at }, bit) => {
        const parts = changed(part, (bytes) => {
          const index = at % bytes.length
          bytes.writeUInt8(bytes.readUInt8(index) ^ (1 << bit), index)
          return bytes
        })

        expect(await verdict(parts)).toBeDefined()
      }),
      { numRuns: 500 },
    )
  })

  it('shows any bytes cut out or put in', async () => {
    const insert = fc.uint8Array({ minLength: 1, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(
        place,
        fc.integer({ min: 1, max: 3_000 }),
        insert,
        async ({ part, at }, length, extra) => {
          const cut = changed(part, (bytes) => {
            const index = at % bytes.length
            return Buffer.concat([bytes.subarray(0, index), bytes.subarray(index + length)])
          })
          // Bytes behind the last line of all are a torn end: no record of the log is touched.
          const put = changed(part, (bytes) => {
            const index = at % bytes.length
            return Buffer.concat([bytes.subarray(0, index), extra, bytes.subarray(index)])
          })

          expect(await verdict(cut)).toBeDefined()
          expect(await verdict(put)).toBeDefined()
        },
      ),
      { numRuns: 300 },
    )
  })

  it('shows lines in any other order, left out or standing twice', async () => {
    const lines = WHOLE.map(({ bytes }) => bytes.toString('latin1').split(/(?<=\n)/))
    const orders = fc.tuple(...lines.map((each) => fc.array(fc.nat(each.length - 1), { maxLength: 8 })))
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        const parts = WHOLE.map(({ name }, part) => {
          const picked = order[part]?.map((index) => lines[part]?.[index] ?? '') ?? []
          return { name, bytes: Buffer.from(picked.join(''), 'latin1') }
        })
        const same = parts.every(({ bytes }, index) => bytes.equals(WHOLE[index]?.bytes ?? Buffer.alloc(0)))

        expect((await verdict(parts)) === undefined).toBe(same)
      }),
      { numRuns: 300 },
    )
  })

  it('is judged alike by the second verifier, but for the anchor', async () => {
    await fc.assert(
      fc.asyncProperty(place, fc.nat(255), async ({ part, at }, byte) => {
        const parts = changed(part, (bytes) => {
          bytes.writeUInt8(byte, at % bytes.length)
          return bytes
        })
        const { failure } = await verifySegments(asSegments(parts, 997))

        expect(verifyAgain(parts) === 'ok').toBe(failure === undefined)
      }),
      { numRuns: 300 },
    )
  })
})

describe('F7: cut anywhere behind its header, or with anything behind its last line', () => {
  it('the log goes on with a whole chain, its old bytes untouched', async () => {
    const clock = new TurnedClock()
    // No LF: a torn write is a piece of one line.
    const garbage = fc.uint8Array({ maxLength: 60 }).map((bytes) => bytes.filter((byte) => byte !== 10))
    await fc.assert(
      fc.asyncProperty(fc.nat(100_000), garbage, async (cut, extra) => {
        const dir = mkdtempSync(join(tmpdir(), 'sallyport-torn-'))
        const log = await openAuditLog(auditConfig(dir), { clock, observer: silentObserver })
        for (const id of ['a', 'b', 'c']) await log.decision(decision(id))
        await log.close()
        const [name = ''] = segmentNames(readdirSync(dir))
        const bytes = readFileSync(join(dir, name))
        const header = bytes.indexOf(10) + 1
        truncateSync(join(dir, name), header + (cut % (bytes.length - header + 1)))
        appendFileSync(join(dir, name), extra)
        const left = readFileSync(join(dir, name))

        await (await openAuditLog(auditConfig(dir), { clock, observer: silentObserver })).close()

        const torn = left.at(-1) === 10 ? 0 : 1
        expect(await verifyLog(dir)).toMatchObject({ failure: undefined, tornMarked: torn, end: 'closed' })
        expect(readFileSync(join(dir, name))).toEqual(left)
        rmSync(dir, { recursive: true })
      }),
      { numRuns: 60 },
    )
  })
})
