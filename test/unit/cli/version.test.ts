import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { cli } from '../../fixtures/cli.ts'

const own = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

it('says its version, and the Node and OpenSSL that run it', async () => {
  const { code, out, err } = await cli('version')

  expect([code, err]).toEqual([0, ''])
  expect(out).toBe(
    `sallyport ${own.version} (Node ${process.versions.node}, OpenSSL ${process.versions.openssl})\n`,
  )
})

it.each(['--version --json', '-V --json', 'version --json'])('says it as JSON: %s', async (line) => {
  expect(JSON.parse((await cli(line)).out)).toMatchObject({
    version: own.version,
    node: process.versions.node,
  })
})
