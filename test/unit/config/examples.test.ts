import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import { configuration } from '../../../src/config/schema.ts'
import { readDocument } from '../../../src/config/document.ts'
import { loadPolicies } from '../../../src/policy/load.ts'

const root = new URL('../../../', import.meta.url).pathname
const examples = readdirSync(`${root}config/examples`).map((name) => `config/examples/${name}`)
const files = ['config/sallyport.yaml', 'docker/sallyport/sallyport.yaml', ...examples]

describe('shipped configurations', () => {
  it('are more than a handful', () => {
    expect(files.length).toBeGreaterThanOrEqual(10)
  })

  it.each(files)('%s is valid, its policies included', (file) => {
    const config = loadConfig(root + file, { template: true })

    expect(loadPolicies(config.routes, config.policies).count).toBeGreaterThan(0)
  })

  it.each(files)('%s tells editors its schema', (file) => {
    const [first = ''] = readFileSync(root + file, 'utf8').split('\n')

    expect(first).toMatch(/^# yaml-language-server: \$schema=(?:\.\.?\/)+(?:config\/)?schema\.json$/)
  })

  it.each(files)('%s is an ordinary document', (file) => {
    const document = readDocument(file, readFileSync(root + file, 'utf8'))

    expect(configuration.safeParse(document.value).success).toBe(true)
  })

  it('the default one is for this machine, where it may keep its example issuer', () => {
    expect(loadConfig(`${root}config/sallyport.yaml`, { template: true }).publicUrl).toBe(
      'https://localhost:8443',
    )
  })
})
