import type { Decoded, Decoder } from './decoder.ts'

/** Shortest encoded run that can hold an order, in code units; the patterns say the same. */
const RUN_MIN = 20
const BASE64 = /[A-Za-z0-9+/_-]{20,}(?:\r?\n[A-Za-z0-9+/_-]{4,})*/g
const HEX = /[0-9a-fx\\ ,:]{20,}/gi
const BASE64_UNITS = unitsOf(/[A-Za-z0-9+/_-]/)
const HEX_UNITS = unitsOf(/[0-9a-fx\\ ,:]/i)

/** What is no control character and no broken UTF-8, and long enough for a word: six, for the scripts that need few. */
const READABLE = /[^\0-\x08\x0e-\x1f\x7f-\x9f\ufffd]{6,}/g

/** Bytes that may hold a phrase: letters of any script in UTF-8, or Latin ones in UTF-16. Told from each byte as a letter. */
const PHRASE =
  /(?:[\t\n\r -~]|[\xc2-\xf4][\x80-\xbf]{1,3}){14}|(?:[\xc2-\xf4][\x80-\xbf]{1,3}){4}|(?:[ -~]\0){8}|(?:\0[ -~]){8}/

/** Base64 and base64url, in one run or wrapped. */
export const base64: Decoder = {
  name: 'base64',
  suspects: (text) => hasRun(text, BASE64_UNITS),
  decode: (text) =>
    runs(text, BASE64, (run) =>
      isMixed(run) ? readable(4, (shift) => Buffer.from(run.slice(shift), 'base64')) : '',
    ),
}

/** Bytes written in pairs of digits, apart or together. */
export const hex: Decoder = {
  name: 'hex',
  suspects: (text) => hasRun(text, HEX_UNITS),
  decode: (text) => runs(text, HEX, (run) => readable(2, (shift) => hexBytes(run, shift))),
}

/** Base64 of text has both cases; a long word, a hexadecimal hash or a rule of dashes has not. */
function isMixed(run: string): boolean {
  return /[a-z]/.test(run) && /[A-Z]/.test(run)
}

function unitsOf(pattern: RegExp): readonly boolean[] {
  return Array.from({ length: 128 }, (_, unit) => pattern.test(String.fromCharCode(unit)))
}

/** Is there a stretch of such units? Each one of this length holds a place that is a multiple of it. */
function hasRun(text: string, units: readonly boolean[]): boolean {
  const isOne = (at: number): boolean => units[text.charCodeAt(at)] === true
  for (let at = RUN_MIN - 1; at < text.length; at += RUN_MIN) {
    if (!isOne(at)) continue
    let start = at
    let end = at + 1
    while (start > 0 && end - start < RUN_MIN && isOne(start - 1)) start -= 1
    while (end < text.length && end - start < RUN_MIN && isOne(end)) end += 1
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

/**
 * What can be read in bytes, however many digits stand before their first and whatever bytes lie between: a digit put before
 * the run, or junk bytes in it, would else hide the rest. Keys, hashes and images hold next to nothing that can be read.
 */
function readable(shifts: number, bytesFrom: (shift: number) => Buffer): string {
  const said: string[] = []
  for (let shift = 0; shift < shifts; shift++) {
    const bytes = bytesFrom(shift)
    if (!PHRASE.test(bytes.toString('latin1'))) continue

    // UTF-16 of Latin letters is these letters with zeros between.
    const text = bytes.toString().replaceAll('\0', '')
    const stretches = text.match(READABLE) ?? []
    said.push(...stretches)
    // The last character may be cut.
    if ((stretches[0]?.length ?? 0) >= text.length - 3) break
  }
  return said.join('\n')
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
