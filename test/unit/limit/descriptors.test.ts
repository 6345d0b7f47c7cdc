import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { descriptorsMax, withinDescriptors } from '../../../src/limit/descriptors.ts'
import { roomyBounds } from '../../fixtures/listening.ts'

const bounds = { ...roomyBounds, connectionsMax: 10_000, exchangesMax: 4_096 }

describe('withinDescriptors', () => {
  it.each([undefined, 1_048_576, 14_208])('leaves bounds that fit into %s', (max) => {
    expect(withinDescriptors(bounds, max)).toBe(bounds)
  })

  it.each([14_207, 4_096, 1_024, 256])('leaves a reserve of %i', (max) => {
    const { connectionsMax, exchangesMax } = withinDescriptors(bounds, max)

    expect(connectionsMax + exchangesMax).toBeLessThanOrEqual(max - 112)
    expect(connectionsMax + exchangesMax).toBeGreaterThan(max - 116)
    expect(connectionsMax).toBeGreaterThan(exchangesMax)
  })

  it('changes nothing else', () => {
    expect(withinDescriptors(bounds, 256)).toMatchObject({ ...bounds, connectionsMax: 102, exchangesMax: 41 })
  })

  it('never lowers to nothing', () => {
    expect(withinDescriptors(bounds, 64)).toMatchObject({ connectionsMax: 8, exchangesMax: 8 })
  })
})

describe('descriptorsMax', () => {
  it('reads what the system says', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-limits-'))
    const path = join(folder, 'limits')
    writeFileSync(
      path,
      'Max processes             99      99      processes\nMax open files            256      512      files\n',
    )

    expect(descriptorsMax(path)).toBe(256)
    rmSync(folder, { recursive: true })
  })

  it.each(['/nonexistent/limits', '/dev/null'])('knows nothing where %s says nothing', (path) => {
    expect(descriptorsMax(path)).toBeUndefined()
  })
})
