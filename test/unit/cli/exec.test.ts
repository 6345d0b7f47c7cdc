import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Demo, startDemo } from '../../../src/demo/demo.ts'
import { cli } from '../../fixtures/cli.ts'
import { freePort } from '../../fixtures/gate.ts'

let demo: Demo
let env: Record<string, string> = {}
beforeAll(async () => {
  env = { SALLYPORT_DEMO_DIR: mkdtempSync(join(tmpdir(), 'sallyport-cli-')), PATH: process.env['PATH'] ?? '' }
  demo = await startDemo(env, await freePort())
})
afterAll(async () => {
  await demo.close()
  rmSync(demo.folder, { recursive: true })
})

it('runs an unmodified client: the OpenAI SDK finds base URL, key and CA in its environment', async () => {
  const script = `
    import OpenAI from 'openai'
    import { writeFileSync } from 'node:fs'
    const answer = await new OpenAI().chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'Hello there' }] })
    writeFileSync('${demo.folder}/said', answer.choices[0].message.content)`
  const { code } = await cli(['exec', '--', process.execPath, '--input-type=module', '-e', script], { env })

  expect(code).toBe(0)
  expect(readFileSync(join(demo.folder, 'said'), 'utf8')).toMatch(/^You wrote 2 words/)
})

it.each([
  [['exec', '--', 'true'], 0],
  [['exec', '--', 'false'], 1],
  [['exec', '--', 'sh', '-c', 'exit 7'], 1],
])('passes on how %j ended', async (argv, code) => {
  expect((await cli(argv, { env })).code).toBe(code)
})

it.each([
  [['exec'], 'no command was given'],
  [['exec', '--', 'no-such-command'], 'no-such-command cannot be run'],
  [['exec', '--role', 'king', '--', 'true'], 'the demo has no such role'],
])('refuses %j with a fix', async (argv, message) => {
  const { code, err } = await cli(argv, { env })

  expect(code).toBe(2)
  expect(err).toContain(message)
  expect(err).toContain('fix: ')
})
