import type { PolicySource } from '../core/config.ts'
import type { Written } from './problems.ts'

// Cedar's own tokens, as far as a `;` could hide in them: comments run to the end of the line, strings escape with `\`.
const TOKEN = /\s+|\/\/[^\n\r]*|"(?:[^"\\]|\\[^])*"|;|[^\s;"/]+|[^]/g

/**
 * Cuts a file into its policies, each with its place. Cedar's own splitter forgets places and sorts by made-up ids.
 * Every token is in exactly one policy, so a cut in the wrong place is a parse error, never a policy lost.
 */
export function splitPolicies(source: PolicySource): Written[] {
  const policies: Written[] = []
  let line = 1
  let lineStart = 0
  let begin: Begin | undefined
  for (const { 0: token, index } of source.text.matchAll(TOKEN)) {
    const blank = token.startsWith('//') || token.trim() === ''
    if (!blank) begin ??= { index, line, column: index - lineStart + 1 }
    if (token === ';' && begin !== undefined) {
      policies.push(written(source, begin, index + 1))
      begin = undefined
    }

    const breaks = token.split('\n').length - 1
    line += breaks
    if (breaks > 0) lineStart = index + token.lastIndexOf('\n') + 1
  }

  if (begin !== undefined) policies.push(written(source, begin, source.text.length))
  return policies
}

interface Begin {
  readonly index: number
  readonly line: number
  readonly column: number
}

function written({ file, text }: PolicySource, { index, line, column }: Begin, end: number): Written {
  return { file, line, column, text: text.slice(index, end) }
}
