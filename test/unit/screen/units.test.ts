import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { once } from '../../../src/screen/once.ts'
import { tableOf, textOf, unitsOf } from '../../../src/screen/units.ts'

const text = fc.string({ unit: 'binary', maxLength: 40 })

describe('units of a text', () => {
  it('are its code units, broken surrogates too, and a zero', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.constantFrom('\ud800', 'a\udc00b', '')), (text) => {
        const units = unitsOf(text)

        const expected = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at))
        expect([...units.subarray(0, text.length + 1)]).toEqual([...expected, 0])
      }),
    )
  })

  it.each([65_535, 65_536, 200_000])('are all there of a text of %i', (length) => {
    const units = unitsOf('x'.repeat(length))

    expect([units[0], units[length - 1], units[length]]).toEqual([0x78, 0x78, 0])
  })

  it('of a short text end before what a longer one left behind', () => {
    unitsOf('a long text')

    expect([...unitsOf('ab').subarray(0, 3)]).toEqual([0x61, 0x62, 0])
  })
})

describe('a text of units', () => {
  it('says what was written, broken surrogates too', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.constantFrom('\ud800', 'a\udc00b', '')), (text) => {
        const copied = textOf(text.length, (units) => {
          for (let at = 0; at < text.length; at++) units[at] = text.charCodeAt(at)
          return text.length
        })

        expect(copied).toBe(text)
      }),
    )
  })

  it('may be as long as it is said to become, and shorter', () => {
    expect(textOf(100_000, (units) => units.fill(0x78).length)).toHaveLength(100_000)
    expect(textOf(100_000, () => 0)).toBe('')
  })
})

it('a table holds what its pattern matches, of ASCII alone', () => {
  const table = tableOf(/[k\d]/iu)

  expect(table).toHaveLength(0x1_0000)
  expect(['k', 'K', '7', 'j', '\u212a'].map((char) => table[char.charCodeAt(0)])).toEqual([1, 1, 1, 0, 0])
})

describe('once', () => {
  it('works out each text anew but the last', () => {
    const asked: string[] = []
    const lengthOf = once((text) => (asked.push(text), text.length))

    const lengths = ['ab', 'ab', 'abc', 'ab', '', ''].map(lengthOf)

    expect(lengths).toEqual([2, 2, 3, 2, 0, 0])
    expect(asked).toEqual(['', 'ab', 'abc', 'ab', ''])
  })

  it('keeps nothing of a text that it could not work out', () => {
    const picky = once((text) => {
      if (text === 'bad') throw new RangeError(text)
      return text
    })

    expect(() => picky('bad')).toThrow(RangeError)
    expect(() => picky('bad')).toThrow(RangeError)
    expect(picky('good')).toBe('good')
  })
})
