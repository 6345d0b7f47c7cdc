import { describe, expect, it } from 'vitest'
import { HEADER_BYTES_MAX, parseProxyHeader } from '../../../src/listener/proxy-protocol.ts'
import { header2 } from '../../fixtures/proxy-header.ts'

const TLS = Buffer.from([0x16, 3, 1])

function parse(bytes: string | Buffer) {
  return parseProxyHeader(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
}

describe('PROXY protocol version 1', () => {
  it.each([
    ['PROXY TCP4 203.0.113.7 10.0.0.1 56324 443\r\n', '203.0.113.7'],
    ['PROXY TCP6 2001:db8::7 ::1 1 65535\r\n', '2001:db8::7'],
    ['PROXY TCP6 2001:0DB8:0000::0007 ::1 1 2\r\n', '2001:db8::7'],
    ['PROXY TCP6 ::ffff:203.0.113.7 ::1 1 2\r\n', '203.0.113.7'],
    ['PROXY UNKNOWN\r\n', undefined],
    ['PROXY UNKNOWN ffff:: what ever 1 2\r\n', undefined],
  ])('%j names %s', (line, source) => {
    const parsed = parse(Buffer.concat([Buffer.from(line), TLS]))

    expect(parsed).toEqual({ kind: 'header', bytes: line.length, source })
  })

  it.each([
    'PROXY TCP4 203.0.113.07 10.0.0.1 1 2\r\n',
    'PROXY TCP4 203.0.113.256 10.0.0.1 1 2\r\n',
    'PROXY TCP4 2001:db8::7 ::1 1 2\r\n',
    'PROXY TCP6 203.0.113.7 10.0.0.1 1 2\r\n',
    'PROXY TCP4 203.0.113.7 10.0.0.1 1\r\n',
    'PROXY TCP4 203.0.113.7 10.0.0.1 1 2 3\r\n',
    'PROXY TCP4  203.0.113.7 10.0.0.1 1 2\r\n',
    'PROXY TCP4 203.0.113.7 10.0.0.1 01 2\r\n',
    'PROXY TCP4 203.0.113.7 10.0.0.1 65536 2\r\n',
    'PROXY TCP4 203.0.113.7 10.0.0.1 -1 2\r\n',
    'PROXY TCP4 203.0.113.7\n10.0.0.1 1 2\r\n',
    'PROXY UDP4 203.0.113.7 10.0.0.1 1 2\r\n',
    'PROXY tcp4 203.0.113.7 10.0.0.1 1 2\r\n',
    'PROXY UNKNOWNX\r\n',
    'PROXY \r\n',
    `PROXY UNKNOWN ${'x'.repeat(107)}\r\n`,
  ])('refuses %j', (line) => {
    expect(parse(line)).toEqual({ kind: 'malformed' })
  })
})

describe('PROXY protocol version 2', () => {
  const four = Buffer.from([203, 0, 113, 7, 10, 0, 0, 1, 0, 1, 1, 187])
  const six = Buffer.concat([
    Buffer.from('20010db8000000000000000000000007', 'hex'),
    Buffer.alloc(16),
    Buffer.from([0, 1, 1, 187]),
  ])
  const mapped = Buffer.concat([Buffer.from('00000000000000000000ffffcb007107', 'hex'), Buffer.alloc(20)])

  it.each([
    ['IPv4', header2(0x21, 0x11, four), '203.0.113.7'],
    ['IPv4 with TLVs', header2(0x21, 0x11, Buffer.concat([four, Buffer.from([4, 0, 1, 9])])), '203.0.113.7'],
    ['IPv6', header2(0x21, 0x21, six), '2001:db8::7'],
    ['IPv4 in IPv6', header2(0x21, 0x21, mapped), '203.0.113.7'],
    ['a health check of the balancer', header2(0x20, 0x00, Buffer.alloc(0)), undefined],
    ['a health check with addresses', header2(0x20, 0x11, four), undefined],
  ])('%s', (_name, bytes, source) => {
    expect(parse(Buffer.concat([bytes, TLS]))).toEqual({ kind: 'header', bytes: bytes.length, source })
  })

  it.each([
    ['another version', header2(0x11, 0x11, four)],
    ['an unknown command', header2(0x22, 0x11, four)],
    ['UDP', header2(0x21, 0x12, four)],
    ['a unix socket', header2(0x21, 0x31, Buffer.alloc(216))],
    ['no family', header2(0x21, 0x00, Buffer.alloc(0))],
    ['too few bytes of addresses', header2(0x21, 0x11, four.subarray(1))],
    ['too few bytes of IPv6', header2(0x21, 0x21, six.subarray(1))],
    ['more than is read', header2(0x21, 0x11, Buffer.alloc(HEADER_BYTES_MAX))],
  ])('refuses %s', (_name, bytes) => {
    expect(parse(bytes)).toEqual({ kind: 'malformed' })
  })
})

describe('anything else', () => {
  it.each([
    TLS,
    Buffer.from('GET / HTTP/1.1\r\n'),
    Buffer.from('PROXIMA'),
    Buffer.from('\r\n\r\nx'),
    Buffer.from([0]),
  ])('is no header: %s', (bytes) => {
    expect(parse(bytes)).toEqual({ kind: 'absent' })
  })

  it('is waited for while it may become one', () => {
    const whole = Buffer.from('PROXY TCP4 203.0.113.7 10.0.0.1 1 2\r\n')
    for (let length = 0; length < whole.length; length++) {
      expect(parse(whole.subarray(0, length))).toEqual({ kind: 'incomplete' })
    }
  })
})
