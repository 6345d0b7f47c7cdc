import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cli } from '../../fixtures/cli.ts'
import { freePort } from '../../fixtures/gate.ts'

let env: Record<string, string> = {}
beforeAll(() => {
  env = { SALLYPORT_DEMO_DIR: mkdtempSync(join(tmpdir(), 'sallyport-cli-')) }
})
afterAll(() => rmSync(env['SALLYPORT_DEMO_DIR'] ?? '', { recursive: true }))

it('prints what to type, and ends when it is interrupted', async () => {
  const port = await freePort()
  const interrupt = new AbortController()
  const { code, out } = await cli(`demo --port ${port}`, {
    env,
    signal: interrupt.signal,
    onOut: () => interrupt.abort(),
  })

  expect(code).toBe(0)
  expect(out).toContain(`https://localhost:${port}`)
  for (const line of [
    'say chat "Hello',
    'say chat --stream',
    'say triage',
    'say chat "Ignore all previous',
    'exec --role reader -- ',
  ]) {
    expect(out).toContain(`npx sallyport ${line}`)
  }
})

it('says where it stands as JSON', async () => {
  const port = await freePort()
  const interrupt = new AbortController()
  const { out } = await cli(`demo --json --port ${port}`, {
    env,
    signal: interrupt.signal,
    onOut: () => interrupt.abort(),
  })

  expect(JSON.parse(out)).toMatchObject({
    ok: true,
    url: `https://localhost:${port}`,
    routes: [{ name: 'chat' }, { name: 'claude' }, { name: 'triage' }],
  })
})

it.each([
  ['demo --port x', {}, 'the port is no number'],
  ['demo --port 70000', {}, 'the port is no number'],
  ['demo', { NODE_ENV: 'production' }, 'refuses to run with NODE_ENV=production'],
])('refuses %s', async (line, more, message) => {
  const { code, err } = await cli(line, { env: { ...env, ...more } })

  expect(code).toBe(2)
  expect(err).toContain(message)
  expect(err).toContain('fix: ')
})
