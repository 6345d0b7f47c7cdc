import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FileWatch } from '../../../src/config/watch.ts'
import { settle } from '../../fixtures/raw.ts'

let folder: string
let changes = 0
let watch: FileWatch

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watch-'))
  changes = 0
  watch = new FileWatch(() => void (changes += 1))
})

afterEach(() => {
  watch[Symbol.dispose]()
  rmSync(folder, { recursive: true, force: true })
})

const at = (name: string): string => join(folder, name)

function put(name: string, text = 'x'): string {
  writeFileSync(at(name), text)
  return at(name)
}

describe('F10: a change of a file is told', () => {
  it.each([
    ['written', () => void put('a')],
    ['replaced', () => renameSync(put('b'), at('a'))],
    ['removed', () => rmSync(at('a'))],
  ])('when it is %s', async (_how, change) => {
    watch.set([put('a')])

    change()
    await settle(() => changes > 0)

    expect(changes).toBe(1)
  })

  it('when a mounted volume swaps the link that it is read through', async () => {
    for (const [version, text] of [
      ['..1', 'old'],
      ['..2', 'new'],
    ] as const) {
      mkdirSync(at(version))
      put(`${version}/a`, text)
    }
    symlinkSync('..1', at('..data'))
    symlinkSync('..data/a', at('a'))
    watch.set([at('a')])

    symlinkSync('..2', at('..next'))
    renameSync(at('..next'), at('..data'))
    await settle(() => changes > 0)

    expect(changes).toBe(1)
  })

  it('when a file comes to a folder that is read whole', async () => {
    mkdirSync(at('policies'))
    watch.set([at('policies')])

    put('policies/new.cedar')
    await settle(() => changes > 0)

    expect(changes).toBe(1)
  })

  it('once for a flurry', async () => {
    watch.set([put('a')])

    for (let i = 0; i < 20; i += 1) put('a', String(i))
    await settle(() => changes > 0)
    await new Promise((resolve) => setTimeout(resolve, 400))

    expect(changes).toBe(1)
  })
})

describe('nothing is told', () => {
  it('of folders that are no longer wanted, or were never there, nor after the end', async () => {
    mkdirSync(at('old'))
    watch.set([put('old/a'), at('nowhere/b')])
    watch.set([put('a')])
    await new Promise((resolve) => setTimeout(resolve, 300))
    const before = changes

    put('old/a', 'y')
    await new Promise((resolve) => setTimeout(resolve, 400))
    put('a', 'y')
    watch[Symbol.dispose]()
    watch.set([at('a')])
    put('a', 'z')
    await new Promise((resolve) => setTimeout(resolve, 400))

    expect(changes).toBe(before)
  })
})
