import { base64, hex } from './bytes.ts'
import type { Decoded, Decoder } from './decoder.ts'
import { BACKWARDS, KIND, ROTATED } from './kinds.ts'
import { leet, parted } from './letters.ts'

/** Words of attacks in disguise. */
const ROT13 = new RegExp([...ROTATED.keys()].join('|'), 'i')
const REVERSED = new RegExp([...BACKWARDS.keys()].join('|'), 'i')

/** Plain text beside the escapes that belongs to what they say. */
const CONTEXT = 128

const PERCENT = /%[0-9a-f]{2}/i
/** Three words as a form sends them. */
const FORM = /[a-z]\+[a-z]{2,16}\+[a-z]/i
/** Numbers need no semicolon. */
const ENTITY = /&(?:#[0-9]{2,7}|#x[0-9a-f]{2,6}|[a-z]{2,8};)/i
const ESCAPE = /\\(?:u[0-9a-f]{4}|u\{[0-9a-f]{1,6}\}|x[0-9a-f]{2})/i

const NAMED: ReadonlyMap<string, string> = new Map([
  ['nbsp', ' '],
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['shy', ''],
  ['zwnj', ''],
  ['zwj', ''],
])

/** Every encoding that is looked into, in the order in which it is tried. */
export const decoders: readonly Decoder[] = [
  base64,
  hex,
  {
    name: 'url',
    suspects: (text, kinds) => (kinds & KIND.percent) !== 0 && PERCENT.test(text),
    decode: (text) => around(text, PERCENT, '%', unpercent),
  },
  {
    name: 'form',
    suspects: (text, kinds) => (kinds & KIND.plus) !== 0 && FORM.test(text),
    decode: (text) => around(text, FORM, '+', (run) => unpercent(run.replaceAll('+', ' '))),
  },
  {
    name: 'html',
    suspects: (text, kinds) => (kinds & KIND.ampersand) !== 0 && ENTITY.test(text),
    decode: (text) => around(text, ENTITY, '&', unentity),
  },
  {
    name: 'escape',
    suspects: (text, kinds) => (kinds & KIND.backslash) !== 0 && ESCAPE.test(text),
    decode: (text) => around(text, ESCAPE, '\\', unescapeText),
  },
  {
    name: 'rot13',
    suspects: (text, kinds) => (kinds & KIND.disguise) !== 0 && ROT13.test(text),
    decode: (text) => whole(text, (run) => run.replace(/[a-z]/gi, rotate)),
  },
  {
    name: 'reversed',
    suspects: (text, kinds) => (kinds & KIND.disguise) !== 0 && REVERSED.test(text),
    decode: (text) => whole(text, (run) => [...run].reverse().join('')),
  },
  parted,
  leet,
]

/** The part that holds escapes, which `mark` is part of, with the words before and after it. */
function around(
  text: string,
  escape: RegExp,
  mark: string,
  decode: (run: string) => string,
): readonly Decoded[] {
  const start = Math.max(0, text.search(escape) - CONTEXT)
  const end = Math.min(text.length, text.lastIndexOf(mark) + CONTEXT)
  return [{ start, end, text: decode(text.slice(start, end)) }]
}

function whole(text: string, decode: (run: string) => string): readonly Decoded[] {
  return [{ start: 0, end: text.length, text: decode(text) }]
}

function unpercent(run: string): string {
  return run.replace(/(?:%[0-9a-f]{2})+/gi, (codes) =>
    Buffer.from(codes.replaceAll('%', ''), 'hex').toString(),
  )
}

function unentity(run: string): string {
  return run.replace(
    /&(?:#([0-9]{2,7});?|#x([0-9a-f]{2,6});?|([a-z]{2,8});)/gi,
    (whole, decimal, hex, name) => {
      if (typeof name === 'string') return NAMED.get(name.toLowerCase()) ?? whole
      return character(
        typeof decimal === 'string' ? Number.parseInt(decimal, 10) : Number.parseInt(String(hex), 16),
      )
    },
  )
}

function unescapeText(run: string): string {
  return run.replace(/\\(?:u([0-9a-f]{4})|u\{([0-9a-f]{1,6})\}|x([0-9a-f]{2}))/gi, (_, u, long, x) =>
    character(Number.parseInt(String(u ?? long ?? x), 16)),
  )
}

function character(point: number): string {
  return point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd'
}

function rotate(letter: string): string {
  const code = letter.charCodeAt(0)
  const base = code >= 97 ? 97 : 65
  return String.fromCharCode(base + ((code - base + 13) % 26))
}
