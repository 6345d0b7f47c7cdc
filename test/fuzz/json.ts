import { isDeepStrictEqual } from 'node:util'
import { JsonFault, readJson, type JsonFaultKind } from '../../src/json/read.ts'
import { seeded } from './seeded.ts'

/**
 * Documents made and broken at random, judged by JSON.parse: what we accept, it accepts with an equal value; what we refuse
 * and it accepts is one of the ambiguities that we refuse on purpose.
 */
export const json = {
  name: 'json',

  /** @param cases At least 1. @param seed Any integer; the same seed makes the same documents. Throws on a violation. */
  run(cases: number, seed: number): void {
    const next = seeded(seed)
    for (let i = 0; i < cases; i++) {
      const text = document(next, 4)
      const bytes = Buffer.from(text)
      if (i % 2 === 1) mutate(bytes, next)
      check(bytes)
    }
  },
}

/** Faults of documents that JSON.parse takes: there two readers would differ. */
const STRICTER: ReadonlySet<JsonFaultKind> = new Set([
  'duplicate',
  'surrogate',
  'number-range',
  'utf-8',
  'depth',
])

function check(bytes: Buffer): void {
  const ours = readJson(bytes, { depthMax: 64 })
  const theirs = parse(bytes)
  const accepted = !(ours instanceof JsonFault)

  if (accepted && theirs === undefined) fail(bytes, 'accepted what JSON.parse refuses')
  if (accepted && !isDeepStrictEqual(plain(ours), plain(theirs))) fail(bytes, 'read another value')
  if (!accepted && theirs !== undefined && !STRICTER.has(ours.kind)) fail(bytes, `refused by ${ours.kind}`)
  if (!accepted && (ours.offset < 0 || ours.offset > bytes.length))
    fail(bytes, 'stopped outside the document')
}

function fail(bytes: Buffer, what: string): never {
  throw new Error(`${what}: ${bytes.toString('base64')}`)
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
}

// Prototypes differ by design; entries compare members, `__proto__` among them. Null-prototype targets keep it one.
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value).map(([name, member]) => [name, plain(member)])
}

type Random = (below: number) => number

const LEAVES = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '1.5e3',
  '-12',
  '1e400',
  '1E-400',
  '123456789012345678',
  '""',
  '"a"',
]
const STRINGS = [
  '"\\u0061"',
  '"\\ud83d\\ude00"',
  '"\\ud800"',
  '"gr\u00fc\u00df \u{1f600}"',
  '"\\n\\"\\\\\\/"',
  '"__proto__"',
  '"x y z"',
]
const NAMES = ['"a"', '"b"', '"\\u0061"', '"__proto__"', '"0"', '"\u00e9"', '""', '"constructor"']
const SPACES = ['', '', '', ' ', '\n', '\t', '\r\n  ']

function document(next: Random, depth: number): string {
  const pick = (list: readonly string[]): string => list[next(list.length)] ?? ''
  const padded = (text: string): string => pick(SPACES) + text + pick(SPACES)
  const kind = depth === 0 ? next(2) : next(5)
  if (kind === 0) return padded(pick(LEAVES))
  if (kind === 1) return padded(pick(STRINGS))

  const items = Array.from({ length: next(4) }, () => document(next, depth - 1))
  if (kind === 2) return padded(`[${items.join(',')}]`)
  return padded(`{${items.map((item) => `${padded(pick(NAMES))}:${item}`).join(',')}}`)
}

const BYTES = Buffer.from('{}[]",:\\/u0189eE+-. \n\0\u00e9\ufeff')

function mutate(bytes: Buffer, next: Random): void {
  for (let left = 1 + next(3); left > 0; left--) {
    const at = next(bytes.length)
    bytes[at] = next(3) === 0 ? next(256) : (BYTES[next(BYTES.length)] ?? 0)
  }
}
