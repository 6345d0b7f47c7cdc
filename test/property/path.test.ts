import fc from 'fast-check'
import { describe, it } from 'vitest'
import { readTarget, TargetFault } from '../../src/pipeline/path.ts'
import { path } from '../fuzz/path.ts'

describe('readTarget', () => {
  it('gives every accepted target one reading', () => {
    path.run(50_000, 1)
  })

  it('never throws, and gives only what matches RFC 3986, whatever arrives', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 64 }), (text) => {
        const read = readTarget(`/${text}`)
        return read instanceof TargetFault || /^\/[A-Za-z0-9\-._~!$&'()*+,=:@/%]*$/.test(read.path)
      }),
      { numRuns: 2_000 },
    )
  })
})
