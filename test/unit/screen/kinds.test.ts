import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BACKWARDS, KIND, kindsOf, ROTATED } from '../../../src/screen/kinds.ts'

const words = [...ROTATED, ...BACKWARDS]

function holds(text: string, kind: keyof typeof KIND): boolean {
  return (kindsOf(text) & KIND[kind]) !== 0
}

describe('kinds of a text', () => {
  it.each([
    ['lower', 'aZ', 'A1'],
    ['upper', 'aZ', 'a1'],
    ['digit', 'a@', 'a8'],
    ['percent', '%', '$'],
    ['plus', 'a+', 'a-'],
    ['ampersand', 'a&b', 'a b'],
    ['backslash', 'a\\', 'a/'],
    ['space', 'a ', 'a\n'],
    ['control', 'a\t', 'a '],
    ['control', '\x7f', '~'],
    ['wide', 'aé', 'ae'],
    ['wide', '\x80', '\x7f'],
    ['changesCase', 'iPhone', 'Phone'],
    ['changesCase', 'iP', 'i P'],
    ['changesCase', ' iP', 'PHONEi'],
    ['spaces', 'a  b', 'a b c'],
    ['spaces', '  ', ' '],
  ] as const)('know %s: %j, not %j', (kind, text, other) => {
    expect([holds(text, kind), holds(other, kind)]).toEqual([true, false])
  })

  it('are those of all of its pieces, and of the seams', () => {
    const piece = fc.constantFrom('a', 'B', ' ', '1', '%', '\n', 'é', '.', '\\')
    const one = (text: string, at: number): number => kindsOf(text.slice(at, at + 2))

    fc.assert(
      fc.property(fc.array(piece, { minLength: 2, maxLength: 9 }), (pieces) => {
        const text = pieces.join('')

        const seams = Array.from({ length: text.length - 1 }, (_, at) => one(text, at))

        expect(kindsOf(text)).toBe(seams.reduce((all, kinds) => all | kinds, 0))
      }),
    )
  })

  it('of nothing are none', () => {
    expect(kindsOf('')).toBe(0)
  })
})

describe('a word of an attack in disguise', () => {
  it.each(words)('is seen wherever it stands, in either case: %s', (word) => {
    for (const before of ['', 'x', 'xy', 'the ', '. an ']) {
      for (const text of [word, word.toUpperCase(), `${word}s and more`]) {
        expect([before + text, holds(before + text, 'disguise')]).toEqual([before + text, true])
      }
    }
  })

  it.each(words)('is not seen in the letters alone that tell of it: %s', (word, five) => {
    expect(word).toContain(five)
    expect([holds(five, 'disguise'), holds(`${five} ${five}`, 'disguise')]).toEqual([false, false])
  })

  it('is taken for granted where too much looks like one to look at each', () => {
    expect([holds('vtabe '.repeat(3), 'disguise'), holds('vtabe '.repeat(50), 'disguise')]).toEqual([
      false,
      true,
    ])
  })

  it.each(words)('is seen behind much that looks like one: %s', (word, five) => {
    expect(holds(`${five} x `.repeat(20) + word, 'disguise')).toBe(true)
  })
})
