import { describe, expect, it } from 'vitest'
import { splitPolicies } from '../../../src/policy/split.ts'

function split(text: string) {
  return splitPolicies({ file: 'a.cedar', text })
}

describe('splitPolicies', () => {
  it('gives each policy its text and place', () => {
    const policies = split('permit(a);\n\n  // why\n  @id("x")\n  forbid(b);')

    expect(policies).toEqual([
      { file: 'a.cedar', line: 1, column: 1, text: 'permit(a);' },
      { file: 'a.cedar', line: 4, column: 3, text: '@id("x")\n  forbid(b);' },
    ])
  })

  it('is not fooled by semicolons in strings and comments', () => {
    const policies = split('permit(a) // not here; "nor here\nwhen { x == ";\\";" };forbid(b);')

    expect(policies.map(({ text }) => text)).toEqual([
      'permit(a) // not here; "nor here\nwhen { x == ";\\";" };',
      'forbid(b);',
    ])
  })

  it('keeps a rest without an end, for Cedar to complain about', () => {
    expect(split('permit(a);\nforbid(b)').at(-1)).toMatchObject({ line: 2, text: 'forbid(b)' })
  })

  it('keeps a lone semicolon, for Cedar to complain about', () => {
    expect(split('permit(a);;').map(({ text }) => text)).toEqual(['permit(a);', ';'])
  })

  it.each(['', '  \n', '// nothing; at all', '// one\n// two\r\n'])('finds none in %j', (text) => {
    expect(split(text)).toEqual([])
  })

  it('counts lines after a string that spans some', () => {
    expect(split('permit("a\nb\nc");\n  forbid(b);').at(-1)).toMatchObject({ line: 4, column: 3 })
  })
})
