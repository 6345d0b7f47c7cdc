import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cli } from '../../fixtures/cli.ts'
import { altered, configFolder, GOOD, type ConfigFolder } from '../../fixtures/config.ts'

let folder: ConfigFolder

beforeAll(async () => {
  folder = await configFolder()
  folder.put('good.yaml', GOOD)
})
afterAll(() => folder.remove())

const at = (name: string): string => join(folder.path, name)

it('says that a configuration is valid, and what is in it', async () => {
  const { code, out, err } = await cli(`validate -c ${at('good.yaml')}`)

  expect([code, err]).toEqual([0, ''])
  expect(out).toMatch(/good\.yaml: valid, revision [\w-]{16} \(1 routes, 1 issuers, 1 policies\)\n$/)
})

it('says it as JSON', async () => {
  const { code, out } = await cli(`validate --config=${at('good.yaml')} --json`)

  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({
    ok: true,
    revision: expect.stringMatching(/^[\w-]{16}$/),
    routes: ['chat'],
    issuers: ['https://idp.test'],
    policies: 1,
    files: [at('good.yaml'), at('tls.crt'), at('tls.key'), at('jwks.json')],
  })
})

it('lists every error with its place and its fix, on standard error', async () => {
  folder.put('bad.yaml', altered('version: 1', 'version: 2\nlisten_on: 3'))

  const { code, out, err } = await cli(`validate -c ${at('bad.yaml')}`)

  expect([code, out]).toEqual([2, ''])
  expect(err).toContain(
    `${at('bad.yaml')}:1:10: version: expected version 1; found 2\n  fix: write, for example, version: 1\n`,
  )
  expect(err).toContain(`${at('bad.yaml')}:2:1: listen_on is not a setting\n  fix: did you mean listen?\n`)
  expect(err).toContain('2 errors')
})

it('lists them as JSON too', async () => {
  folder.put('bad.yaml', altered('version: 1', 'version: 2'))

  const { code, out } = await cli(`validate -c ${at('bad.yaml')} --json`)

  expect(code).toBe(2)
  expect(JSON.parse(out)).toEqual({
    ok: false,
    errors: [
      { file: at('bad.yaml'), line: 1, column: 10, message: expect.any(String), hint: expect.any(String) },
    ],
  })
})

it('checks policies, and names their file by a path that can be opened from here', async () => {
  folder.put(
    'policies/site.cedar',
    '// first\npermit (principal, action, resource) when { context.principal.rolls };\n',
  )
  folder.put('ruled.yaml', altered('version: 1', 'version: 1\npolicies: ./policies'))

  const { code, err } = await cli(`validate -c ${at('ruled.yaml')}`)

  expect(code).toBe(2)
  expect(err).toContain(`${at('policies/site.cedar')}:2:`)
  expect(err).toContain('fix: ')
})

it('looks at a template without its secrets, and only then', async () => {
  folder.put(
    'template.yaml',
    altered('./tls.key', '/no/such/place').replace('https://gate.test', 'https://agents.example.com'),
  )

  const strict = await cli(`validate -c ${at('template.yaml')}`)
  const template = await cli(`validate -c ${at('template.yaml')} --template`)

  expect([strict.code, template.code]).toEqual([2, 0])
  expect(strict.err).toContain('ENOENT')
  expect(strict.err).toContain('placeholder')
})

it.each([
  ['validate', /no configuration was named\n {2}fix: add -c FILE/],
  ['validate -c /no/such/file.yaml', /no such file\n {2}fix: name the configuration/],
  ['validate -c', /fix: see sallyport help validate/],
])('asks for the file: %s', async (line, message) => {
  const { code, err } = await cli(line)

  expect(code).toBe(2)
  expect(err).toMatch(message)
})
