/** Shapes of tokens: what a text looks like when one cannot read it. */
export const SHAPES = 160

/** Words that sentences in Latin letters are held together by. */
const BINDING = new Set(
  `a an and are as at be been but by can could did do does for from had has have he her his how i if in into is it its just
  may me more my no not of on or our out please she should so some than that the their them then there these they this to up
  was we were what when where which who why will with would you your
  der die das und ist nicht ein eine zu den dem mit von auf für im es ich sie wie bei aus
  le la les de des du un une et est pas pour que qui dans sur en il elle ce au avec je vous nous
  el los las del y por con para una se lo como más su al es di il che non per sono come più da della
  o os as um uma não em com do dos das ao het een van niet met voor op dat ve bir bu için ne na w z się i nie je to`.split(
    /\s+/,
  ),
)

const SPACED = 80
const WORD = { binding: 0, short: 1, lower: 2, capital: 3, capitals: 4, mixed: 5 } as const
const DIGITS = 6
const LINE = 7
const SCRIPTS = 8
const SCRIPT_COUNT = 11
const KANA = SCRIPTS + 6
const MARKS = SCRIPTS + SCRIPT_COUNT
const MARK_COUNT = 34
const RUNS = MARKS + MARK_COUNT
const RUN_COUNT = SPACED - RUNS

const KIND = { space: 0, line: 1, digit: 2, mark: 3, latin: 4 } as const
/** Scripts that have a kind each; letters of all others share one. */
const OTHERS = [
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Arabic}/u,
  /\p{Script=Hebrew}/u,
  /\p{Script=Devanagari}|\p{Script=Bengali}/u,
  /\p{Script=Han}/u,
  /\p{Script=Hiragana}|\p{Script=Katakana}/u,
  /\p{Script=Hangul}/u,
  /\p{Script=Thai}/u,
  /\p{L}|\p{M}/u,
]

/** What each code unit is; from 5 on, another script. */
const kinds = Uint8Array.from({ length: 0x1_0000 }, (_, unit) => kindOf(unit))

/** Tokens of a text: `count` places and shapes. Behind the last place stands the length of the text. */
export interface Shapes {
  readonly starts: Uint32Array
  readonly shapes: Uint8Array
  readonly count: number
}

/** Reads a text as shapes, in one pass. */
export function shapesOf(text: string): Shapes {
  const starts = new Uint32Array(text.length + 1)
  const shapes = new Uint8Array(text.length)
  let count = 0
  let spaced = 0
  for (let at = 0; at < text.length;) {
    const kind = kinds[text.charCodeAt(at)] ?? KIND.mark
    let end = at + 1
    while (end < text.length && kinds[text.charCodeAt(end)] === kind) end += 1
    if (kind === KIND.space) spaced = SPACED
    else {
      starts[count] = at
      shapes[count++] = spaced + shapeOf(text, at, end, kind)
      spaced = 0
    }
    at = end
  }
  starts[count] = text.length
  return { starts, shapes, count }
}

function shapeOf(text: string, start: number, end: number, kind: number): number {
  if (kind === KIND.line) return LINE
  if (kind === KIND.digit) return DIGITS
  if (kind === KIND.latin) return wordShape(text, start, end)
  if (kind > KIND.latin) return SCRIPTS + (kind - KIND.latin - 1)
  const first = text.charCodeAt(start)
  if (end - start === 1 || repeats(text, start, end))
    return MARKS + (first < 128 ? first % (MARK_COUNT - 1) : MARK_COUNT - 1)
  let hash = 0
  for (let at = start; at < Math.min(end, start + 3); at++) hash = (hash * 31 + text.charCodeAt(at)) >>> 0
  return RUNS + (hash % RUN_COUNT)
}

function repeats(text: string, start: number, end: number): boolean {
  for (let at = start + 1; at < end; at++) if (text.charCodeAt(at) !== text.charCodeAt(start)) return false
  return true
}

function wordShape(text: string, start: number, end: number): number {
  let upper = 0
  for (let at = start; at < end; at++) if (isUpper(text.charCodeAt(at))) upper += 1
  const length = end - start
  if (length < 9 && BINDING.has(text.slice(start, end).toLowerCase())) return WORD.binding
  if (upper === 0) return length < 4 ? WORD.short : WORD.lower
  if (upper === length) return WORD.capitals
  return upper === 1 && isUpper(text.charCodeAt(start)) ? WORD.capital : WORD.mixed
}

function isUpper(unit: number): boolean {
  return (unit >= 65 && unit <= 90) || (unit >= 0xc0 && unit <= 0xde)
}

function kindOf(unit: number): number {
  const char = String.fromCharCode(unit)
  if (char === '\n' || char === '\r') return KIND.line
  if (/\s/.test(char)) return KIND.space
  if (/\p{Nd}/u.test(char)) return KIND.digit
  if (/\p{Script=Latin}|[\u0300-\u036f]/u.test(char)) return KIND.latin
  const script = OTHERS.findIndex((pattern) => pattern.test(char))
  return script < 0 ? KIND.mark : KIND.latin + 1 + script
}

/** A word, of any script. */
export function isWord(shape: number): boolean {
  const bare = shape % SPACED
  return bare < DIGITS || (bare >= SCRIPTS && bare < MARKS)
}

/** A word that holds a sentence together. */
export function isBinding(shape: number): boolean {
  return shape % SPACED === WORD.binding
}

/** A word with capitals inside it. */
export function capitalsWithin(shape: number): boolean {
  return shape % SPACED === WORD.mixed
}

/** Digits. */
export function isDigits(shape: number): boolean {
  return shape % SPACED === DIGITS
}

/** The end of a line. */
export function isLine(shape: number): boolean {
  return shape % SPACED === LINE
}

/** Several marks that are not the same one. */
export function isMarks(shape: number): boolean {
  return shape % SPACED >= RUNS
}

/** Of a word: 0 where it is in Latin letters; Han and kana are one. */
export function scriptOf(shape: number): number {
  const bare = shape % SPACED
  return bare < DIGITS ? 0 : bare === KANA ? KANA - 1 : bare
}
