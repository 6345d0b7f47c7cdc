import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cli } from '../../fixtures/cli.ts'
import { configFolder, type ConfigFolder, GOOD } from '../../fixtures/config.ts'

let folder: ConfigFolder
let path: string

beforeEach(async () => {
  folder = await configFolder()
  path = folder.put('gate.yaml', GOOD)
})
afterEach(() => folder.remove())

const run = (...argv: string[]): ReturnType<typeof cli> => cli(['test', '-c', path, ...argv])

describe('test', () => {
  it('runs what stands beside the configuration, and tells what is not asked', async () => {
    folder.put(
      'gate.test.yaml',
      `tests:
  - { as: reader, do: chat/completions, on: chat, model: m, expect: permit, rule: "allow:chat:1" }
  - { as: { roles: [guest], subject: eve, claims: { team: red } }, do: models, on: chat, expect: forbid }
`,
    )

    const { code, out, err } = await run()

    expect(code).toBe(0)
    expect(out).toBe('2 of 2 tests passed; 1 of 6 cells asked about\n')
    expect(err).toContain('not asked: chat embeddings reader')
  })

  it.each([
    [
      '{ as: reader, do: models, on: chat, expect: forbid }',
      'expected forbid, is permit by allow:chat:1 (gate.yaml:',
    ],
    ['{ as: guest, do: models, on: chat, expect: permit }', 'expected permit, is forbid'],
    [
      '{ as: reader, do: models, on: chat, expect: permit, rule: other }',
      'expected other to decide, is permit by',
    ],
    ['{ as: reader, do: models, on: chats, expect: permit }', 'there is no route chats'],
  ])('names file and line of one that fails: %s', async (line, message) => {
    folder.put(
      'gate.test.yaml',
      `tests:\n  - { as: reader, do: models, on: chat, expect: permit }\n  - ${line}\n`,
    )

    const { code, out } = await run()

    expect(code).toBe(1)
    expect(out).toContain(`gate.test.yaml:3:1: ${message}`)
    expect(out).toContain('1 of 2 tests passed')
  })

  it.each([
    ['tests: [{ as: reader, do: models, on: chat }]', 'expect'],
    ['tests: [{ as: reader, do: models, on: chat, expect: maybe }]', 'permit'],
    ['tests: [{ as: reader, do: models, on: chat, expect: permit, rules: x }]', 'rules'],
    ['test: []', 'tests'],
  ])('takes no test that it cannot read: %s', async (text, word) => {
    folder.put('gate.test.yaml', text)

    const { code, err } = await run()

    expect(code).toBe(2)
    expect(err).toContain('gate.test.yaml:1:')
    expect(err).toContain(word)
  })

  it('says it as JSON', async () => {
    folder.put('gate.test.yaml', 'tests:\n  - { as: guest, do: models, on: chat, expect: permit }\n')

    const { out } = await run('--json')

    expect(JSON.parse(out)).toMatchObject({ ok: false, count: 1, cells: 6, failures: [{ line: 2 }] })
  })

  it('F10: a gateway does not start on policies that fail their tests', async () => {
    folder.put('gate.test.yaml', 'tests:\n  - { as: guest, do: models, on: chat, expect: permit }\n')

    const { code, err } = await cli(['serve', '-c', path])

    expect(code).toBe(2)
    expect(err).toContain('gate.test.yaml:2:1: expected permit, is forbid')
  })
})
