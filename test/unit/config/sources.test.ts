import { symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigErrors } from '../../../src/config/errors.ts'
import { loadConfig, readConfig } from '../../../src/config/load.ts'
import type { Config } from '../../../src/core/config.ts'
import { testCertificate, type TestCertificate } from '../../fixtures/certs.ts'
import { altered, configFolder, GOOD, type ConfigFolder } from '../../fixtures/config.ts'

let folder: ConfigFolder
let pair: TestCertificate

beforeAll(async () => {
  folder = await configFolder()
  pair = await testCertificate()
})
afterAll(() => folder.remove())

const load = (text: string): Config => folder.load(text).config

describe('policies', () => {
  it('are read from folders and by name, with names relative to the file', () => {
    folder.put('policies/b.cedar', '// b\n')
    folder.put('policies/a.cedar', '// a\n')
    folder.put('policies/a.test.yaml', 'x')
    folder.put('policies/.hidden.cedar', '// hidden\n')
    folder.put('more/c.cedar', '// c\n')

    const { policies } = load(altered('version: 1', 'version: 1\npolicies: [./policies, more/c.cedar]'))

    expect(policies).toEqual([
      { file: 'policies/a.cedar', text: '// a\n' },
      { file: 'policies/b.cedar', text: '// b\n' },
      { file: 'more/c.cedar', text: '// c\n' },
    ])
  })

  it('are found behind the symbolic links of a mounted ConfigMap', () => {
    folder.put('mounted/..2026_01_01/site.cedar', '// site\n')
    symlinkSync('..2026_01_01', join(folder.path, 'mounted/..data'))
    symlinkSync('..data/site.cedar', join(folder.path, 'mounted/site.cedar'))

    const { policies } = load(altered('version: 1', 'version: 1\npolicies: ./mounted'))

    expect(policies).toEqual([{ file: 'mounted/site.cedar', text: '// site\n' }])
  })
})

describe('secrets', () => {
  it('come from the environment too', () => {
    const text = altered('"file:./tls.key"', '"env:TLS_KEY"')

    const { config } = folder.load(text, { env: { TLS_KEY: pair.key } })

    expect(config.tls.key).toBe(pair.key)
  })

  it('are never repeated in an error', () => {
    const secret = 'c2VjcmV0LXNlY3JldC1zZWNyZXQ'

    const errors = folder.errors(altered('"file:./tls.key"', `"-----BEGIN PRIVATE KEY-----${secret}"`))

    expect(JSON.stringify(errors)).not.toContain(secret)
  })

  it('are not opened for a template, and example hosts pass in it', () => {
    const text = altered('https://gate.test\nlisten', 'https://agents.example.com\nlisten').replace(
      './tls.key',
      './gone.key',
    )

    const { config } = folder.load(text, { template: true })

    expect(config.tls).toMatchObject({ cert: '', key: '' })
  })

  it('may be read by a group: that is how secrets are mounted', () => {
    folder.put('group.key', pair.key, 0o640)

    expect(folder.errors(altered('./tls.key', './group.key'))).toEqual([])
  })
})

describe('the revision', () => {
  it('is the same for the same files, and short', () => {
    const [one, other] = [load(GOOD), load(GOOD)]

    expect(one.revision).toMatch(/^[\w-]{16}$/)
    expect(other.revision).toBe(one.revision)
  })

  it('changes with the file, a policy, a key set and a secret', () => {
    const text = altered('version: 1', 'version: 1\npolicies: ./revised').replace('file:./tls.key', 'env:K')
    const revision = (content = text, key = pair.key): string =>
      folder.load(content, { env: { K: key } }).config.revision
    folder.put('revised/a.cedar', '// one\n')
    const seen = [revision(), revision(`${text}\n`), revision(text, `${pair.key}\n`)]
    folder.put('revised/a.cedar', '// two\n')
    seen.push(revision())
    folder.put('jwks.json', JSON.stringify({ keys: [{ kty: 'EC' }] }))
    seen.push(revision())

    expect(new Set(seen).size).toBe(5)
  })

  it('comes with the list of what was read', () => {
    folder.put('listed/a.cedar', '// one\n')

    const { files } = folder.load(altered('version: 1', 'version: 1\npolicies: ./listed'))

    expect(files).toEqual(
      ['sallyport.yaml', 'tls.crt', 'tls.key', 'jwks.json', 'listed', 'listed/a.cedar'].map((name) =>
        join(folder.path, name),
      ),
    )
  })
})

describe('a file', () => {
  const fault = (path: string): string => {
    try {
      loadConfig(path)
      return 'nothing'
    } catch (error) {
      return error instanceof ConfigErrors ? error.message : `thrown: ${String(error)}`
    }
  }

  it('is loaded from disk', () => {
    folder.put('sallyport.yaml', GOOD)

    const loaded = readConfig(folder.file)

    expect(loaded.config).toEqual(loadConfig(folder.file))
    expect(loaded.files[0]).toBe(resolve(folder.file))
  })

  it.each([
    ['that is not there', () => join(folder.path, 'gone.yaml'), /no such file/],
    ['that is a folder', () => folder.path, /no file/],
    ['below a file', () => join(folder.path, 'tls.crt/x'), /cannot be read/],
    ['with NUL in its name', () => 'a\0b', /cannot be read/],
    ['of a mebibyte', () => folder.put('huge.yaml', ' '.repeat(1_048_577)), /longer than 1 MiB/],
    ['that is not UTF-8', () => latin1(), /not UTF-8/],
  ])('%s is refused with a fix', (_, path, message) => {
    const said = fault(path())

    expect(said).toMatch(message)
    expect(said).toMatch(/\n {2}fix: \w/)
  })

  function latin1(): string {
    const path = folder.put('latin1.yaml', '')
    folder.put('latin1.yaml', Buffer.from([0x61, 0xff, 0xfe]) as unknown as string)
    return path
  }

  it('is named in errors as the caller named it, with line and column', () => {
    folder.put('bad.yaml', altered('version: 1', 'version: 2'))

    expect(fault(join(folder.path, 'bad.yaml'))).toContain(`${folder.path}/bad.yaml:1:10: version: `)
  })

  it('has its errors listed in the order of its lines', () => {
    const errors = folder.errors('zzz: 1\nversion: 3\nlisten: no\n')

    expect(errors.map(({ line }) => line)).toEqual([1, 1, 1, 1, 1, 2, 3])
  })
})
