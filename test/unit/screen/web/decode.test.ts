import { expect, it } from 'vitest'
import { decodeValue } from '../../../../src/screen/web/decode.ts'

it.each([
  ['..%2f..%5cx', '../..\\x'],
  ['%252e%252e%252fx', '../x'],
  ['%25252e', '.'],
  ['%c0%ae%c0%ae%c0%afx', '../x'],
  ['%u002e%u2215', './'],
  ['0x2e0x2e0x5cx', '../x'],
  ['%%32%65%%32%65/', '../'],
  ['%3CSCRIPT%3E', '<script>'],
  ['a%00', 'a\0'],
  ['100 % %zz %', '100 % %zz %'],
  ['Plain', 'plain'],
])('reads %s as %j', (written, read) => {
  expect(decodeValue(written)).toBe(read)
})

it('stops after three rounds', () => {
  expect(decodeValue('%2525252525252e')).toBe('%2525252e')
})
