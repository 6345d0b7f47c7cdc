import { z } from 'zod'

/** Lowest and highest value accepted, both included, as one would write them in the file. */
export interface Span {
  readonly min: string
  readonly max: string
}

const TIMES: Units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const SIZES: Units = { B: 1, KiB: 1_024, MiB: 1_048_576, GiB: 1_073_741_824 }

type Units = Readonly<Record<string, number>>

/** A length of time with its unit, `250ms`, `60s`, `5m`, `24h` or `7d`; milliseconds in the gateway. */
export function duration(standard: string, span: Span) {
  return measure('a time with its unit', TIMES, { standard, span })
}

/** A number of bytes with its unit, `512B`, `64KiB`, `2MiB` or `1GiB`; bytes in the gateway. */
export function bytes(standard: string, span: Span) {
  return measure('a size with its unit', SIZES, { standard, span })
}

function measure(what: string, units: Units, { standard, span }: { standard: string; span: Span }) {
  const names = Object.keys(units)
  const pattern = new RegExp(`^(0|[1-9]\\d{0,11})(${names.join('|')})$`)
  const error = `expected ${what} (${names.join(', ')}), such as ${standard}`
  const [min, max] = [amount(span.min, units), amount(span.max, units)]
  return z
    .string({ error })
    .regex(pattern, { error })
    .transform((text, context) => {
      const value = amount(text, units)
      if (value < min || value > max)
        context.addIssue({ code: 'custom', message: `expected ${span.min} to ${span.max}` })
      return value
    })
    .prefault(standard)
    .meta({ range: `${span.min} to ${span.max}`, examples: [standard] })
}

/** The value of a text that the pattern let through. */
function amount(text: string, units: Units): number {
  const [, digits = '', unit = ''] = /^(\d+)(\w+)$/.exec(text) ?? []
  return Number(digits) * (units[unit] ?? Number.NaN)
}

/** A whole number. */
export function count(standard: number, min: number, max: number) {
  const error = `expected a whole number from ${min} to ${max}, such as ${standard}`
  return z.int({ error }).min(min, { error }).max(max, { error }).default(standard)
}

/** Text without control characters, which could forge lines in logs and headers. Not empty. */
export function text(example: string, charsMax = 256): z.ZodString {
  const error = `expected text of 1 to ${charsMax} characters, such as ${example}`
  return z
    .string({ error })
    .regex(/^[^\p{Cc}\p{Cs}\u2028\u2029]+$/u, { error })
    .max(charsMax, { error })
    .meta({ examples: [example] })
}

/** Text of one form. `form` ends the sentence "expected …". */
export function pattern(expression: RegExp, form: string, example: string): z.ZodString {
  const error = `expected ${form}, such as ${example}`
  return z
    .string({ error })
    .max(2_048, { error })
    .regex(expression, { error })
    .meta({ examples: [example] })
}

/** One of a few words; unknown ones are told the nearest. */
export function word<const Words extends readonly [string, ...string[]]>(words: Words) {
  const error = `expected ${words.length > 1 ? 'one of ' : ''}${words.join(', ')}`
  return z.enum(words, { error }).meta({ examples: [words[0]] })
}

/** True or false, and nothing that only looks like it (`yes`, `on`). */
export function flag(standard: boolean): z.ZodDefault<z.ZodBoolean> {
  return z.boolean({ error: 'expected true or false' }).default(standard)
}

/** A list without repetitions, or its only element by itself; a list in the gateway. */
export function oneOrMore<Item>(item: z.ZodType<Item, string>, countMax = 256) {
  return z
    .union([item, distinct(item, countMax).min(1, { error: 'expected at least one element' })])
    .transform((found): readonly Item[] => (isList(found) ? found : [found]))
}

/** A list without repetitions: a second one is a slip, and often of something that was meant to be another. */
export function distinct<Item>(item: z.ZodType<Item, string>, countMax = 256) {
  return list(item, countMax).superRefine((items, context) => {
    for (const [index, one] of items.entries()) {
      if (items.indexOf(one) < index)
        context.addIssue({ code: 'custom', message: 'this stands in the list twice', path: [index] })
    }
  })
}

/** A list of bounded length. */
export function list<Schema extends z.ZodType>(item: Schema, countMax: number) {
  const error = `expected a list of at most ${countMax} elements, each on a line that begins with "- "`
  return z.array(item, { error }).max(countMax, { error })
}

/** A map with exactly these keys. */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'invalid_type' ? 'expected settings of the form "key: value"' : undefined,
  })
}

/** The name of a secret's place, never the secret: `file:PATH` or `env:NAME`. */
export function secret(example: string): z.ZodString {
  const error = (issue: { readonly input?: unknown }): string =>
    looksSecret(issue.input)
      ? SECRET_IN_CLEAR
      : `expected the place of the secret, file:PATH or env:NAME, such as ${example}`
  return z
    .string({ error })
    .regex(REFERENCE, { error })
    .meta({ examples: [example] })
}

/** The message for a secret that stands in the file itself. */
export const SECRET_IN_CLEAR = 'a certificate or key must not stand in the configuration'

const REFERENCE = /^(?:file:[^\p{Cc}]{1,1024}|env:[A-Za-z_][A-Za-z0-9_]{0,127})$/u

function looksSecret(input: unknown): boolean {
  return typeof input === 'string' && (/-----BEGIN|\n/.test(input) || input.length > 200)
}

function isList<Item>(found: Item | readonly Item[]): found is readonly Item[] {
  return Array.isArray(found)
}
