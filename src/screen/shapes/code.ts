/** How far inline code and quotation marks may stand from what they enclose, in code units. */
const NEAR = 80
/** Fences are counted in the piece of a text that a detector sees. */
const FENCE = '```'

/**
 * Tells whether a span stands in a code fence, in inline code or right in quotation marks: shown, not said. An attacker can
 * write these as well, and an agent then reads an example, which it obeys far less.
 *
 * A piece may begin inside a fence. Where its fences do not pair, either reading excuses.
 */
export function isShown(text: string, start: number, end: number): boolean {
  return isFenced(text, start) || isInline(text, start, end) || isEnclosed(text, start, end)
}

function isFenced(text: string, start: number): boolean {
  const first = text.indexOf(FENCE)
  if (first < 0) return false
  let before = 0
  let all = 0
  for (let at = first; at >= 0; at = text.indexOf(FENCE, at + FENCE.length)) {
    all += 1
    if (at < start) before += 1
  }
  return before % 2 === 1 || (all % 2 === 1 && before < all)
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
