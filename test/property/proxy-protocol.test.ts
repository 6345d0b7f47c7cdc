import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isIP } from 'node:net'
import { HEADER_BYTES_MAX, parseProxyHeader } from '../../src/listener/proxy-protocol.ts'
import { header2 } from '../fixtures/proxy-header.ts'

const bytes = (max = 200) => fc.uint8Array({ maxLength: max }).map((array) => Buffer.from(array))
const port = fc.integer({ min: 0, max: 65_535 })

describe('the PROXY header', () => {
  it('never throws, never claims more bytes than there are, never names what is no address', () => {
    const prefix = fc.constantFrom(
      '',
      'PROXY ',
      'PROXY TCP4 ',
      'PROXY TCP6 ::1 ',
      '\r\n\r\n\0\r\nQUIT\n!\x11',
    )

    fc.assert(
      fc.property(prefix, bytes(), (start, rest) => {
        const input = Buffer.concat([Buffer.from(start, 'latin1'), rest])

        const parsed = parseProxyHeader(input)

        if (parsed.kind !== 'header') return
        expect(parsed.bytes).toBeLessThanOrEqual(input.length)
        expect(isIP(parsed.source ?? '::')).toBeGreaterThan(0)
      }),
      { numRuns: 2_000 },
    )
  })

  it('of version 1 says the same however it is cut, and whatever follows', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), port, bytes(), (source, destination, number, rest) => {
        const line = Buffer.from(`PROXY TCP4 ${source} ${destination} ${number} ${number}\r\n`)

        const parsed = parseProxyHeader(Buffer.concat([line, rest]))

        expect(parsed).toEqual({ kind: 'header', bytes: line.length, source })
        for (let cut = 0; cut < line.length; cut++)
          expect(parseProxyHeader(line.subarray(0, cut)).kind).toBe('incomplete')
      }),
      { numRuns: 200 },
    )
  })

  it('of version 2 gives back the address that went in, with any TLVs', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 12 }), bytes(500), (addresses, tlvs) => {
        const header = header2(0x21, 0x11, Buffer.concat([addresses, tlvs]))

        const parsed = parseProxyHeader(header)

        expect(parsed).toEqual({
          kind: 'header',
          bytes: header.length,
          source: [...addresses.subarray(0, 4)].join('.'),
        })
      }),
    )
  })

  it('is never waited for beyond its bound', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: HEADER_BYTES_MAX, maxLength: HEADER_BYTES_MAX + 50 }),
        (array) => {
          for (const start of ['PROXY ', '\r\n\r\n\0\r\nQUIT\n\x21\x11']) {
            const input = Buffer.concat([Buffer.from(start, 'latin1'), array])

            expect(parseProxyHeader(input).kind).not.toBe('incomplete')
          }
        },
      ),
      { numRuns: 50 },
    )
  })
})
