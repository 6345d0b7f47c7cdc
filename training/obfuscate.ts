import type { Random } from './written/random.ts'

/** A way to hide words from filters and not from a model. */
export type Disguise = (text: string, random: Random) => string

const HOMOGLYPHS = new Map(
  Object.entries({ a: 'а', c: 'с', e: 'е', i: 'і', o: 'о', p: 'р', s: 'ѕ', x: 'х', y: 'у' }),
)
const DIGITS = new Map(Object.entries({ a: '4', e: '3', i: '1', o: '0', s: '5', t: '7' }))
const ACCENTS = ['\u0300', '\u0301', '\u0302', '\u0308']
/** Printable ASCII as tag characters and in full width stands so far up. */
const TAGS = 0xe0000
const FULL_WIDTH = 0xfee0
/** One word in so many gets two of its letters swapped. */
const TYPO_EVERY = 4

/** The disguises that retention is measured under, and that training has seen on attacks and on innocent texts. */
export const disguises: Readonly<Record<string, Disguise>> = {
  base64: (text) => Buffer.from(text).toString('base64'),
  hex: (text) => Buffer.from(text).toString('hex'),
  url: (text) => Buffer.from(text).reduce((out, byte) => `${out}%${byte.toString(16).padStart(2, '0')}`, ''),
  html: (text) => each(text, (char) => `&#${char.codePointAt(0)};`),
  escapes: (text) =>
    text.split('').reduce((out, unit) => `${out}\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`, ''),
  rot13: (text) => text.replace(/[a-z]/gi, rotated),
  reversed: (text) => [...text].reverse().join(''),
  leet: (text) => each(text, (char) => DIGITS.get(char.toLowerCase()) ?? char),
  homoglyphs: (text) => each(text, (char) => HOMOGLYPHS.get(char) ?? char),
  'zero width': (text) => each(text, (char) => `${char}\u200b`),
  tags: (text) => raised(text, TAGS),
  'full width': (text) => raised(text, FULL_WIDTH, '!'),
  'spaced letters': (text) =>
    text
      .split(/\s+/)
      .map((word) => [...word].join(' '))
      .join('   '),
  'dotted letters': (text) =>
    text
      .split(/\s+/)
      .map((word) => [...word].join('.'))
      .join(' '),
  'changing case': (text) =>
    [...text].map((char, i) => (i % 2 === 0 ? char.toUpperCase() : char.toLowerCase())).join(''),
  typos: (text, random) =>
    text.replace(/\p{L}{4,}/gu, (word) => (random.int(TYPO_EVERY) === 0 ? swapped(word, random) : word)),
  accents: (text, random) => each(text, (char) => (/[a-z]/i.test(char) ? char + random.pick(ACCENTS) : char)),
}

function each(text: string, of: (char: string) => string): string {
  return Array.from(text, of).join('')
}

function raised(text: string, by: number, from = ' '): string {
  return each(text, (char) =>
    char >= from && char <= '~' ? String.fromCodePoint((char.codePointAt(0) ?? 0) + by) : char,
  )
}

function rotated(letter: string): string {
  const code = letter.charCodeAt(0)
  const base = code >= 97 ? 97 : 65
  return String.fromCharCode(base + ((code - base + 13) % 26))
}

function swapped(word: string, random: Random): string {
  const at = 1 + random.int(word.length - 2)
  return word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2)
}
