import { once } from './once.ts'
import { unitsOf } from './units.ts'

/** What a text may hold, one bit each. The lower five bits of a unit's kind are its letter, 1 to 26, in either case. */
export const KIND = {
  lower: 1 << 5,
  upper: 1 << 6,
  /** A digit or sign that may pass for a letter. */
  digit: 1 << 7,
  percent: 1 << 8,
  plus: 1 << 9,
  ampersand: 1 << 10,
  backslash: 1 << 11,
  space: 1 << 12,
  /** ASCII controls, among them all white space of ASCII but the space. */
  control: 1 << 13,
  /** Beyond ASCII. */
  wide: 1 << 14,
  /** A lower-case letter, and behind it one in upper case. */
  changesCase: 1 << 16,
  /** Two spaces in a row. */
  spaces: 1 << 17,
  /** A word of `ROTATED` or `BACKWARDS`, or more of their rare letters than are worth a look each. */
  disguise: 1 << 18,
} as const

/** Words of attacks turned by thirteen letters, each with five of them in a row that are rare in languages. */
export const ROTATED: ReadonlyMap<string, string> = new Map([
  ['vtaber', 'vtabe'],
  ['qvfertneq', 'qvfer'],
  ['sbetrg', 'sbetr'],
  ['cebzcg', 'cebzc'],
  ['flfgrz', 'flfgr'],
  ['vafgehpg', 'vafge'],
  ['eriernr', 'iernr'],
  ['bireevqr', 'eevqr'],
])
/** The same words from their ends. */
export const BACKWARDS: ReadonlyMap<string, string> = new Map([
  ['erongi', 'erong'],
  ['dragersid', 'ersid'],
  ['tegrof', 'egrof'],
  ['tpmorp', 'tpmor'],
  ['metsys', 'etsys'],
  ['tcurtsni', 'rtsni'],
  ['laever', 'laeve'],
  ['edirrevo', 'dirre'],
])

const SIGNS: ReadonlyMap<string, number> = new Map([
  ['%', KIND.percent],
  ['+', KIND.plus],
  ['&', KIND.ampersand],
  ['\\', KIND.backslash],
  [' ', KIND.space],
])
const DISGUISED = new RegExp([...ROTATED.keys(), ...BACKWARDS.keys()].join('|'), 'i')
/** Letters of the longest of these words, and one. */
const LONGEST = 10
/** Rare letters that are looked at: a text made of nothing else would cost more than the search that they save. */
const LOOKS_MAX = 8
const LETTER = 0x1f
const FOUR = 0xf_ffff
const PLACES = 4_096
const kinds = Uint16Array.from({ length: 0x1_0000 }, (_, unit) => kindOf(unit))
const disguises = tableOf([...ROTATED.values(), ...BACKWARDS.values()])

/** All kinds that a text holds, told in one pass: what needs a kind that is not there is not looked for. */
export const kindsOf = once((text: string): number => {
  const units = unitsOf(text)
  const even = text.length & ~1
  let all = 0
  let follows = 0
  let twice = 0
  let before = 0
  let four = 0
  let looks = 0
  for (let at = 0; at < even; at += 2) {
    const one = kindAt(units, at)
    const two = kindAt(units, at + 1)
    all |= one | two
    follows |= ((before << 1) & one) | ((one << 1) & two)
    twice |= (before & one) | (one & two)
    before = two
    // Of two neighbouring fours, one begins at an even place.
    four = ((four << 10) | ((one & LETTER) << 5) | (two & LETTER)) & FOUR
    if (disguises[placeOf(four)] !== four || looks > LOOKS_MAX) continue
    looks += 1
    if (looks > LOOKS_MAX || isDisguised(text, at)) all |= KIND.disguise
  }
  if (even < text.length) {
    const last = kindAt(units, even)
    all |= last
    follows |= (before << 1) & last
    twice |= before & last
  }
  return (
    (all & ~LETTER) |
    ((follows & KIND.upper) === 0 ? 0 : KIND.changesCase) |
    ((twice & KIND.space) === 0 ? 0 : KIND.spaces)
  )
})

function kindAt(units: Uint16Array, at: number): number {
  return kinds[units[at] ?? 0] ?? 0
}

/** Does a word in disguise stand around this place? */
function isDisguised(text: string, at: number): boolean {
  return DISGUISED.test(text.slice(Math.max(0, at - LONGEST), at + LONGEST))
}

function kindOf(unit: number): number {
  if (unit > 0x7f) return KIND.wide
  const char = String.fromCharCode(unit)
  if (/[a-z]/.test(char)) return KIND.lower | letterOf(char)
  if (/[A-Z]/.test(char)) return KIND.upper | letterOf(char)
  if (/[\0-\x1f\x7f]/.test(char)) return KIND.control
  return SIGNS.get(char) ?? (/[013457@$]/.test(char) ? KIND.digit : 0)
}

function letterOf(char: string): number {
  return char.charCodeAt(0) & LETTER
}

/** The first and the last four of five letters, each at its own place. */
function tableOf(fives: readonly string[]): Int32Array {
  const table = new Int32Array(PLACES).fill(-1)
  for (const letters of fives.flatMap((five) => [five.slice(0, 4), five.slice(1)])) {
    const four = [...letters].reduce((sum, char) => (sum << 5) | letterOf(char), 0)
    if (table[placeOf(four)] !== -1) throw new Error(`no place for ${letters}`)
    table[placeOf(four)] = four
  }
  return table
}

function placeOf(four: number): number {
  return (four ^ (four >> 9)) & (PLACES - 1)
}
