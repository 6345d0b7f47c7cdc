import { describe, expect, it } from 'vitest'
import { check } from 'recheck'
import { extraction } from '../../../../src/screen/phrases/extraction.ts'
import { instructions } from '../../../../src/screen/phrases/instructions.ts'
import { phraseFinder, type Phrase } from '../../../../src/screen/phrases/phrases.ts'
import { poisoning } from '../../../../src/screen/phrases/poisoning.ts'

const find = phraseFinder([
  ['low', 0.5, 'open|open the', ' (?:the )?door'],
  ['high', 0.9, 'open the', ' door now'],
  ['jamo', 0.5, '열어', '[!.]'],
])

function rules(normal: string): string[] {
  return [...find(normal)].map(({ rule }) => rule)
}

describe('a phrase', () => {
  it('is found at the beginning of a word, and where it stands', () => {
    expect([...find('please open the door')]).toEqual([{ rule: 'low', score: 0.5, start: 7, end: 20 }])
    expect(rules('reopen the door')).toEqual([])
  })

  it('that is surer goes first', () => {
    expect(rules('open the door now')).toEqual(['high'])
  })

  it('is found each time', () => {
    expect(rules('open door, open the door')).toEqual(['low', 'low'])
  })

  it('is folded as texts are', () => {
    expect(rules('문을 열어!'.normalize('NFKD'))).toEqual(['jamo'])
  })

  it('goes on being found while others ask for the units of other texts', () => {
    const found = []
    for (const said of find('open door, open door')) found.push(said, ...find('x'))

    expect(found).toHaveLength(2)
  })
})

describe.each([
  ['poisoning', poisoning],
  ['instructions', instructions],
  ['extraction', extraction],
])('among phrases of %s', (_, phrases: readonly Phrase[]) => {
  it('none repeats anything without end', () => {
    for (const [rule, , , source] of phrases) {
      const bare = source.replace(/\\./g, '').replace(/\[[^\]]*\]/g, 'x')

      expect([rule, /[*+]|\{\d+,\}/.test(bare)]).toEqual([rule, false])
    }
  })

  it('none is slower than linear from where it begins', { timeout: 300_000 }, async () => {
    for (const [rule, , , source] of phrases) {
      expect([rule, (await check(`^(?:${source})`, '', { timeout: 120_000 })).status]).toEqual([rule, 'safe'])
    }
  })
})
