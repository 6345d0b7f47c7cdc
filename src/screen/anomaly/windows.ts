import { background, UNITS_A_BIT } from './background.ts'
import {
  capitalsWithin,
  isBinding,
  isDigits,
  isLine,
  isMarks,
  isWord,
  scriptOf,
  type Shapes,
  SHAPES,
} from './shapes.ts'

/** Tokens that are judged together. A suffix has some twenty. */
export const WINDOW = 16
/** Windows begin every so many tokens: each shares all but two tokens with the next. */
const STRIDE = 2
/** What a window of sixteen tokens of a suffix has, and of code, formulas and logs has not: words, no digits, no lines. */
const WORDS_MIN = 5
const DIGITS_MAX = 1
const BINDING_MAX = 2
const DISTINCT_MIN = 13
/** Of words, those of other scripts than Latin: a text in one of these is no riddle, nor is one that names things in it. */
const OTHERS_MIN = 0.12
const OTHERS_MAX = 0.85
/** What each oddity adds, in bits a token. */
const ODDITY = { bracket: 0.15, script: 0.3, change: 0.1, capitals: 0.1, run: 0.1, code: -0.25 } as const
/** Most that oddities add to any window: what falls short of the threshold by more need not be looked at. */
const ODDITIES_MAX = 3.5

const table = background()

/** A stretch that does not look like any text. */
export interface Oddest {
  /** Mean surprise of a token, in bits, with what its oddities add. */
  readonly bits: number
  readonly start: number
  readonly end: number
}

/** The oddest window of a text, if any comes up to `bitsMin`. Linear: windows are of one size and begin at a fixed stride. */
export function oddestWindow(text: string, shapes: Shapes, bitsMin: number): Oddest | undefined {
  const { starts, count } = shapes
  let oddest: Oddest | undefined
  for (let first = 0; first + WINDOW <= count; first += STRIDE) {
    const surprise = surpriseOf(shapes, first)
    if (surprise + ODDITIES_MAX < bitsMin || !mayBeOdd(shapes, first)) continue
    const bits = surprise + odditiesOf(text, shapes, first)
    if (bits < bitsMin || bits <= (oddest?.bits ?? 0)) continue
    oddest = { bits, start: starts[first] ?? 0, end: starts[first + WINDOW] ?? text.length }
  }
  return oddest
}

/** Mean surprise, in bits, of the tokens of a window, each after the two before it. */
function surpriseOf({ shapes }: Shapes, first: number): number {
  let sum = 0
  for (let at = Math.max(2, first); at < first + WINDOW; at++) {
    const shape = shapes[at] ?? 0
    const near = table[(shapes[at - 1] ?? 0) * SHAPES + shape] ?? 0
    const apart = table[((shapes[at - 2] ?? 0) + SHAPES) * SHAPES + shape] ?? 0
    sum += near + apart
  }
  return sum / (2 * UNITS_A_BIT * WINDOW)
}

function mayBeOdd({ shapes }: Shapes, first: number): boolean {
  let [words, digits, binding] = [0, 0, 0]
  for (let at = first; at < first + WINDOW; at++) {
    const shape = shapes[at] ?? 0
    if (isLine(shape)) return false
    if (isDigits(shape)) digits += 1
    if (isWord(shape)) words += 1
    if (isBinding(shape)) binding += 1
  }
  return words >= WORDS_MIN && digits <= DIGITS_MAX && binding <= BINDING_MAX
}

function odditiesOf(text: string, { shapes, starts }: Shapes, first: number): number {
  const distinct = new Set<string>()
  const scripts = new Map<number, number>()
  let [words, changes, capitals, runs, code, last] = [0, 0, 0, 0, 0, -1]
  for (let at = first; at < first + WINDOW; at++) {
    const shape = shapes[at] ?? 0
    const token = text
      .slice(starts[at], starts[at + 1] ?? text.length)
      .trim()
      .toLowerCase()
    distinct.add(token)
    if (isMarks(shape)) runs += 1
    if (CODE.test(token)) code += 1
    if (!isWord(shape)) continue
    words += 1
    if (capitalsWithin(shape)) capitals += 1
    const script = scriptOf(shape)
    if (script > 0) scripts.set(script, (scripts.get(script) ?? 0) + 1)
    if (last >= 0 && script !== last) changes += 1
    last = script
  }
  const others = [...scripts.values()].reduce((sum, n) => sum + n, 0) / words
  if (distinct.size < DISTINCT_MIN || others > OTHERS_MAX || (scripts.size === 1 && others > OTHERS_MIN))
    return -Infinity
  return (
    ODDITY.bracket * unpaired(text.slice(starts[first], starts[first + WINDOW] ?? text.length)) +
    (scripts.size > 1 ? ODDITY.script * scripts.size + ODDITY.change * changes : 0) +
    ODDITY.capitals * capitals +
    ODDITY.run * runs +
    ODDITY.code * code
  )
}

/** Marks that code has between its words. */
const CODE = /^[=;:_"',]$/

/** Brackets that nothing opens or closes. */
function unpaired(text: string): number {
  let [open, lone] = [0, 0]
  for (const char of text) {
    if ('([{'.includes(char)) open += 1
    else if (')]}'.includes(char) && open > 0) open -= 1
    else if (')]}'.includes(char)) lone += 1
  }
  return open + lone
}
