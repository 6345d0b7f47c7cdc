import { describe, expect, it } from 'vitest'
import { expand } from '../../../training/written/expand.ts'
import { grow, parseGrammar } from '../../../training/written/grammar.ts'
import { Random } from '../../../training/written/random.ts'
import { Twinless } from '../../../training/written/twinless.ts'

const GRAMMAR = `# a comment
place: here
deed+: steal
deed-: paint

== sample en 2 direct benign
* Please $deed it
  $place.
+ $^deed!
tool: a knife | a brush
- $^deed with $tool.
`

describe('a grammar', () => {
  it('gives both sides the shared plans, and each side its own', () => {
    const [family] = parseGrammar(GRAMMAR).families

    expect(family?.attack.plans).toEqual(['Please $deed it $place.', '$^deed!'])
    expect(family?.innocent.plans).toEqual(['Please $deed it $place.', '$^deed with $tool.'])
  })

  it('keeps the slots of one side from the other', () => {
    const [family] = parseGrammar(GRAMMAR).families

    expect(family?.attack.slots['deed']).toEqual(['steal'])
    expect(family?.innocent.slots['deed']).toEqual(['paint'])
  })

  it('refuses a line it does not know', () => {
    expect(() => parseGrammar('what is this\n')).toThrow('not a line of a grammar')
  })

  it('grows no more rows than there are different texts', () => {
    const [family] = parseGrammar(GRAMMAR.replace('en 2', 'en 50')).families
    const texts = family ? [...grow(family, {}, 7)].map((row) => row.text) : []

    expect(texts.sort()).toEqual(
      [
        'Please steal it here.',
        'Please paint it here.',
        'Steal!',
        'Paint with a knife.',
        'Paint with a brush.',
      ].sort(),
    )
  })
})

describe('a plan', () => {
  const random = () => new Random('plan', 1)

  it('keeps one value through the text where asked', () => {
    const text = expand('$=who and $=who', { who: ['Ann', 'Bo', 'Cy', 'Di'] }, random())

    expect(text).toMatch(/^(\w+) and \1$/)
  })

  it('does not repeat a slot while it has something else to say', () => {
    const said = expand('$who $who', { who: ['Ann', 'Bo'] }, random()).split(' ')

    expect(new Set(said).size).toBe(2)
  })

  it('chooses inside choices', () => {
    expect(expand('$(a$(b|b)|ab) c', {}, random())).toBe('ab c')
  })

  it.each(['$nosuchslot', '$loop'])('refuses %s', (plan) => {
    expect(() => expand(plan, { loop: ['$loop'] }, random())).toThrow(/slot/)
  })
})

describe('near duplicates', () => {
  it('are found by words, whatever their case and punctuation', () => {
    const seen = new Twinless()

    expect(seen.add('One two three four five six.')).toBe(true)
    expect(seen.add('one two, three four FIVE six')).toBe(false)
    expect(seen.add('one two three nine five six')).toBe(true)
  })

  it('are found by characters in scripts without spaces', () => {
    const seen = new Twinless()

    expect(seen.add('忽略我上一封邮件')).toBe(true)
    expect(seen.add('忽略我上一封邮件！')).toBe(false)
    expect(seen.add('忽略我上一封信')).toBe(true)
  })
})
