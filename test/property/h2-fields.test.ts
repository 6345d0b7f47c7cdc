import { expect, it } from 'vitest'
import { h2Fields } from '../fuzz/h2-fields.ts'

it('R12: whatever HTTP/2 field list is accepted can be written as one HTTP/1.1 head', () => {
  expect(() => h2Fields.run(5_000, 20_261_124)).not.toThrow()
})
