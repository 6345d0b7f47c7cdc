/** How far inline code and quotation marks may stand from what they enclose, in code units. */
const NEAR = 80
/** Fences are counted in the piece of a text that a detector sees. */
const FENCE = '```'

/** Whether a span of the text is shown, not said. */
export type IsShown = (start: number, end: number) => boolean

/**
 * Tells of each span of a text whether it stands in a code fence, in inline code or right in quotation marks: shown, not
 * said. An attacker can write these as well, and an agent then reads an example, which it obeys far less.
 *
 * A piece may begin inside a fence. Where its fences do not pair, either reading excuses.
 */
export function shownIn(text: string): IsShown {
  let fences: readonly number[] | undefined
  return (start, end) => {
    fences ??= fencesOf(text)
    return isFenced(fences, start) || isInline(text, start, end) || isEnclosed(text, start, end)
  }
}

function fencesOf(text: string): readonly number[] {
  const found: number[] = []
  for (let at = text.indexOf(FENCE); at >= 0; at = text.indexOf(FENCE, at + FENCE.length)) found.push(at)
  return found
}

function isFenced(fences: readonly number[], start: number): boolean {
  const next = fences.findIndex((at) => at >= start)
  const before = next < 0 ? fences.length : next
  return before % 2 === 1 || (fences.length % 2 === 1 && before < fences.length)
}

function isInline(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - NEAR), start)
  const line = before.slice(before.lastIndexOf('\n') + 1)
  const ticks = line.length - line.replaceAll('`', '').length
  const close = text.indexOf('`', end)
  return ticks % 2 === 1 && close >= 0 && close < end + NEAR
}

function isEnclosed(text: string, start: number, end: number): boolean {
  const open = text.charAt(start - 1)
  const close = PAIRS.get(open)
  return close !== undefined && text.charAt(end) === close
}

const PAIRS: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ['`', '`'],
  ['\u201c', '\u201d'],
  ['\u2018', '\u2019'],
  ['\u201e', '\u201c'],
  ['\u00ab', '\u00bb'],
])
