import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { disagreements, numbersNamedBy, readRequirements } from '../fixtures/requirements.ts'
import { filesBelow } from '../fixtures/sources.ts'

const root = new URL('../../', import.meta.url).pathname
const requirements = readRequirements(readFileSync(`${root}docs/requirements.md`, 'utf8'))
const tests = filesBelow(root, 'test', '.test.ts')

describe('requirements and tests', () => {
  it('agree', () => {
    expect(disagreements(requirements, tests)).toEqual([])
  })

  it('cover what this version is held to', () => {
    const numbers = requirements.map(({ number }) => number)
    const held = [...Array.from({ length: 28 }, (_, at) => at + 1), 43, 44, 45, 51]

    expect(held.filter((number) => !numbers.includes(number))).toEqual([])
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(requirements.filter(({ must }) => must).length).toBeGreaterThan(25)
  })

  it('are all seen', () => {
    expect(tests.length).toBeGreaterThan(80)
  })
})

describe('the comparison', () => {
  const one = { number: 1, must: true, tests: ['a.test.ts'] }

  it.each([
    ['it', "it('R1: x', () => {})"],
    ['describe', 'describe("R1: x", () => {})'],
    ['a table', "it.each([\n  ['a'],\n])('R1: %s', () => {})"],
    ['a title on its own line', "it.each(['a'])(\n  'R1: %s',\n)"],
    ['several numbers', "it('R2, R1, F7: x', () => {})"],
  ])('finds a number in %s', (_, text) => {
    expect(numbersNamedBy(text).has(1)).toBe(true)
  })

  it.each(["// it('R1 is a number", "const title = 'R1: x'", "it('holds R1: x', () => {})"])(
    'finds none in %s',
    (text) => {
      expect([...numbersNamedBy(text)]).toEqual([])
    },
  )

  it('misses a must without a test', () => {
    expect(disagreements([one], [{ path: 'a.test.ts', text: '' }])).toEqual([
      'R1 is a must, and no test names it',
      'a.test.ts does not name R1',
    ])
  })

  it('misses a number that the table has not', () => {
    const text = "it('R1: x')\nit('R99: y')"

    expect(disagreements([one], [{ path: 'a.test.ts', text }])).toEqual([
      'a.test.ts names R99, which is not in the table',
    ])
  })

  it('misses a row without a test file', () => {
    expect(disagreements([{ number: 2, must: false, tests: [] }], [])).toEqual(['R2 lists no test'])
  })
})
