import { describe, expect, it } from 'vitest'
import { foldPattern, normalise, offsetsOf } from '../../../src/screen/normalise.ts'
import { tagged } from '../../fixtures/screen/texts.ts'

describe('normalise', () => {
  it.each([
    ['case', 'IgNoRe', 'ignore'],
    ['full width', 'ｉｇｎｏｒｅ', 'ignore'],
    ['mathematical letters', '𝐢𝗴𝘯𝙤𝚛𝖊 𝒾𝓰𝔫𝕠', 'ignore igno'],
    ['circled letters', 'ⓘⓖⓝⓞⓡⓔ', 'ignore'],
    ['letters of flags', '🇮🇬🇳🇴🇷🇪', 'ignore'],
    ['squared letters', '🅸🅶🅽🅾🆁🅴', 'ignore'],
    ['Cyrillic', 'іgnоrе', 'ignore'],
    ['Cyrillic capitals', 'РRЕVІОUЅ', 'previous'],
    ['Greek', 'ρrενiουs', 'previous'],
    ['accents', 'ïgnörè', 'ignore'],
    ['loose accents', 'i\u0308gno\u0308re\u0300', 'ignore'],
    ['zero width', 'ig\u200bno\u200dre\ufeff', 'ignore'],
    ['soft hyphens', 'ig\u00adnore', 'ignore'],
    ['tags', `ignore${tagged('x')}`, 'ignore'],
    ['selectors', 'i\ufe0fg\u{e0100}nore', 'ignore'],
    ['directions', '\u202eignore\u202c', 'ignore'],
    ['control characters', 'ig\0no\x1bre', 'ignore'],
    ['white space', 'ignore \t\r\n\n all\u3000\u2003\u00a0it', 'ignore all it'],
    ['invisible between spaces', 'a \u200b b', 'a b'],
    ['a control between spaces', 'a \0 b', 'a b'],
    ['quotation marks', '“ignore” ‘it’', '"ignore" \'it\''],
    ['ligatures', 'oﬃce', 'office'],
    ['sharp s', 'GROẞE große', 'grosse grosse'],
  ])('folds %s', (_, text, folded) => {
    expect(normalise(text)).toBe(folded)
  })

  it.each(['', 'a', ' ', '\0', '\ud800', '\udfff', 'x\ud83d'])('takes %j', (text) => {
    expect(normalise(text).length).toBeLessThanOrEqual(text.length)
  })

  it.each(['Größe à côté', '한국어 지시를', 'がぎぐげご', 'فَتَجَاهَلْ', 'नुक़्ता', 'йёї'])(
    'gives the same for all normal forms of %s',
    (text) => {
      const forms = (['NFC', 'NFD', 'NFKC', 'NFKD'] as const).map((form) => normalise(text.normalize(form)))

      expect(new Set(forms).size).toBe(1)
    },
  )

  it('makes no text more than four times as long', () => {
    expect(normalise('\ufdfa'.repeat(100)).length).toBeLessThanOrEqual(400)
  })

  it('agrees with itself on ASCII, whichever way it goes', () => {
    const text = '  A\tb\0\r\nc  \x7fD '

    expect(normalise(`${text}é`)).toBe(`${normalise(text)}e`)
  })
})

describe('normalise, whatever stood before', () => {
  it('keeps backticks among ASCII, for code is not quoted', () => {
    expect([normalise('a `b`\n'), normalise('a `b` é')]).toEqual(['a `b` ', "a 'b' e"])
  })

  it.each(['\ufdfa x', '\ufdfa  x', '\u00a8 x', 'x\ud800 \udc00', '\u{e0020} \u{1f1e6} a'])(
    'has a place for each unit of %j',
    (text) => {
      normalise('something else, and longer than that')

      expect(offsetsOf(text)).toHaveLength(normalise(text).length + 1)
      expect(normalise(text)).toBe(normalise(`\u200b${text}`))
    },
  )

  it('folds the longest piece of what grows most', () => {
    expect(normalise('\ufdfb'.repeat(8_193))).toHaveLength(4 * 8_193)
  })
})

describe('foldPattern', () => {
  it('folds letters and leaves the pattern', () => {
    expect(foldPattern('игнорируй(?:те)? [^ .]{1,16}')).toBe(
      `${normalise('игнорируй')}(?:${normalise('те')})? [^ .]{1,16}`,
    )
  })
})

describe('offsetsOf', () => {
  it.each(['plain', ' a  b ', 'і\u200bgnоrе', 'a\0\n\tb', 'ﬃ x', '😀🅸b', '한글', 'é\u0301x'])(
    'has one place for each unit of the folded text of %j, and the end',
    (text) => {
      const offsets = [...offsetsOf(text)]

      expect(offsets).toHaveLength(normalise(text).length + 1)
      expect(offsets.at(-1)).toBe(text.length)
      expect(offsets.toSorted((a, b) => a - b)).toEqual(offsets)
    },
  )

  it('tells where a folded unit came from', () => {
    const text = 'x\u200b  \u{1d5f6}gnore'

    const at = normalise(text).indexOf('ignore')

    expect(offsetsOf(text)[at]).toBe(text.indexOf('\u{1d5f6}'))
  })
})
