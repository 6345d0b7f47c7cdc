import { describe, expect, it } from 'vitest'
import { readHead } from '../../../src/pipeline/head.ts'
import { Denial } from '../../../src/problem/problems.ts'

describe('readHead', () => {
  it('reads what the gate needs, whatever the case of the names', () => {
    const head = readHead([
      'HOST',
      'a',
      'Content-Length',
      '12',
      'content-TYPE',
      'application/json',
      'Origin',
      'https://o',
    ])

    expect(head).toMatchObject({
      host: 'a',
      contentLength: 12,
      contentType: 'application/json',
      origin: 'https://o',
    })
  })

  it('R27: keeps every Authorization value, for there must be exactly one', () => {
    expect(readHead(['Authorization', 'Bearer a', 'authorization', 'Bearer b'])).toMatchObject({
      authorization: ['Bearer a', 'Bearer b'],
    })
  })

  it.each([
    'host',
    'Content-Type',
    'content-length',
    'content-encoding',
    'origin',
    'expect',
    'X-Api-Key',
    'range',
  ])('refuses two %s headers, even alike', (name) => {
    const head = readHead([name, '1', name, '1'])

    expect(head).toBeInstanceOf(Denial)
  })

  it('passes lists that may repeat', () => {
    expect(readHead(['accept', 'a', 'accept', 'b', 'cookie', 'a=1', 'cookie', 'b=2'])).not.toBeInstanceOf(
      Denial,
    )
  })

  it.each(['-1', '+1', '1,1', '0x10', '1e3', ' 1', '', '99999999999999999999'])(
    'refuses content-length %j',
    (value) => {
      expect(readHead(['content-length', value])).toBeInstanceOf(Denial)
    },
  )

  it('judges alike what it remembers and what it has no room to remember', () => {
    for (let i = 0; i < 1_000; i += 1) readHead([`x-invented-${i}`, '1'])

    expect(readHead(['hOsT', 'a', 'HosT', 'a'])).toBeInstanceOf(Denial)
    expect(readHead(['hOsT', 'a', 'x-invented-1', '1', 'X-Invented-1', '1'])).toMatchObject({ host: 'a' })
  })

  it('is not fooled by names of object members', () => {
    expect(readHead(['__proto__', 'x', 'constructor', 'y', 'hasOwnProperty', 'z'])).not.toBeInstanceOf(Denial)
  })
})
