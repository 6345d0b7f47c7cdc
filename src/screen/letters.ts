import type { Decoder } from './decoder.ts'
import { KIND } from './kinds.ts'
import { once } from './once.ts'
import { tableOf, unitsOf } from './units.ts'

/** What stands between letters that are written one by one. */
const PARTED = /\b[a-z](?:[-._*|~,][a-z])+\b/gi
const SPACED = /\b[a-z](?: [a-z])+\b/gi
const MARKS = /[-._*|~, ]/g

/** Words written letter by letter: "i-g-n-o-r-e a-l-l", or with one space between letters and more between words. */
export const parted: Decoder = {
  name: 'parted',
  suspects: hasParted,
  decode: (text) => [{ start: 0, end: text.length, text: joinedText(text) }],
}

/** A digit for a letter, inside a word. */
const DIGIT = /[a-z][013457@$][a-z]/i
const WORD = /[a-z0-9@$]{2,}/gi
const LETTER: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '11': 'll',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
}
/** Words that attacks are made of: names, addresses and versions are full of digits too, and need no second look. */
const TELLING = /ignor|disregard|forget|prompt|system|instruct|reveal|overrid|previous|restrict|password/i

/** Words with digits for letters: "1gn0r3 4ll". */
export const leet: Decoder = {
  name: 'leet',
  suspects: (text, kinds) => (kinds & KIND.digit) !== 0 && DIGIT.test(text),
  decode: (text) => {
    const plain = text.replace(WORD, lettered)
    return TELLING.test(plain) ? [{ start: 0, end: text.length, text: plain }] : []
  },
}

/** Most texts stay as they are, and are then asked about again. */
const joinedText = once((text) => text.replace(PARTED, joined).replace(SPACED, joined))

function joined(word: string): string {
  return word.replace(MARKS, '')
}

function lettered(word: string): string {
  return /[a-z]/i.test(word) ? word.replace(/11|[013457@$]/g, (digit) => LETTER[digit] ?? digit) : word
}

/**
 * Is a letter, a mark, a letter and a mark, in this order or from a mark on, at a place that is a multiple of six? A word of
 * six letters that are parted has eight such places.
 */
function hasParted(text: string): boolean {
  const units = unitsOf(text)
  for (let at = 0; at + 3 < text.length; at += 6) {
    const first = isMark(units[at]) ? at + 1 : at
    if (!isLetter(units[first]) || !isLetter(units[first + 2])) continue
    if (isMark(units[first + 1]) && (first > at || isMark(units[at + 3]))) return true
  }
  return false
}

function isLetter(unit = 0): boolean {
  const lower = unit | 0x20
  return lower >= 0x61 && lower <= 0x7a
}

function isMark(unit = 0): boolean {
  return markUnits[unit] === 1
}

const markUnits = tableOf(/[-._*|~, ]/)
