import { describe, expect, it } from 'vitest'
import { isJsonType, isUtf8Type, readMediaType } from '../../../src/protocol/media-type.ts'

describe('a media type', () => {
  it.each([
    ['application/json', 'application/json', {}],
    ['Application/JSON', 'application/json', {}],
    ['application/json; charset=utf-8', 'application/json', { charset: 'utf-8' }],
    ['application/json;charset="UTF-8"', 'application/json', { charset: 'UTF-8' }],
    ['application/json ; Charset=x', 'application/json', { charset: 'x' }],
    ['application/json;', 'application/json', {}],
    ['multipart/form-data; boundary="a;b, c"', 'multipart/form-data', { boundary: 'a;b, c' }],
    ['text/plain; format=flowed; delsp=yes', 'text/plain', { format: 'flowed', delsp: 'yes' }],
    ['application/vnd.api+json', 'application/vnd.api+json', {}],
  ])('%j is read', (value, essence, parameters) => {
    const type = readMediaType(value)

    expect(type?.essence).toBe(essence)
    expect(Object.fromEntries(type?.parameters ?? [])).toEqual(parameters)
  })

  it.each([
    '',
    'json',
    'application/',
    '/json',
    'application json',
    'application/json\t',
    'application/json\t; charset=utf-8',
    'application/json;\tcharset=utf-8',
    'application/json, text/plain',
    'application/json; charset=utf-8, text/plain',
    'application/json charset=utf-8',
    'application/json; charset',
    'application/json; charset=',
    'application/json; charset =utf-8',
    'application/json; charset= utf-8',
    'application/json; charset=utf-8; charset=utf-16',
    'application/json; charset=utf-8; CHARSET=utf-8',
    'application/json; charset="utf-8',
    'application/json; charset="utf\\-8"',
    'application/json; charset="utf-8"x',
    'application/json; charset="é"',
    'application/json\0',
    'text/plain; a=1 b=2',
  ])('%j is refused', (value) => {
    expect(readMediaType(value)).toBeUndefined()
  })

  it('takes linear time for a run of semicolons and spaces', () => {
    expect(readMediaType(`text/plain${' ;'.repeat(50_000)}\u0000`)).toBeUndefined()
    expect(readMediaType(`text/plain${' '.repeat(50_000)}`)).toBeUndefined()
  })

  it.each([
    ['application/json', true],
    ['application/problem+json', true],
    ['application/json5', false],
    ['text/json', false],
    ['application/json+xml', false],
  ])('%s is JSON: %s', (value, expected) => {
    const type = readMediaType(value)

    expect(type && isJsonType(type)).toBe(expected)
  })

  it.each([
    ['text/plain', true],
    ['text/plain; charset=UTF-8', true],
    ['text/plain; charset=us-ascii', true],
    ['text/plain; charset=utf-16', false],
    ['text/plain; charset=utf-7', false],
    ['text/plain; charset=iso-8859-1', false],
    ['text/plain; charset=""', false],
  ])('%s may be read as UTF-8: %s', (value, expected) => {
    const type = readMediaType(value)

    expect(type && isUtf8Type(type)).toBe(expected)
  })
})
