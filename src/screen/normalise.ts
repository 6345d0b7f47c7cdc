import { CONFUSABLES } from './confusables.ts'
import { KIND, kindsOf } from './kinds.ts'
import { once } from './once.ts'
import { textOf, unitsOf } from './units.ts'

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

/** What keeps an ASCII text from folding by lower-casing alone. */
const STRAY = KIND.control | KIND.spaces

/** Folded form of each code point of the basic plane met so far; at most 65,536 short strings. */
const folded: (string | undefined)[] = Array.from({ length: 0x1_0000 }, () => undefined)
/**
 * The same where it is one code unit, and else one of two marks; zero where not met yet. The marks are surrogates, which are
 * not looked up here.
 */
const single = new Uint16Array(0x1_0000)
const NOTHING = 0xd800
const SEVERAL = 0xd801
const SPACE_UNIT = 0x20
/** The same for texts of ASCII alone, whose backticks stay what they are. */
const plain = Uint16Array.from({ length: 128 }, (_, unit) => foldPlain(unit))

/**
 * Folds a text to what a reader takes it for: NFKD without marks, look-alikes as Latin letters, invisible characters
 * removed, lower case, each run of white space one space. Hangul becomes its letters (Jamo). Patterns are folded by
 * `foldPattern`, so that both sides lose the same distinctions.
 */
export const normalise = once((text: string): string => {
  const kinds = kindsOf(text)
  if ((kinds & KIND.wide) !== 0) return textOf(text.length * FOLD_MAX, (out) => fold(text, out, single))
  if ((kinds & STRAY) !== 0) return textOf(text.length, (out) => fold(text, out, plain))
  return (kinds & KIND.upper) === 0 ? text : text.toLowerCase()
})

/** Writes the folded form, by a table as `single` is; tells its length. */
function fold(text: string, out: Uint16Array, table: Uint16Array): number {
  const units = unitsOf(text)
  let length = 0
  let afterSpace = false
  for (let at = 0; at < text.length; at++) {
    const unit = units[at] ?? 0
    const one = isSurrogate(unit) ? SEVERAL : table[unit] || learn(unit)
    if (one === NOTHING) continue
    if (one === SEVERAL) {
      const point = text.codePointAt(at) ?? 0
      const several = foldPoint(point)
      if (point > 0xffff) at += 1
      if (several === '' || (several === ' ' && afterSpace)) continue
      for (let k = 0; k < several.length; k++) out[length++] = several.charCodeAt(k)
      afterSpace = several === ' '
    } else if (one !== SPACE_UNIT || !afterSpace) {
      out[length++] = one
      afterSpace = one === SPACE_UNIT
    }
  }
  return length
}

function isSurrogate(unit: number): boolean {
  return (unit & 0xf800) === 0xd800
}

function foldPlain(unit: number): number {
  const char = String.fromCharCode(unit)
  if (SPACE.test(char)) return SPACE_UNIT
  return INVISIBLE.test(char) ? NOTHING : char.toLowerCase().charCodeAt(0)
}

/** Keeps what a code unit folds to. */
function learn(unit: number): number {
  const said = foldPoint(unit)
  const one = said === '' ? NOTHING : said.length === 1 ? said.charCodeAt(0) : SEVERAL
  single[unit] = one
  return one
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
