import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { JsonObject } from '../core/json.ts'
import { readDocument } from './document.ts'
import { type ConfigError, ConfigErrors } from './errors.ts'
import { errorsOf } from './issues.ts'
import { list, oneOrMore, section, text, word } from './schema/values.ts'

const principal = section({
  roles: oneOrMore(text('reader')).optional(),
  scopes: oneOrMore(text('chat')).optional(),
  subject: text('alice').optional(),
  claims: z.record(z.string(), z.json()).optional(),
})

const one = section({
  as: z.union([text('reader'), principal]),
  do: text('chat/completions'),
  on: text('support'),
  model: text('gpt-5').optional(),
  tool: text('transfer').optional(),
  method: text('GET').optional(),
  args: z.record(z.string(), z.json()).optional(),
  expect: word(['permit', 'forbid']),
  rule: text('allow:support:1').optional(),
})

const file = section({ tests: list(one, 10_000) })

/** One line of a table that policies are held to. */
export interface PolicyTest {
  readonly file: string
  readonly line: number
  readonly roles: readonly string[]
  readonly scopes: readonly string[] | undefined
  readonly subject: string
  readonly claims: JsonObject
  readonly operation: string
  readonly route: string
  readonly model: string | undefined
  readonly tool: string | undefined
  readonly method: string | undefined
  readonly args: JsonObject | undefined
  readonly expect: 'permit' | 'forbid'
  /** A policy that must be among those that decided. */
  readonly rule: string | undefined
}

/**
 * Tests that stand beside the configuration and its policies: `*.test.yaml` in their folders.
 *
 * @param paths What the configuration was read from, as `readConfig` gives it.
 * @throws {ConfigErrors} where one cannot be read: a test that is left out is one that passes.
 */
export function readPolicyTests(paths: readonly string[]): { tests: PolicyTest[]; files: string[] } {
  const folders = [
    ...new Set(paths.filter(isPolicyPlace).map((path) => (isFolder(path) ? path : dirname(path)))),
  ]
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.test.yaml'))
      .sort()
      .map((name) => join(folder, name)),
  )
  return { tests: files.flatMap(readOne), files }
}

// Keys and certificates lie elsewhere; their folders are nobody's place for tests.
function isPolicyPlace(path: string, index: number): boolean {
  return index === 0 || path.endsWith('.cedar') || isFolder(path)
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function readOne(path: string): PolicyTest[] {
  const document = readDocument(path, readFileSync(path, 'utf8'))
  const read = file.safeParse(document.value)
  if (!read.success) throw new ConfigErrors(errorsOf(document, read.error.issues).map(inTests))
  return read.data.tests.map((test, index) => {
    const who = typeof test.as === 'string' ? { roles: [test.as] } : test.as
    const { roles = [], scopes, subject = 'somebody', claims = {} } = who
    return {
      file: path,
      line: document.placeOf(['tests', index]).line,
      roles,
      scopes,
      subject,
      claims,
      operation: test.do,
      route: test.on,
      model: test.model,
      tool: test.tool,
      method: test.method,
      args: test.args,
      expect: test.expect,
      rule: test.rule,
    }
  })
}

// Examples for hints come from the configuration's schema, which knows nothing of tests.
function inTests(error: ConfigError): ConfigError {
  return {
    ...error,
    hint: 'write a test as { as: ROLE, do: OPERATION, on: ROUTE, expect: permit or forbid }',
  }
}
