import * as fc from 'fast-check'
import { stringify } from 'yaml'
import { describe, expect, it } from 'vitest'
import { ConfigErrors } from '../../src/config/errors.ts'
import { readConfigText } from '../../src/config/load.ts'
import { configurationSchema } from '../../src/config/schema.ts'
import { GOOD } from '../fixtures/config.ts'

const KEYS = [...JSON.stringify(configurationSchema()).matchAll(/"([a-z_]+)":\{/g)].map(
  (match) => match[1] ?? '',
)

/** What a load ends in: `loaded`, the errors, or something that must not be. */
function ending(text: string): string {
  try {
    readConfigText('/nowhere/x.yaml', text, { template: true, env: {}, nowMs: 0 })
    return 'loaded'
  } catch (fault) {
    if (!(fault instanceof ConfigErrors)) return `thrown: ${String(fault)}`
    const sound = fault.errors.every(
      ({ line, column, message, hint }) => line > 0 && column > 0 && message !== '' && hint !== '',
    )
    return fault.errors.length > 0 && sound ? 'refused' : `unsound: ${fault.message}`
  }
}

const SANE = /^(?:loaded|refused)$/

describe('loading', () => {
  it('ends in a configuration or in errors, whatever the text', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 200 })

    fc.assert(
      fc.property(texts, (text) => {
        expect(ending(text)).toMatch(SANE)
      }),
      { numRuns: 300 },
    )
  })

  it('does so for text of the characters that mean something in YAML', () => {
    const words = [': ', '- ', '\n  ', '<<', '---\n', ...Array.from('[]{}:,-?&*!|>\'"%@`#\n\t ab1')]
    const texts = fc.string({ unit: fc.constantFrom(...words), maxLength: 60 })

    fc.assert(
      fc.property(texts, (text) => {
        expect(ending(text)).toMatch(SANE)
      }),
      { numRuns: 1_000 },
    )
  })

  it('does so for any values under the names of settings', () => {
    const scalar = fc.oneof(fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null))
    const tree = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalar, tie('list'), tie('map')),
      list: fc.array(tie('value'), { maxLength: 3 }),
      map: fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 6 }),
    })).map

    fc.assert(
      fc.property(tree, (value) => {
        expect(ending(stringify(value))).toMatch(SANE)
      }),
      { numRuns: 200 },
    )
  })

  it('does so for a good file with a piece put in or taken out', () => {
    const place = fc.nat({ max: GOOD.length })
    const piece = fc.string({ unit: 'grapheme-ascii', maxLength: 8 })

    fc.assert(
      fc.property(place, fc.nat({ max: 8 }), piece, (at, gone, put) => {
        const text = GOOD.slice(0, at) + put + GOOD.slice(at + gone)

        expect(ending(text)).toMatch(SANE)
      }),
      { numRuns: 600 },
    )
  })

  it('takes the good file itself', () => {
    expect(ending(GOOD)).toBe('loaded')
  })
})
