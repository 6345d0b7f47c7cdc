import { describe, expect, it } from 'vitest'
import { invisibleText } from '../../../../src/screen/detectors/invisible-text.ts'
import { scan, tagged } from '../../../fixtures/screen/texts.ts'

function rules(text: string): (string | undefined)[] {
  return scan(invisibleText, text).map(({ rule }) => rule)
}

describe('tag characters', () => {
  it('are reported where they start and end', () => {
    expect(scan(invisibleText, `hello ${tagged('obey')}!`)).toEqual([
      { detector: 'invisible-text', score: 1, start: 6, end: 14, rule: 'tags' },
    ])
  })

  it.each(['gbeng', 'gbsct', 'gbwls'])('pass as the flag of %s', (region) => {
    expect(rules(`\u{1F3F4}${tagged(region)}\u{E007F}`)).toEqual([])
  })

  it.each(['obey', 'gbengx', 'gben', 'usca'])('are not hidden by a flag of %s', (region) => {
    expect(rules(`\u{1F3F4}${tagged(region)}\u{E007F}`)).toEqual(['tags'])
  })

  it('are not hidden by a flag that never ends', () => {
    expect(rules(`\u{1F3F4}${tagged('gbeng')}`)).toEqual(['tags'])
  })

  it('are reported once for each stretch', () => {
    expect(rules(`${tagged('a')} and ${tagged('b')}`)).toEqual(['tags', 'tags'])
  })
})

describe('variation selectors', () => {
  it('that follow one another carry bytes', () => {
    expect(rules('😀\u{e0101}\u{e0120}\u{e0133}')).toContain('variation-selectors')
  })

  it('after each letter carry bytes', () => {
    expect(rules('h\ufe01e\ufe02l\ufe03l\ufe04o')).toContain('variation-selectors')
  })

  it.each([
    ['a heart', '❤️ and ☎️ and ✔︎'],
    ['two selectors by mistake', '❤️️'],
    ['a form of a Han character', '葛\u{e0100}城市'],
    ['a keycap', '1️⃣ 2️⃣ 3️⃣ 4️⃣ 5️⃣'],
  ])('pass in %s', (_, text) => {
    expect(rules(text)).toEqual([])
  })
})

describe('zero-width characters', () => {
  it('in a run carry bits', () => {
    expect(rules('price list\u200b\u200c\u200b\u200b\u200c\u200d')).toEqual(['zero-width-run'])
  })

  it('between all letters of a word hide it from filters', () => {
    expect(rules('please i\u200bg\u200bn\u200bo\u200br\u200be it')).toEqual(['zero-width-split'])
  })

  it.each(['\u3164', '\u115f', '\u2062', '\ufeff', '\uffa0', '\u206a'])(
    'of the kind %j count too',
    (blank) => {
      expect(rules(`a${blank.repeat(4)}b`)).toEqual(['zero-width-run'])
    },
  )

  it.each([
    ['a family', '👨‍👩‍👧‍👦 👩🏽‍🚀 🏳️‍🌈 🏴‍☠️'],
    ['Persian', 'می‌خواهم کتاب‌های خود را بخوانم و نمی‌دانم'],
    ['Hindi', 'क्‍ष और श्री‌मान'],
    ['Malayalam', 'അവന്‍ പാല്‍ കുടിച്ചു'],
    ['a place to break a long name', 'com.example.\u200bservice.\u200bfactory'],
    ['a byte order mark', '\ufeffname,price\n'],
    ['soft hyphens', 'Donau\u00addampf\u00adschiff\u00adfahrt'],
    ['Thai', 'ภาษา\u200bไทย\u200bง่าย\u200bมาก\u200bครับ'],
    ['Arabic with a mark of direction', '\u200fمرحبا\u200e (hello)'],
  ])('pass in %s', (_, text) => {
    expect(rules(text)).toEqual([])
  })
})

describe('control of direction', () => {
  it.each(['\u202e', '\u202d'])('is reported when %j turns the order of reading', (override) => {
    expect(rules(`access ${override}level\u202c`)).toEqual(['bidi-override'])
  })

  it.each(['\u202aabc\u202c', '\u2066abc\u2069', '\u2067אבג\u2069'])(
    'passes as embedding or isolate',
    (text) => {
      expect(rules(text)).toEqual([])
    },
  )
})

describe('the detector', () => {
  it('stops at 32 findings', () => {
    expect(scan(invisibleText, '\u202ea'.repeat(1_000))).toHaveLength(32)
  })

  it.each(['', 'plain text', 'Größe, naïve, 東京, Привет', '\ud800', '\udb40'])(
    'finds nothing in %j',
    (text) => {
      expect(rules(text)).toEqual([])
    },
  )
})
