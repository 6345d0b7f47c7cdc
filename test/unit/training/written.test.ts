import { describe, expect, it } from 'vitest'
import { written } from '../../../training/written/generate.ts'
import type { Row } from '../../../training/written/row.ts'
import { Twinless } from '../../../training/written/twinless.ts'

const rows = [...written(1)]
const attacks = rows.filter((row) => row.label === 1)
const innocent = rows.filter((row) => row.label === 0)
const grown = rows.filter((row) => row.id.startsWith('g-'))

function counts(list: readonly Row[], key: (row: Row) => string): Record<string, number> {
  const counted: Record<string, number> = {}
  for (const row of list) counted[key(row)] = (counted[key(row)] ?? 0) + 1
  return counted
}

function share(list: readonly Row[], test: (row: Row) => boolean): number {
  return list.filter(test).length / list.length
}

function wordsOf(list: readonly Row[]): number {
  return list.reduce((sum, row) => sum + row.text.split(/\s+/).length, 0) / list.length
}

const byFamily = Map.groupBy(rows, (row) => row.source)
const pairs = [...byFamily].filter(
  ([source, members]) => source.endsWith(':g') && new Set(members.map((row) => row.label)).size === 2,
)

describe('the texts written for training', () => {
  it('are the same for the same seed', () => {
    expect([...written(1)]).toEqual(rows)
  })

  it('are others for another seed, the seeds apart', () => {
    const others = [...written(2)]

    expect(others.slice(0, 5000)).toEqual(rows.slice(0, 5000))
    expect(others.at(-1)?.text).not.toBe(rows.at(-1)?.text)
  })

  it('have an id each of its own, and a text of bounded size', () => {
    expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length)
    expect(rows.filter((row) => row.text.trim() === '' || row.text.length > 20_000)).toEqual([])
  })

  it('are some twenty thousand, attacks and innocent texts roughly half and half', () => {
    expect(rows.length).toBeGreaterThan(20_000)
    expect(attacks.length / rows.length).toBeGreaterThan(0.4)
    expect(attacks.length / rows.length).toBeLessThan(0.6)
  })

  it('have enough of every kind', () => {
    const byKind = counts(rows, (row) => row.kind)

    expect(byKind).toMatchObject({ direct: expect.any(Number), jailbreak: expect.any(Number) })
    expect(Object.entries(byKind).filter(([, count]) => count < 250)).toEqual([])
    expect(Object.keys(byKind)).toHaveLength(9)
  })

  it('speak thirty languages, attackers and honest people alike', () => {
    const attacked = counts(attacks, (row) => row.lang)
    const honest = counts(innocent, (row) => row.lang)
    const spoken = Object.keys(attacked).filter(
      (lang) => (attacked[lang] ?? 0) >= 100 && (honest[lang] ?? 0) >= 100,
    )

    expect(spoken.length).toBeGreaterThanOrEqual(30)
  })

  it('label each kind one way', () => {
    const labels = Map.groupBy(rows, (row) => row.kind)

    for (const members of labels.values()) expect(new Set(members.map((row) => row.label)).size).toBe(1)
  })
})

describe('twins', () => {
  it.each(pairs)('of %s come in like number', (_, members) => {
    const [bad, good] = [members.filter((row) => row.label === 1), members.filter((row) => row.label === 0)]

    expect(bad.length / good.length).toBeGreaterThan(0.75)
    expect(bad.length / good.length).toBeLessThan(1.34)
  })

  // Where a suffix makes the attack there is no innocent text of its length: odd strings are as long as they are.
  it.each(pairs.filter(([source]) => !source.includes('suffix')))(
    'of %s are of like length',
    (_, members) => {
      const [bad, good] = [members.filter((row) => row.label === 1), members.filter((row) => row.label === 0)]

      expect(wordsOf(bad) / wordsOf(good)).toBeGreaterThan(0.6)
      expect(wordsOf(bad) / wordsOf(good)).toBeLessThan(1.67)
    },
  )

  it.each([
    ['addresses', /@/],
    ['links', /https?:/],
    ['exclamation marks', /!/],
    ['quotation marks', /["“”«»]/],
    ['capitals', /[A-Z]{5}/],
    ['digits', /\d/],
  ])('hold %s alike', (_what, pattern) => {
    const [bad, good] = [1, 0].map((label) =>
      share(
        grown.filter((row) => row.label === label),
        (row) => pattern.test(row.text),
      ),
    )

    expect(Math.abs((bad ?? 0) - (good ?? 0))).toBeLessThan(0.08)
  })

  it.each(pairs)('of %s hold no text twice or nearly twice', (_, members) => {
    const seen = new Twinless()

    expect(members.filter((row) => !seen.add(row.text))).toEqual([])
  })

  it('leave no slot unfilled, and name no family', () => {
    const ours = grown.filter((row) => !row.source.startsWith('written:bundle'))

    expect(ours.filter((row) => /\$[\^=]?[a-z]{2,}\b/.test(row.text)).map((row) => row.text)).toEqual([])
    expect(rows.filter((row) => row.text.includes('written:'))).toEqual([])
  })
})
