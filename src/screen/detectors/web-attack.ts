import type { Detector } from '../../core/verdict.ts'
import { attacks } from '../web/attacks.ts'
import { decodeValue } from '../web/decode.ts'

/** Values that are longer, in code units, or have more lines, are texts or programs: a tool may well be given these. */
const SCALAR_MAX = 512
const LINES_MAX = 4
/** Words of an ordinary kind in a row, that only prose has. */
const PROSE = /(?:\p{L}{2,16},? ){8}/u
/** No value without one of these breaks out of anything. */
const ANY = /['"`;|&<>(){}$%*\\#\0\n]|\.\.|--|\/|\b(?:or|and|union|select|exec|by|having)\b/i

/** Values that are a command line, or a statement, as a whole: what a tool is there to run. */
const COMMAND_LINE =
  /^(?:sudo|cd|git|gh|npm|npx|yarn|pnpm|bun|node|deno|make|cmake|docker|kubectl|helm|terraform|aws|gcloud|az|pip3?|python3?|pytest|uv|cargo|go|mvn|gradle|java|ruby|find|grep|rg|ls|cat|echo|sed|awk|head|tail|test|export|set|mkdir|touch|cp|mv|rm|chmod|curl|wget|source|apt(?:-get)?|brew|tar|zip|unzip|jq|ps|wc|sort|diff|tree|pwd|which|env|for|if|while|psql|mysql|sqlite3|ssh|scp|rsync|bash|sh|\.\/[\w./-]{1,64})\s/
const STATEMENT =
  /^\s{0,4}(?:select|with|insert into|update|delete from|create|show|explain|pragma|describe|alter)\s.{0,400}\b(?:from|into|table|tables|set|values|as|index|view|database|where)\b/

/** Finds values of parameters that break out of what a program puts them into. On prose and code it would be wrong, so it looks at short values alone. */
export const webAttack: Detector = {
  name: 'web-attack',
  summary:
    'Short arguments of tools that break out of SQL, pages, commands, paths, LDAP, NoSQL, XML or templates, or that name hosts inside.',
  costNsPerCharMax: 400,
  origins: ['tool-argument'],
  example: { attack: "1' or '1'='1", innocent: "Jeanne d'Arc or Napoleon" },
  scan({ text, decodedBy }) {
    if (decodedBy !== undefined || !isScalar(text) || !ANY.test(text)) return []
    const value = decodeValue(text)
    const meant = meantOf(value)
    const found = attacks.filter(([rule, , pattern]) => !rule.startsWith(meant) && pattern.test(value))
    return found.map(([rule, score]) => ({ detector: 'web-attack', rule, score, start: 0, end: text.length }))
  },
}

function isScalar(text: string): boolean {
  return text.length <= SCALAR_MAX && text.split('\n', LINES_MAX + 1).length <= LINES_MAX && !PROSE.test(text)
}

/** The family of rules that a value as a whole would set off by what it is there for. */
function meantOf(value: string): string {
  if (COMMAND_LINE.test(value)) return 'cmdi/'
  return STATEMENT.test(value) ? 'sqli/' : '-'
}
