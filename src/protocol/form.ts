import type { Texts } from './texts.ts'
import { token } from './texts.ts'

/**
 * Reads `application/x-www-form-urlencoded` text, such as a query or a form, and adds every value as a text of the user.
 *
 * By the parser of the WHATWG URL standard (section 5.1), but strict where that one guesses: a `%` without two hex digits,
 * decoded bytes that are not UTF-8, a raw control or non-ASCII character, and a `_charset_` other than UTF-8 are faults.
 *
 * @param side Begins the places: `query` or `form`.
 * @returns What is wrong, in words without content; undefined when all was read.
 */
export function readForm(text: string, side: 'query' | 'form', texts: Texts): string | undefined {
  if (!RAW.test(text)) return 'a raw character that should be percent-encoded'
  for (const pair of text.split('&')) {
    const equals = pair.indexOf('=')
    const name = decode(equals < 0 ? pair : pair.slice(0, equals))
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1))
    if (name === undefined || value === undefined) return 'percent-encoding that is not of UTF-8'
    if (!charsetAgrees(name, value)) return 'a _charset_ other than UTF-8'

    const at = `${side}:${token(name)}`
    texts.addName('user', at, name)
    texts.add('user', at, value)
  }
  return undefined
}

/** False for a field `_charset_` that would have the receiver decode the form otherwise than we do. */
export function charsetAgrees(name: string, value: string): boolean {
  return name !== '_charset_' || value.toLowerCase() === 'utf-8'
}

const RAW = /^[!-~]*$/

function decode(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    // Strict in both respects (ECMA-262 section 19.2.6.5), and throws a URIError.
    return decodeURIComponent(spaced)
  } catch {
    return undefined
  }
}
