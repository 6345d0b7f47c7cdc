import { describe, expect, it } from 'vitest'
import { readDocument } from '../../../src/config/document.ts'
import { ConfigErrors } from '../../../src/config/errors.ts'

function complaints(text: string): readonly string[] {
  try {
    readDocument('x.yaml', text)
    return []
  } catch (fault) {
    if (!(fault instanceof ConfigErrors)) throw fault
    return fault.errors.map(({ line, column, message }) => `${line}:${column} ${message}`)
  }
}

describe('readDocument', () => {
  it('gives plain values of maps, lists and scalars', () => {
    const { value } = readDocument('x.yaml', 'a: [1, two, true, null, 1.5]\nb: { c: "d" }\n')

    expect(value).toEqual({ a: [1, 'two', true, null, 1.5], b: { c: 'd' } })
  })

  it('reads YAML 1.2, where yes, no and 0777 are no traps', () => {
    const { value } = readDocument('x.yaml', 'a: yes\nb: no\nc: on\nd: 1_000\ne: 12:30:00\n')

    expect(value).toEqual({ a: 'yes', b: 'no', c: 'on', d: '1_000', e: '12:30:00' })
  })

  it('knows where values and keys stand', () => {
    const document = readDocument('x.yaml', 'a:\n  - b: 1\n    c:\n')

    expect(document.placeOf(['a', 0, 'b'])).toEqual({ line: 2, column: 8 })
    expect(document.placeOfKey(['a', 0, 'b'])).toEqual({ line: 2, column: 5 })
    expect(document.placeOf(['a', 0, 'c'])).toEqual({ line: 3, column: 5 })
  })

  it('shows the nearest ancestor of what is missing', () => {
    const document = readDocument('x.yaml', 'a:\n  b: { c: 1 }\n')

    expect(document.placeOf(['a', 'b', 'gone', 'x'])).toEqual({ line: 2, column: 6 })
    expect(document.has(['a', 'b', 'c'])).toBe(true)
    expect(document.has(['a', 'b', 'gone'])).toBe(false)
  })

  it.each([
    ['nothing', ''],
    ['a comment', '# nothing\n'],
    ['a marker', '---\n'],
  ])('refuses a file of %s', (_, text) => {
    expect(complaints(text)).toEqual([expect.stringContaining('holds no settings')])
  })

  it('counts columns behind a byte order mark as editors do', () => {
    expect(complaints('\uFEFFa: 1\na: 2\n')).toEqual(['2:1 this key stands twice'])
  })

  it('R45: refuses the billion laughs before they are told', () => {
    const laughs = Array.from({ length: 30 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]`)

    const found = complaints(['a0: &a0 lol', ...laughs].join('\n'))

    expect(found.length).toBeGreaterThan(30)
    expect(found[0]).toBe('1:9 anchors are not accepted')
  })

  it.each([
    ['flow lists', '['.repeat(100_000)],
    ['flow maps', '{a: '.repeat(50_000)],
    ['block lists on one line', `${'- '.repeat(50_000)}a`],
    ['explicit keys', `${'? '.repeat(50_000)}a`],
    ['indentation', Array.from({ length: 2_000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['brackets between quotes', '"x"['.repeat(20_000)],
  ])('R45: refuses %s that nest without end', (_, text) => {
    expect(complaints(text).length).toBeGreaterThan(0)
  })

  it('does not count brackets in texts and comments', () => {
    const text = `a: "${'['.repeat(100)}"\nb: '${'{'.repeat(100)}' # ${'['.repeat(100)}\n`

    expect(complaints(text)).toEqual([])
  })

  it('refuses a text over a mebibyte', () => {
    expect(complaints(`a: 1\n${'#'.repeat(1_048_576)}`)).toEqual(['1:1 the file is longer than 1 MiB'])
  })

  it('finds every odd thing at once', () => {
    const found = complaints('a: &x 1\nb: *x\n<<: { c: 1 }\n2: d\n__proto__: 1\ne: !f g\n')

    expect(found.map((one) => Number(one.split(':')[0]))).toEqual(expect.arrayContaining([1, 2, 3, 4, 5, 6]))
  })
})
