import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonFault, readJson } from '../../src/json/read.ts'
import { json } from '../fuzz/json.ts'

const bounds = { depthMax: 64 }
const read = (text: string) => readJson(Buffer.from(text), bounds)

describe('the JSON reader against JSON.parse', () => {
  it('reads every document that JSON.stringify writes to an equal value', () => {
    const documents = fc.jsonValue({ maxDepth: 6, stringUnit: 'grapheme' })

    fc.assert(
      fc.property(documents, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent)

        expect(JSON.stringify(read(text))).toBe(JSON.stringify(JSON.parse(text)))
      }),
      { numRuns: 1_000 },
    )
  })

  it('reads numbers as JSON.parse does, signs of zero included', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer()), (value) => {
        const text = Object.is(value, -0) ? '-0' : String(value)

        expect(Object.is(read(text), JSON.parse(text))).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  it('refuses every cut document at a place within it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (value, cut) => {
        const whole = Buffer.from(JSON.stringify(value))
        const part = whole.subarray(0, cut % whole.length)

        const fault = readJson(part, bounds)

        expect(fault).toBeInstanceOf(JsonFault)
        expect((fault as JsonFault).offset).toBeLessThanOrEqual(part.length)
      }),
    )
  })

  it('refuses a member named twice however the second is written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const escaped = Array.from({ length: name.length }, (_, i) => `\\u${hex4(name.charCodeAt(i))}`).join(
          '',
        )

        const fault = read(`{${JSON.stringify(name)}:1,"${escaped}":2}`)

        expect(fault).toMatchObject({ kind: 'duplicate' })
      }),
    )
  })

  it('survives 20,000 made and broken documents', () => {
    expect(() => json.run(20_000, 7)).not.toThrow()
  })
})

function hex4(code: number): string {
  return code.toString(16).padStart(4, '0')
}
