/** A stretch of text that was encoded, and what it says. */
export interface Decoded {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** One encoding that attackers hide instructions in. */
export interface Decoder {
  /** Name of the view, as findings carry it. */
  readonly name: string
  /** Cheap test: could such a run be in this text? */
  suspects(text: string): boolean
  /** Runs in order of place; what decodes to bytes that are no text is left out. */
  decode(text: string): Iterable<Decoded>
}

/** Shortest encoded run that can hold an order, in code units; the patterns say the same. */
const RUN_MIN = 20
const BASE64 = /[A-Za-z0-9+/_-]{20,}(?:\r?\n[A-Za-z0-9+/_-]{4,})*/g
const HEX = /[0-9a-fx\\ ,:]{20,}/gi
const BASE64_UNITS = unitsOf(/[A-Za-z0-9+/_-]/)
const HEX_UNITS = unitsOf(/[0-9a-fx\\ ,:]/i)

/** Words of attacks in disguise. */
const ROT13 = /vtaber|qvfertneq|sbetrg|cebzcg|flfgrz|vafgehpg|eriernr|bireevqr/i
const REVERSED = /erongi|dragersid|tegrof|tpmorp|metsys|tcurtsni|laever|edirrevo/i

/** Stretch that is decoded in one step, and what two neighbours share, in UTF-16 code units. */
const CHUNK = 32_768
const OVERLAP = 4_096
/** Plain text beside the escapes that belongs to what they say. */
const CONTEXT = 128

const PERCENT = /%[0-9a-f]{2}/i
const ENTITY = /&(?:#[0-9]{2,7}|#x[0-9a-f]{2,6}|[a-z]{2,8});/i
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
  {
    name: 'base64',
    suspects: (text) => hasRun(text, BASE64_UNITS),
    decode: (text) =>
      runs(text, BASE64, (run) => (isMixed(run) ? bytesAsText(Buffer.from(run, 'base64')) : undefined)),
  },
  {
    name: 'hex',
    suspects: (text) => hasRun(text, HEX_UNITS),
    decode: (text) => runs(text, HEX, (run) => bytesAsText(hexBytes(run))),
  },
  {
    name: 'url',
    suspects: (text) => text.includes('%') && PERCENT.test(text),
    decode: (text) => around(text, PERCENT, unpercent),
  },
  {
    name: 'html',
    suspects: (text) => text.includes('&') && ENTITY.test(text),
    decode: (text) => around(text, ENTITY, unentity),
  },
  {
    name: 'escape',
    suspects: (text) => text.includes('\\') && ESCAPE.test(text),
    decode: (text) => around(text, ESCAPE, unescapeText),
  },
  {
    name: 'rot13',
    suspects: (text) => ROT13.test(text),
    decode: (text) => whole(text, ROT13, (run) => run.replace(/[a-z]/gi, rotate)),
  },
  {
    name: 'reversed',
    suspects: (text) => REVERSED.test(text),
    decode: (text) => whole(text, REVERSED, (run) => [...run].reverse().join('')),
  },
]

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

function* runs(
  text: string,
  pattern: RegExp,
  decode: (run: string) => string | undefined,
): Generator<Decoded> {
  for (const match of text.matchAll(pattern)) {
    const run = match[0].trim()
    const decoded = decode(run)
    if (decoded === undefined) continue

    const start = match.index + match[0].indexOf(run)
    yield { start, end: start + run.length, text: decoded }
  }
}

/** Bytes written in pairs of digits, apart or together; a lone digit is a word of the text around them. */
function hexBytes(run: string): Buffer {
  const groups = run.split(/0x|\\x|[ ,:]/i).filter((group) => group.length % 2 === 0)
  return Buffer.from(groups.join(''), 'hex')
}

/** Bytes as text when they are UTF-8 or UTF-16 and mostly printable; keys, hashes and images are not. */
function bytesAsText(bytes: Buffer): string | undefined {
  if (bytes.length < 8) return undefined
  const text = looksUtf16(bytes) ? bytes.toString('utf16le') : bytes.toString('utf8')
  const head = text.slice(0, 256)
  const odd = head.match(/[\0-\x08\x0e-\x1f\x7f-\x9f\ufffd]/g)?.length ?? 0
  return odd * 8 > head.length ? undefined : text
}

function looksUtf16(bytes: Buffer): boolean {
  return bytes[1] === 0 && bytes[3] === 0 && bytes[5] === 0
}

/** Stretches of a long text, so that one step of decoding is short, and neighbours share more than a signature. */
function* chunks(text: string): Generator<readonly [start: number, chunk: string]> {
  for (let start = 0; start === 0 || start + OVERLAP < text.length; start += CHUNK - OVERLAP) {
    yield [start, text.slice(start, start + CHUNK)]
  }
}

/** The part of each stretch that holds escapes, with the words before and after it. */
function* around(text: string, escape: RegExp, decode: (run: string) => string): Generator<Decoded> {
  for (const [offset, chunk] of chunks(text)) {
    const first = chunk.search(escape)
    if (first < 0) continue
    const start = Math.max(0, first - CONTEXT)
    const end = Math.min(chunk.length, chunk.lastIndexOf(chunk[first] ?? '') + CONTEXT)
    yield { start: offset + start, end: offset + end, text: decode(chunk.slice(start, end)) }
  }
}

/** Stretches that show a word in disguise. */
function* whole(text: string, tell: RegExp, decode: (run: string) => string): Generator<Decoded> {
  for (const [start, chunk] of chunks(text)) {
    if (tell.test(chunk)) yield { start, end: start + chunk.length, text: decode(chunk) }
  }
}

function unpercent(run: string): string {
  return run.replace(/(?:%[0-9a-f]{2})+/gi, (codes) =>
    Buffer.from(codes.replaceAll('%', ''), 'hex').toString(),
  )
}

function unentity(run: string): string {
  return run.replace(/&(?:#([0-9]{2,7})|#x([0-9a-f]{2,6})|([a-z]{2,8}));/gi, (whole, decimal, hex, name) => {
    if (typeof name === 'string') return NAMED.get(name.toLowerCase()) ?? whole
    return character(
      typeof decimal === 'string' ? Number.parseInt(decimal, 10) : Number.parseInt(String(hex), 16),
    )
  })
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
