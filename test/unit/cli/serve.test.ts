import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cli } from '../../fixtures/cli.ts'
import { settle } from '../../fixtures/raw.ts'
import { altered, configFolder, GOOD, type ConfigFolder } from '../../fixtures/config.ts'

let folder: ConfigFolder

beforeAll(async () => {
  folder = await configFolder()
})
afterAll(() => folder.remove())

const QUIET = 'version: 1\naudit: { dir: ./audit }\nadmin: false\nlog: { level: silent }'

describe('serve', () => {
  it('says where it is ready, and ends well when it is told to', async () => {
    const path = folder.put(
      'served.yaml',
      altered('127.0.0.1:8443', '127.0.0.1:0', altered('version: 1', QUIET)),
    )
    const stop = new AbortController()
    const onErr = (text: string): void => {
      if (text.includes('ready on')) stop.abort()
    }

    const { code, out, err } = await cli(`serve -c ${path} --json`, { signal: stop.signal, onErr })

    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ ok: true, address: '127.0.0.1', port: expect.any(Number) })
    expect(err).toMatch(/ready on 127\.0\.0\.1:\d+ as https:\/\/gate\.test, revision [\w-]{16}/)
    expect(err).toContain('draining')
  })

  it('F10: does not start on a configuration that is wrong', async () => {
    const path = folder.put('wrong.yaml', altered('version: 1', 'version: 2'))

    const { code, err } = await cli(`serve -c ${path}`)

    expect(code).toBe(2)
    expect(err).toContain(`${path}:1:10: `)
  })

  it('F10: does not start on a policy that is wrong', async () => {
    folder.put('policies/site.cedar', 'permit (principal;')
    const path = folder.put('ruled.yaml', altered('version: 1', `${QUIET}\npolicies: ./policies`))

    const { code, err } = await cli(`serve -c ${path}`)

    expect(code).toBe(2)
    expect(err).toContain(join(folder.path, 'policies/site.cedar:1:'))
  })

  it('says so when its port is taken', async () => {
    const other = createServer()
    const port = await new Promise<number>((resolve) =>
      other.listen(0, '127.0.0.1', () => resolve(Number(Reflect.get(Object(other.address()), 'port')))),
    )
    const path = folder.put(
      'taken.yaml',
      altered('127.0.0.1:8443', `127.0.0.1:${port}`, altered('version: 1', QUIET)),
    )

    const { code, err } = await cli(`serve -c ${path}`)
    other.close()

    expect(code).toBe(2)
    expect(err).toMatch(/the port is in use .*\n {2}fix: end the other process/)
  })

  it('has no way to leave out the secrets', async () => {
    const path = folder.put('good.yaml', GOOD)

    expect((await cli(`serve -c ${path} --template`)).err).toContain('there is no option --template')
  })
})

describe('serve, while its files change', () => {
  it('F10: takes what is right, keeps what it has where it is not, and says which', async () => {
    const good = altered('127.0.0.1:8443', '127.0.0.1:0', altered('version: 1', QUIET))
    const path = folder.put('changing.yaml', good)
    const stop = new AbortController()
    let hangup = (): void => {}
    let said = ''
    const until = (words: string): Promise<void> => settle(() => said.includes(words))
    const running = cli(`serve -c ${path}`, {
      signal: stop.signal,
      onErr: (text) => void (said += text),
      onHangup: (listener) => (hangup = listener),
    })
    await until('ready on')

    folder.put('changing.yaml', good.replace('roles: reader', 'roles: operator'))
    await until('sallyport: reloaded, revision')
    folder.put('changing.yaml', good.replace('roles: reader', 'rolls: reader'))
    await until('not reloaded')
    folder.put('changing.yaml', good)
    await settle(() => said.split('reloaded, revision').length === 3)
    hangup()
    stop.abort()
    const { code, err } = await running

    expect(code).toBe(0)
    expect(err).toMatch(
      /changing\.yaml:\d+:\d+: [^\n]*\n[^]*not reloaded: [^\n]*changing\.yaml:\d+:\d+: [^\n]*; revision [\w-]{16} stays in force\n/,
    )
    expect(err.match(/reloaded, revision/g)).toHaveLength(2)
  })
})
