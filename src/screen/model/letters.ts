/** What a code unit of a folded text is to the model: nothing, a space, part of a word, a digit, or a word of its own. */
export const UNIT = { mark: 0, space: 1, letter: 2, digit: 3, glyph: 4, joiner: 5 } as const

/** Scripts written without spaces: each character stands as a word, and n-grams of characters take the place of words. */
const GLYPH =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const LETTER = /[\p{L}\p{M}]/u

/** Kind of each code unit. Surrogates are marks: beyond the basic plane stand few letters once a text is folded, and emoji. */
export const unitKinds: Uint8Array = Uint8Array.from({ length: 0x1_0000 }, (_, unit) => kindOf(unit))

function kindOf(unit: number): number {
  const char = String.fromCharCode(unit)
  if (char === ' ') return UNIT.space
  if (char === "'" || char === '\u2019') return UNIT.joiner
  if (/\p{Nd}/u.test(char)) return UNIT.digit
  if (GLYPH.test(char)) return UNIT.glyph
  return LETTER.test(char) ? UNIT.letter : UNIT.mark
}
