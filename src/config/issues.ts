import type { z } from 'zod'
import type { ConfigDocument, Path } from './document.ts'
import type { ConfigError } from './errors.ts'
import { nearest } from './nearest.ts'
import { configurationSchema, type JsonSchema } from './schema.ts'
import { SECRET_IN_CLEAR } from './schema/values.ts'

type Issue = z.core.$ZodIssue

/** What the schema found wrong, each in its place and with a fix. Values of text are never repeated: one may be a secret. */
export function errorsOf(document: ConfigDocument, issues: readonly Issue[]): ConfigError[] {
  const schema = configurationSchema()
  return issues
    .flatMap((issue) => likeliest(issue, document.value))
    .flatMap((issue) => errorsOfIssue({ document, schema }, issue))
}

/** Of the forms that a setting may have, the one that was meant: the only one of the right kind. */
function likeliest(issue: Issue, root: unknown): Issue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const value = valueAt(root, issue.path)
  const meant = issue.errors.filter((branch) => !branch.some((inner) => isOfOtherKind(inner, value)))
  const [only] = meant
  if (only === undefined || meant.length > 1) return [issue]

  return only.flatMap((inner) => likeliest({ ...inner, path: [...issue.path, ...inner.path] }, root))
}

function isOfOtherKind(issue: Issue, value: unknown): boolean {
  if (issue.path.length > 0) return false
  if (issue.code === 'invalid_value') return issue.values.every((one) => typeof one !== typeof value)
  return issue.code === 'invalid_type' || issue.code === 'invalid_union'
}

interface Scene {
  readonly document: ConfigDocument
  readonly schema: JsonSchema
}

function errorsOfIssue(scene: Scene, issue: Issue): ConfigError[] {
  const { document } = scene
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(scene, issue.path, key))

  const known = schemasAt(scene.schema, issue.path)
  const value = valueAt(document.value, issue.path)
  const place = issue.code === 'invalid_key' ? document.placeOfKey(issue.path) : document.placeOf(issue.path)
  const where = printPath(issue.path)
  const hint = exampleHint(issue.path, known)
  if (value === undefined)
    return [
      {
        file: document.file,
        ...place,
        message: `${where} is missing`,
        hint: hint.replace('write', 'add it'),
      },
    ]

  const sentence = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message
  const meant = typeof value === 'string' ? nearest(value, wordsOf(known)) : undefined
  const found =
    /^(?:expected|Invalid)/.test(sentence) && !/at least|at most/.test(sentence) ? kindOf(value) : ''
  return [
    {
      file: document.file,
      ...place,
      message: `${where}: ${sentence}${found === '' ? '' : `; found ${found}`}`,
      hint:
        meant !== undefined
          ? `did you mean ${meant}?`
          : sentence === SECRET_IN_CLEAR
            ? `put it into a file of its own, and ${hint}`
            : hint,
    },
  ]
}

function unknownKey({ document, schema }: Scene, path: Path, key: string): ConfigError {
  const names = schemasAt(schema, path).flatMap(({ properties }) => Object.keys(properties ?? {}))
  const meant = nearest(key, names)
  const elsewhere = meant === undefined ? homeOf(schema, key) : undefined
  const of = path.length === 0 ? '' : ` of ${printPath(path)}`
  return {
    file: document.file,
    ...document.placeOfKey([...path, key]),
    message: `${printable(key)} is not a setting${of}`,
    hint:
      meant !== undefined
        ? `did you mean ${meant}?`
        : elsewhere !== undefined
          ? `it belongs in ${elsewhere}`
          : `remove it; known here: ${names.join(', ')}`,
  }
}

/** Where else a key is known: it may only stand in the wrong place. */
function homeOf(schema: JsonSchema, key: string, path = ''): string | undefined {
  for (const { properties, items } of formsOf(schema)) {
    if (path !== '' && properties !== undefined && Object.hasOwn(properties, key)) return path
    for (const [name, inner] of Object.entries(properties ?? {})) {
      const home = homeOf(inner, key, path === '' ? name : `${path}.${name}`)
      if (home !== undefined) return home
    }
    const home = items && homeOf(items, key, `${path}[]`)
    if (home !== undefined) return home
  }
  return undefined
}

/** The forms that a setting may have, itself included. */
function formsOf(schema: JsonSchema): readonly JsonSchema[] {
  return [schema, ...(schema.anyOf ?? []).flatMap(formsOf)]
}

function schemasAt(schema: JsonSchema, path: Path): readonly JsonSchema[] {
  let at = formsOf(schema)
  for (const step of path) {
    at = at.flatMap((one) => formsOf(memberOf(one, step) ?? {}))
  }
  return at
}

function memberOf(schema: JsonSchema, step: PropertyKey): JsonSchema | undefined {
  if (typeof step === 'number') return schema.items
  const { properties = {}, additionalProperties } = schema
  if (Object.hasOwn(properties, step)) return properties[String(step)]
  return typeof additionalProperties === 'object' ? additionalProperties : undefined
}

function wordsOf(schemas: readonly JsonSchema[]): string[] {
  return schemas.flatMap((schema) => schema.enum ?? []).filter((word) => typeof word === 'string')
}

function exampleHint(path: Path, schemas: readonly JsonSchema[]): string {
  const name = path.at(-1)
  const example = exampleOf(schemas)
  if (example === undefined) return 'see docs/reference/configuration.md'
  return typeof name === 'string'
    ? `write, for example, ${name}: ${example}`
    : `write, for example, - ${example}`
}

function exampleOf(schemas: readonly JsonSchema[]): string | undefined {
  for (const schema of schemas) {
    const example = schema.examples?.[0] ?? schema.default
    if (example !== undefined && !isEmpty(example)) return printExample(example)
  }
  for (const { items, properties, required } of schemas) {
    const inner = items && exampleOf(formsOf(items))
    if (inner !== undefined) return `[${inner}]`
    const members = (required ?? []).map(
      (name) => [name, exampleOf(formsOf(properties?.[name] ?? {}))] as const,
    )
    if (members.length > 0) return `{ ${members.map(([name, one]) => `${name}: ${one ?? '…'}`).join(', ')} }`
  }
  return undefined
}

function isEmpty(example: unknown): boolean {
  return typeof example === 'object' && example !== null && Object.keys(example).length === 0
}

function printExample(example: unknown): string {
  if (Array.isArray(example)) return `[${example.map(printExample).join(', ')}]`
  const text = typeof example === 'string' ? example : JSON.stringify(example)
  return typeof example === 'string' && /^[\d.]+$|^[*&!%@`[{]|: |^file:/.test(text)
    ? JSON.stringify(text)
    : text
}

/** What stands there, when saying so helps and gives nothing away. */
function kindOf(value: unknown): string {
  if (value === null) return 'nothing'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a map' : ''
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined
    at = Reflect.get(at, step)
  }
  return at
}

/** `routes[0].upstream.url`. */
export function printPath(path: Path): string {
  const text = path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${printable(String(step))}`))
    .join('')
  return text === '' ? 'the configuration' : text.replace(/^\./, '')
}

/** A key of the file, fit for a line on a terminal. */
function printable(key: string): string {
  return key.replace(/[^\x20-\x7e]/g, '?').slice(0, 64)
}
