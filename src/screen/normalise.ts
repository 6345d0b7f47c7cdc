import { CONFUSABLES } from './confusables.ts'

/** Texts that need no table: bytes that fold by lower-casing alone, but for white space and control characters. */
const NOT_ASCII = /[^\0-\x7f]/
const STRAY = /[\0-\x1f\x7f]| {2}/
const CONTROLS = /[\0-\x08\x0e-\x1f\x7f]+/g
const SPACES = /[\t-\r ]+/g

/** Drawn as nothing: zero-width, bidirectional controls, tags, variation selectors, fillers, soft hyphen, controls. */
const INVISIBLE = /^[\p{Default_Ignorable_Code_Point}\p{Cc}\ufff9-\ufffb]$/u
/** White space but for U+FEFF, which has no width. */
const SPACE = /^[^\S\ufeff]$/u

/**
 * Marks that sit on a letter: Latin, Greek and Cyrillic accents, Hebrew and Arabic points, tatweel, nukta, kana voicing.
 * Without them a text in any normal form folds to the same letters, one code point at a time.
 */
const MARKS = /[\u0300-\u036f]|[\u0591-\u05c7]|\u0640|[\u064b-\u065f]|\u0670|\u093c|\u3099|\u309a/g

/**
 * Code units that one character may become. Some ligatures spell a whole phrase (U+FDFA is 18 letters): a text of them would
 * grow, and cost, as much. They keep their beginning; no order is spelt with one.
 */
const FOLD_MAX = 4

/** Folded form of each code point of the basic plane met so far; at most 65,536 short strings. */
const folded: (string | undefined)[] = Array.from({ length: 0x1_0000 }, () => undefined)

/**
 * Folds a text to what a reader takes it for: NFKD without marks, look-alikes as Latin letters, invisible characters
 * removed, lower case, each run of white space one space. Hangul becomes its letters (Jamo). Patterns are folded by
 * `foldPattern`, so that both sides lose the same distinctions.
 */
export function normalise(text: string): string {
  if (!NOT_ASCII.test(text)) return normaliseAscii(text)

  let out = ''
  let afterSpace = false
  for (let i = 0; i < text.length;) {
    const point = text.codePointAt(i) ?? 0
    const fold = foldPoint(point)
    i += point > 0xffff ? 2 : 1
    if (fold === '' || (fold === ' ' && afterSpace)) continue
    afterSpace = fold === ' '
    out += fold
  }
  return out
}

function normaliseAscii(text: string): string {
  const lower = text.toLowerCase()
  return STRAY.test(lower) ? lower.replace(CONTROLS, '').replace(SPACES, ' ') : lower
}

/**
 * Offset in the text of each code unit of `normalise(text)`, and one more: the end. Made only when something was found.
 */
export function offsetsOf(text: string): Uint32Array {
  const offsets: number[] = []
  let afterSpace = false
  for (let i = 0; i < text.length;) {
    const point = text.codePointAt(i) ?? 0
    const fold = foldPoint(point)
    const width = point > 0xffff ? 2 : 1
    if (fold !== '' && !(fold === ' ' && afterSpace)) {
      for (let k = 0; k < fold.length; k++) offsets.push(i)
      afterSpace = fold === ' '
    }
    i += width
  }
  offsets.push(text.length)
  return Uint32Array.from(offsets)
}

/** Folds the letters of a pattern as `normalise` folds those of a text. Escapes of a pattern must be lower case. */
export function foldPattern(source: string): string {
  let out = ''
  for (const char of source) out += foldPoint(char.codePointAt(0) ?? 0)
  return out
}

function foldPoint(point: number): string {
  if (point > 0xffff) return foldAnew(String.fromCodePoint(point))
  return (folded[point] ??= foldAnew(String.fromCharCode(point)))
}

function foldAnew(char: string): string {
  if (SPACE.test(char)) return ' '
  if (INVISIBLE.test(char)) return ''

  const known = CONFUSABLES.get(char)
  if (known !== undefined) return known
  let out = ''
  for (const part of char.normalize('NFKD').toLowerCase().replace(MARKS, '')) {
    const fold = CONFUSABLES.get(part) ?? part
    if (out.length + fold.length > FOLD_MAX) break
    out += fold
  }
  return out
}
