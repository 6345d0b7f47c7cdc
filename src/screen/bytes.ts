import type { Decoded, Decoder } from './decoder.ts'
import { KIND } from './kinds.ts'
import { tableOf, unitsOf } from './units.ts'

/** Shortest encoded run that can hold an order, in code units; the patterns say the same. */
const RUN_MIN = 20
const BASE64 = /[A-Za-z0-9+/_-]{20,}(?:\r?\n[A-Za-z0-9+/_-]{4,})*/g
/** Groups that one run is parted in: so wide at least, and so many. */
const GROUP_MIN = 8
const GROUPS_MIN = 3
const HEX = /[0-9a-fx\\ ,:]{20,}/gi
const CASES = KIND.lower | KIND.upper
const BASE64_UNITS = tableOf(/[A-Za-z0-9+/_-]/)
/** Hexadecimal digits of four letters of two bytes. */
const DIGITS_MIN = 16
const DIGIT_UNITS = tableOf(/[0-9a-f]/i)
const HEX_UNITS = tableOf(/[0-9a-fx\\ ,:]/i)

/** What is no control character and no broken UTF-8, and long enough for a word: six, for the scripts that need few. */
const READABLE = /[^\0-\x08\x0e-\x1f\x7f-\x9f\ufffd]{6,}/g

/**
 * Base64 and base64url, in one run, wrapped, or in groups of one width. Within groups, base64 of text changes case as words
 * do not.
 */
export const base64: Decoder = {
  name: 'base64',
  suspects: (text, kinds) =>
    (kinds & KIND.changesCase) !== 0 || ((kinds & CASES) === CASES && hasRun(text, BASE64_UNITS)),
  decode: (text) => {
    const whole = hasRun(text, BASE64_UNITS) ? runs(text, BASE64, unbase64) : []
    return [...whole, ...grouped(text)]
  },
}

/** Bytes written in pairs of digits, apart or together. */
export const hex: Decoder = {
  name: 'hex',
  suspects: (text) => hasRun(text, HEX_UNITS) && hasDigits(text),
  decode: (text) =>
    runs(text, HEX, (run) => (hasDigits(run) ? readable(2, (shift) => hexBytes(run, shift)) : '')),
}

function unbase64(run: string): string {
  return isMixed(run) ? readable(4, (shift) => Buffer.from(run.slice(shift), 'base64')) : ''
}

/** Base64 of text has both cases; a long word, a hexadecimal hash or a rule of dashes has not. */
function isMixed(run: string): boolean {
  return /[a-z]/.test(run) && /[A-Z]/.test(run)
}

/** Is there a stretch of such units? Each one of this length holds a place that is a multiple of it. */
function hasRun(text: string, table: Uint8Array): boolean {
  const units = unitsOf(text)
  for (let at = RUN_MIN - 1; at < text.length; at += RUN_MIN) {
    if (table[units[at] ?? 0] === 0) continue
    let start = at
    let end = at + 1
    while (start > 0 && end - start < RUN_MIN && table[units[start - 1] ?? 0] === 1) start -= 1
    // The zero behind the text is no such unit.
    while (end - start < RUN_MIN && table[units[end] ?? 0] === 1) end += 1
    if (end - start >= RUN_MIN) return true
  }
  return false
}

function runs(text: string, pattern: RegExp, decode: (run: string) => string): Decoded[] {
  const found: Decoded[] = []
  for (const match of text.matchAll(pattern)) {
    const run = match[0].trim()
    const decoded = decode(run)
    if (decoded === '') continue

    const start = match.index + match[0].indexOf(run)
    found.push({ start, end: start + run.length, text: decoded })
  }
  return found
}

/** Runs in groups of one width, with a shorter rest: who parts a run hides it from a search for long ones. */
function grouped(text: string): Decoded[] {
  const found: Decoded[] = []
  const units = unitsOf(text)
  let [start, end, width, count] = [0, 0, 0, 0]
  const isMany = (): boolean => count >= GROUPS_MIN && width >= GROUP_MIN
  const close = (to: number): void => {
    const said = isMany() ? unbase64(text.slice(start, to).replace(/\s/g, '')) : ''
    if (said !== '') found.push({ start, end: to, text: said })
  }
  for (let at = 0; at < text.length; at++) {
    if (BASE64_UNITS[units[at] ?? 0] === 0) continue
    const from = at
    while (BASE64_UNITS[units[at + 1] ?? 0] === 1) at += 1
    const longer = at + 1 - from - width
    // What groups too narrow or too few are followed by is all the same.
    const follows = (longer === 0 || isMany()) && width >= GROUP_MIN && isBlank(text, end, from)
    if (!follows || longer !== 0) {
      close(follows && longer < 0 ? at + 1 : end)
      ;[start, width, count] = [from, at + 1 - from, 0]
    }
    count += 1
    end = at + 1
  }
  close(end)
  return found
}

/** One or two units of white space. */
function isBlank(text: string, start: number, end: number): boolean {
  return end - start <= 2 && text.slice(start, end).trim() === ''
}

/**
 * What can be read in bytes, however many digits stand before their first and whatever bytes lie between: a digit put before
 * the run, or junk bytes in it, would else hide the rest. Keys, hashes and images hold next to nothing that can be read.
 */
function readable(shifts: number, bytesFrom: (shift: number) => Buffer): string {
  const said: string[] = []
  for (let shift = 0; shift < shifts; shift++) {
    const bytes = bytesFrom(shift)
    if (!holdsPhrase(bytes)) continue

    // UTF-16 of Latin letters is these letters with zeros between.
    const text = bytes.toString().replaceAll('\0', '')
    const stretches = text.match(READABLE) ?? []
    said.push(...stretches)
    // The last character may be cut.
    if ((stretches[0]?.length ?? 0) >= text.length - 3) break
  }
  return said.join('\n')
}

/**
 * Fourteen letters in a row, or four that are not ASCII: nearly no stretch of random bytes has them, and to decode one as
 * UTF-8 costs ten times as much as to see this.
 */
function holdsPhrase(bytes: Buffer): boolean {
  let letters = 0
  let wide = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte === 0) continue
    const more = continuations(bytes, at)
    letters = more < 0 ? 0 : letters + 1
    wide = more < 1 ? 0 : wide + 1
    if (letters === 14 || wide === 4) return true
    if (more > 0) at += more
  }
  return false
}

/** How many bytes of UTF-8 follow the first of a letter; -1 where there is none. */
function continuations(bytes: Buffer, at: number): number {
  const byte = bytes[at] ?? 0
  if (byte < 0x80) return byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d) ? 0 : -1
  if (byte < 0xc2 || byte > 0xf4) return -1
  const more = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3
  for (let i = 1; i <= more; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return -1
  return more
}

/** So few digits give no bytes that `holdsPhrase` is true of. */
function hasDigits(run: string): boolean {
  let count = 0
  for (let at = 0; at < run.length && count < DIGITS_MIN; at++) {
    if (DIGIT_UNITS[run.charCodeAt(at)] === 1) count += 1
  }
  return count === DIGITS_MIN
}

/** A lone digit is a word of the text around; a long group may begin with one. */
function hexBytes(run: string, shift: number): Buffer {
  const groups = run
    .split(/0x|\\x|[ ,:]/i)
    .filter((group) => group.length % 2 === 0 || group.length >= RUN_MIN)
    .map((group) => (group.length >= RUN_MIN ? group.slice(shift) : group))
    .map((group) => group.slice(0, group.length & ~1))
  return Buffer.from(groups.join(''), 'hex')
}
