import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalise } from '../../src/screen/normalise.ts'
import { screenTexts } from '../fuzz/screen.ts'
import { pairs } from '../fixtures/screen/pairs.ts'
import { rulesIn, verdictOn } from '../fixtures/screen/texts.ts'

const attack = fc.constantFrom(...pairs.filter(([rule]) => !rule.endsWith('/any')))
const invisible = fc.constantFrom('\u200b', '\u200d', '\ufeff', '\u00ad', '\u2060', '\ufe0f', '\u034f')
const ENCODERS: readonly ((text: string) => string)[] = [
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(text).toString('hex'),
  (text) => encodeURIComponent(text),
]
/** Arbitrary text, and text that is half encoded, half broken. */
const odd = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.constantFrom(
        '\ud800',
        '\udc00',
        '\udb40',
        '&#x',
        '%4',
        '\\u00',
        '&#99999999;',
        'vtaber',
        'erongi',
        '\0',
        '\u202e',
      ),
      attack.map(([, text]) => text),
      fc.tuple(attack, fc.constantFrom(...ENCODERS)).map(([[, text], encode]) => encode(text)),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''))

describe('a signature', () => {
  it('is found in every case', async () => {
    await fc.assert(
      fc.asyncProperty(attack, fc.infiniteStream(fc.boolean()), async ([rule, text], flips) => {
        const cased = [...text]
          .map((char) => (flips.next().value ? char.toUpperCase() : char.toLowerCase()))
          .join('')

        expect(await rulesIn(cased)).toContain(`injection-signature:${rule}`)
      }),
    )
  })

  it('is found in every normal form', async () => {
    await fc.assert(
      fc.asyncProperty(attack, fc.constantFrom('NFC', 'NFD', 'NFKC', 'NFKD'), async ([rule, text], form) => {
        expect(await rulesIn(text.normalize(form))).toContain(`injection-signature:${rule}`)
      }),
    )
  })

  it('is found with invisible characters anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(
        attack,
        fc.array(fc.tuple(fc.nat(200), invisible), { minLength: 1, maxLength: 12 }),
        async ([rule, text], places) => {
          const chars = [...text]
          for (const [at, char] of places) chars.splice(at % chars.length, 0, char)

          expect(await rulesIn(chars.join(''))).toContain(`injection-signature:${rule}`)
        },
      ),
    )
  })

  it('is found in full width', async () => {
    await fc.assert(
      fc.asyncProperty(attack, async ([rule, text]) => {
        const wide = text.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0))

        expect(await rulesIn(wide)).toContain(`injection-signature:${rule}`)
      }),
    )
  })
})

describe('a finding', () => {
  it('has a score and a span in range, whatever the text', async () => {
    await fc.assert(
      fc.asyncProperty(odd, async (text) => {
        const { findings, score } = await verdictOn(text)

        for (const finding of findings) {
          expect(finding.score).toBeGreaterThan(0)
          expect(finding.score).toBeLessThanOrEqual(score)
          expect(finding.start).toBeGreaterThanOrEqual(0)
          expect(finding.start).toBeLessThan(finding.end)
          expect(finding.end).toBeLessThanOrEqual(text.length)
        }
        expect(score).toBeLessThanOrEqual(1)
        expect(findings.length).toBeLessThanOrEqual(32)
      }),
      { numRuns: 300 },
    )
  })
})

describe('folding', () => {
  it('has nothing left to fold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(normalise(normalise(text))).toBe(normalise(text))
      }),
    )
  })
})

describe('an attack between broken pieces', () => {
  it('is found, plain or encoded, and its place is in range', () => {
    expect(() => screenTexts.run(2_000, 1)).not.toThrow()
  })
})
