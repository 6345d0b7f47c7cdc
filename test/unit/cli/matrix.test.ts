import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cli } from '../../fixtures/cli.ts'
import { altered, configFolder, type ConfigFolder } from '../../fixtures/config.ts'

let folder: ConfigFolder
let path: string

beforeAll(async () => {
  folder = await configFolder()
  path = folder.put(
    'asked.yaml',
    altered(
      '      - roles: reader',
      '      - roles: reader\n        operations: [models]\n      - roles: [admin]',
    ),
  )
})
afterAll(() => folder.remove())

describe('matrix', () => {
  it('shows each role by itself, with the place of the rule', async () => {
    const { code, out, err } = await cli(['matrix', '-c', path])

    expect([code, err]).toEqual([0, ''])
    const [head, ...rows] = out.trim().split('\n')
    expect(head).toMatch(/^route +operation +admin +reader$/)
    expect(rows.find((row) => row.includes(' models '))).toMatch(
      /^chat +models +yes asked\.yaml:\d+ +yes asked\.yaml:\d+$/,
    )
    expect(rows.find((row) => row.includes(' embeddings '))).toMatch(
      /^chat +embeddings +yes asked\.yaml:\d+ +no$/,
    )
  })

  it.each([
    [
      'md',
      /^\| route \| operation \| admin \| reader \|\n\|---\|---\|---\|---\|\n\| chat \| chat\/completions \| yes asked/,
    ],
    ['csv', /^route,operation,admin,reader\nchat,chat\/completions,yes asked\.yaml:\d+,no\n/],
  ])('as %s', async (format, shape) => {
    expect((await cli(['matrix', '-c', path, '--format', format])).out).toMatch(shape)
  })

  it('as JSON', async () => {
    const { out } = await cli(['matrix', '-c', path, '--json'])

    expect(JSON.parse(out)).toContainEqual(
      expect.objectContaining({ route: 'chat', operation: 'models', role: 'reader', effect: 'permit' }),
    )
  })

  it('knows no other format', async () => {
    expect(await cli(['matrix', '-c', path, '--format', 'xls'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('use one of table, md, csv, json'),
    })
  })
})
