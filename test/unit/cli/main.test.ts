import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { altered, configFolder } from '../../fixtures/config.ts'
import { craft } from '../../fixtures/identity.ts'

const program = new URL('../../../bin/sallyport', import.meta.url).pathname

function start(argv: readonly string[], input = ''): Promise<{ code: unknown; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = execFile(program, [...argv], (fault, out, err) =>
      resolve({ code: fault?.code ?? 0, out, err }),
    )
    // A command may end before it has read everything.
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
  })
}

it('runs from the shell, with data on standard output', async () => {
  const { code, out, err } = await start(['version', '--json'])

  expect([code, err]).toEqual([0, ''])
  expect(JSON.parse(out)).toMatchObject({ node: process.versions.node })
})

it('reads standard input, and ends with its exit code', async () => {
  const good = await start(['token', 'inspect'], craft())
  const bad = await start(['token', 'inspect'], 'x'.repeat(2_000_000))

  expect([good.code, bad.code]).toEqual([0, 2])
  expect(good.out).toContain('"sub": "alice"')
  expect(bad.err).toContain('longer than 1 MiB')
  expect(good.err + bad.err).not.toContain('\x1b')
})

it('is silent when its reader goes away', async () => {
  const child = spawn('sh', ['-c', `"${program}" help | true`], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.on('data', (piece: Buffer) => (said += piece.toString()))

  await once(child, 'close')

  expect(said).toBe('')
})

it('F8: serves until SIGTERM, then ends with 0', async () => {
  const folder = await configFolder()
  const quiet = 'version: 1\naudit: { dir: ./audit }\nadmin: false\nlog: { level: silent }'
  const path = folder.put(
    'sallyport.yaml',
    altered('127.0.0.1:8443', '127.0.0.1:0', altered('version: 1', quiet)),
  )
  const child = spawn(program, ['serve', '-c', path], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (piece: Buffer) => {
    const isFirst = !said.includes('ready on')
    said += piece.toString()
    if (isFirst && said.includes('ready on')) child.kill('SIGTERM')
  })

  const [code] = await once(child, 'close')
  folder.remove()

  expect(code).toBe(0)
  expect(said).toMatch(/ready on .*\n.*draining/)
})
