/** A Cedar string literal of any text. */
export function cedarString(text: string): string {
  return `"${escaped(text)}"`
}

/**
 * A glob as the pattern of Cedar's `like`. `*` stands for any run of characters; `\*` is a star and `\\` a backslash.
 * A backslash before anything else is itself: a glob that ends in one must not escape the closing quote.
 */
export function likePattern(glob: string): string {
  let pattern = ''
  for (const [part] of glob.matchAll(/\\[\\*]|\*|[^\\*]+|\\/g)) {
    pattern += part === '*' || part === '\\*' ? part : part === '\\\\' ? '\\\\' : escaped(part)
  }
  return `"${pattern}"`
}

/** The same glob as a regular expression, for what is matched at load. */
export function globRegExp(glob: string): RegExp {
  const source = glob.replace(/\\[\\*]|\*|[.+?^${}()|[\]\\]/g, (part) =>
    part === '*' ? '[^]*' : part.length === 2 ? part : `\\${part}`,
  )
  return new RegExp(`^${source}$`)
}

function escaped(text: string): string {
  return text.replace(/["\\]|[\x00-\x1f\x7f]/g, (char) =>
    char === '"' || char === '\\' ? `\\${char}` : `\\u{${char.charCodeAt(0).toString(16)}}`,
  )
}
