import { describe, expect, it } from 'vitest'
import { bytes, count, duration, secret } from '../../../src/config/schema/values.ts'

const time = duration('60s', { min: '0s', max: '30d' })
const size = bytes('1MiB', { min: '0B', max: '4GiB' })

describe('duration', () => {
  it.each([
    ['0s', 0],
    ['250ms', 250],
    ['60s', 60_000],
    ['5m', 300_000],
    ['24h', 86_400_000],
    ['30d', 2_592_000_000],
  ])('reads %s', (written, ms) => {
    expect(time.parse(written)).toBe(ms)
  })

  it.each([
    '60',
    ' 60s',
    '60s ',
    '6e1s',
    '60 s',
    '-1s',
    '1.5s',
    '060s',
    '60S',
    '1m30s',
    's',
    '',
    '99999999999999s',
    60,
    null,
    ['60s'],
  ])('refuses %j', (written) => {
    expect(time.safeParse(written).success).toBe(false)
  })

  it('takes both ends of its range and nothing beyond', () => {
    const narrow = duration('5s', { min: '1s', max: '1m' })

    expect([narrow.parse('1s'), narrow.parse('60s')]).toEqual([1_000, 60_000])
    expect([narrow.safeParse('999ms').success, narrow.safeParse('61s').success]).toEqual([false, false])
  })

  it('is its default when nothing is written', () => {
    expect(time.parse(undefined)).toBe(60_000)
  })
})

describe('bytes', () => {
  it.each([
    ['0B', 0],
    ['512B', 512],
    ['64KiB', 65_536],
    ['2MiB', 2_097_152],
    ['4GiB', 4_294_967_296],
  ])('reads %s', (written, amount) => {
    expect(size.parse(written)).toBe(amount)
  })

  it.each(['1MB', '1mib', '1M', '1 MiB', '1048576', 1_048_576])('refuses %j', (written) => {
    expect(size.safeParse(written).success).toBe(false)
  })
})

describe('count', () => {
  it.each([0, 11, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '5', true])('refuses %j', (written) => {
    expect(count(5, 1, 10).safeParse(written).success).toBe(false)
  })
})

describe('secret', () => {
  it.each(['file:/run/secrets/key', 'file:./key', 'env:TLS_KEY'])('takes the place %s', (written) => {
    expect(secret('file:x').parse(written)).toBe(written)
  })

  it.each(['', 'key', 'file:', 'env:', 'env:A B', 'env:1A', 'https://a.test/key', 'file:a\nb', 'FILE:a'])(
    'refuses %j',
    (written) => {
      expect(secret('file:x').safeParse(written).success).toBe(false)
    },
  )
})
