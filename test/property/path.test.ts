import { assert, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTarget, TargetFault } from '../../src/pipeline/path.ts'
import { path } from '../fuzz/path.ts'

describe('readTarget', () => {
  it('gives every accepted target one reading', () => {
    expect(() => path.run(50_000, 1)).not.toThrow()
  })

  it('never throws, and gives only what matches RFC 3986, whatever arrives', () => {
    assert(
      property(string({ unit: 'binary', maxLength: 64 }), (text) => {
        const read = readTarget(`/${text}`)
        return read instanceof TargetFault || /^\/[A-Za-z0-9\-._~!$&'()*+,=:@/%]*$/.test(read.path)
      }),
      { numRuns: 2_000 },
    )
  })
})
