import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { generated } from '../../../scripts/reference.ts'
import { configurationSchema, type JsonSchema } from '../../../src/config/schema.ts'
import { events } from '../../../src/core/events.ts'
import { problems } from '../../../src/problem/problems.ts'

const root = new URL('../../../', import.meta.url).pathname
const page = (name: string): string => generated().get(name) ?? ''

describe('what is written twice', () => {
  it.each([...generated().keys()])('%s says what the source says (else: npm run generate)', (path) => {
    expect(readFileSync(root + path, 'utf8')).toBe(generated().get(path))
  })

  it('is compared by npm run generate -- --check', () => {
    const output = execFileSync(process.execPath, ['scripts/generate.ts', '--check'], { cwd: root })

    expect(output.toString()).toBe('')
  })

  it('has a row for every problem and every event', () => {
    for (const name of Object.keys(problems))
      expect(page('docs/reference/problems.md')).toContain(`| \`${name}\` |`)
    for (const name of Object.keys(events))
      expect(page('docs/reference/events.md')).toContain(`| \`${name}\` |`)
  })

  it('names no problem in the configuration that there is not', () => {
    const named = page('docs/reference/configuration.md').matchAll(/: `([a-z]+(?:-[a-z]+)+)`\./g)

    for (const [, name] of named) expect(Object.keys(problems)).toContain(name)
  })
})

describe('every setting', () => {
  const settings = [...settingsOf(configurationSchema(), '')]

  it('is looked at', () => {
    expect(settings.length).toBeGreaterThan(90)
  })

  it.each(settings)('%s has a description that ends a sentence', (_, { description = '' }) => {
    expect(description).toMatch(/^.{3,}\.$/)
  })

  it.each(settings)('%s has a row in the reference', (path) => {
    expect(page('docs/reference/configuration.md')).toContain(`| \`${path}\` |`)
  })

  it.each(settings.filter(([, { range }]) => range !== undefined))(
    '%s tells editors its range',
    (path, { range }) => {
      expect([path, page('config/schema.json')].join('\n')).toContain(`Range: ${range}.`)
    },
  )
})

function* settingsOf(schema: JsonSchema, prefix: string): Generator<[string, JsonSchema]> {
  for (const form of formsOf(schema)) {
    for (const [name, setting] of Object.entries(form.properties ?? {})) {
      yield [prefix + name, setting]
      yield* settingsOf(setting, `${prefix}${name}.`)
      for (const { items } of formsOf(setting))
        if (items !== undefined) yield* settingsOf(items, `${prefix}${name}[].`)
    }
  }
}

function formsOf(schema: JsonSchema): JsonSchema[] {
  return [schema, ...(schema.anyOf ?? []).flatMap(formsOf)]
}
