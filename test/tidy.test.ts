import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { rules, type SourceFile } from './fixtures/tidy-rules.ts'

const root = new URL('..', import.meta.url).pathname
const files: SourceFile[] = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
})
  .toString()
  .split('\n')
  .filter((path) => /\.(?:ts|md|ya?ml|json|cedar|sh)$/.test(path) && path !== 'package-lock.json')
  .filter((path) => existsSync(root + path))
  .map((path) => ({ path, text: readFileSync(root + path, 'utf8') }))

describe('the tree', () => {
  it.each(rules)('$name', (rule) => {
    expect(rule.check(files)).toEqual([])
  })
})

const PLANTED: Readonly<Record<string, readonly SourceFile[]>> = {
  'imports run one way': [{ path: 'src/core/x.ts', text: "import { a } from '../pipeline/handle.ts'\n" }],
  'no circles of imports': [
    { path: 'src/core/x.ts', text: "import { y } from './y.ts'\n" },
    { path: 'src/core/y.ts', text: "export * from './x.ts'\n" },
  ],
  'each package in one folder': [{ path: 'src/audit/x.ts', text: "import Fastify from 'fastify'\n" }],
  'files of at most 400 lines': [{ path: 'src/core/x.ts', text: '\n'.repeat(401) }],
  'every exported name is documented': [{ path: 'src/core/x.ts', text: 'export const x = 1\n' }],
  'nothing left for later': [{ path: 'src/core/x.ts', text: ['// TO', 'DO: later'].join('') }],
  'no names that say nothing': [{ path: 'src/core/x.ts', text: 'class TokenManager {}\n' }],
  'the project stands alone': [{ path: 'docs/x.md', text: ['see ../', 'shared/DESIGN.md'].join('') }],
  'no any, no double cast': [{ path: 'src/core/x.ts', text: ['const x: ', 'any = 1'].join('') }],
  'each member of a registry has its test and its line in the index': [{ path: 'src/cli/x.ts', text: '' }],
  'the rules saw the files': [],
}

describe('each rule finds a planted violation', () => {
  it.each(rules)('$name', (rule) => {
    expect(rule.check(PLANTED[rule.name] ?? []).length).toBeGreaterThan(0)
  })
})
