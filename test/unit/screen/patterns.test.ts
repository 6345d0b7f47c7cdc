import { readdirSync, readFileSync } from 'node:fs'
import { check } from 'recheck'
import { describe, expect, it } from 'vitest'
import { patterns } from '../../../src/screen/signatures/match.ts'
import { signatures } from '../../../src/screen/signatures/index.ts'

const folder = new URL('../../../src/screen/', import.meta.url).pathname
const LITERAL = /(?<=[=(,:?&|] |[(\n,] *)\/(?![/*])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+)\/([a-z]*)/g

/** Regular expressions as they stand in the source. */
const literals = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) =>
    [...readFileSync(folder + file, 'utf8').matchAll(LITERAL)].map(
      ([, source = '', flags = '']) => [file, source, flags] as const,
    ),
  )

describe('no pattern is slower than linear', () => {
  it('among all of them', () => {
    expect(literals.length).toBeGreaterThan(25)
    expect(patterns.length).toBe(signatures.length)
  })

  it.each(literals)('in %s: /%s/%s', { timeout: 60_000 }, async (_, source, flags) => {
    expect((await check(source, flags)).status).toBe('safe')
  })

  // They read a bounded stretch from where they begin; recheck is asked as if they were searched for everywhere.
  it('among signatures, which repeat nothing without end', () => {
    for (const { rule, pattern } of patterns) {
      const bare = pattern.source.replace(/\\./g, '').replace(/\[[^\]]*\]/g, 'x')

      expect([rule, /[*+]|\{\d+,\}/.test(bare)]).toEqual([rule, false])
    }
  })

  it('among signatures, says recheck', { timeout: 300_000 }, async () => {
    for (const { rule, pattern } of patterns) {
      expect([rule, (await check(pattern.source, 'y')).status]).toEqual([rule, 'safe'])
    }
  })
})
