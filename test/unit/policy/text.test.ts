import { describe, expect, it } from 'vitest'
import { decide } from '../../../src/policy/decide.ts'
import { cedarString, globRegExp, likePattern } from '../../../src/policy/text.ts'
import { load, query, route, rule } from '../../fixtures/policy.ts'

describe('cedarString', () => {
  it.each([
    ['plain', '"plain"'],
    ['a"b', String.raw`"a\"b"`],
    ['a\\', String.raw`"a\\"`],
    ['a\nb\0', String.raw`"a\u{a}b\u{0}"`],
    ['gpt*', '"gpt*"'],
  ])('writes %j as %s', (text, literal) => {
    expect(cedarString(text)).toBe(literal)
  })
})

describe('likePattern', () => {
  it.each([
    ['gpt-5*', '"gpt-5*"'],
    [String.raw`a\*b`, String.raw`"a\*b"`],
    [String.raw`a\\*`, String.raw`"a\\*"`],
    [String.raw`a\b`, String.raw`"a\\b"`],
    ['a\\', String.raw`"a\\"`],
    ['say "hi"', String.raw`"say \"hi\""`],
  ])('writes the glob %j as %s', (glob, pattern) => {
    expect(likePattern(glob)).toBe(pattern)
  })

  // [glob, text, matches]; both readers of globs must agree.
  const cases: [string, string, boolean][] = [
    ['gpt-5*', 'gpt-5-mini', true],
    ['gpt-5*', 'gpt-4', false],
    ['gpt-5', 'gpt-5-mini', false],
    ['*', '', true],
    ['a*b*c', 'a\nxbyc', true],
    [String.raw`a\*`, 'a*', true],
    [String.raw`a\*`, 'ab', false],
    [String.raw`a\\*`, String.raw`a\bc`, true],
    [String.raw`a\b`, String.raw`a\b`, true],
    ['a\\', 'a\\', true],
    ['a.c', 'abc', false],
    ['(a|b)', 'a', false],
    ['["]', '["]', true],
    ['GPT', 'gpt', false],
  ]

  it.each(cases)('lets Cedar match %j with %j: %s', (glob, model, matches) => {
    const policies = load('', [route('chat', { allow: [rule(['reader'], { models: [glob] })] })])

    expect(decide(policies, query({ model })).effect).toBe(matches ? 'permit' : 'forbid')
  })

  it.each(cases)('lets globRegExp match %j with %j: %s', (glob, text, matches) => {
    expect(globRegExp(glob).test(text)).toBe(matches)
  })
})
