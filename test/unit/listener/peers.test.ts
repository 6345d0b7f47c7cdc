import { describe, expect, it } from 'vitest'
import { createTrustedPeers, networkOf, plainAddress } from '../../../src/listener/peers.ts'

describe('trusted peers', () => {
  it.each([
    ['10.1.2.3', true],
    ['10.255.255.255', true],
    ['11.0.0.0', false],
    ['192.0.2.1', true],
    ['192.0.2.2', false],
    ['2001:db8::1', true],
    ['2001:db9::1', false],
    ['::1', true],
  ])('of 10/8, one address and two IPv6 blocks: %s is %s', (address, trusted) => {
    const isTrusted = createTrustedPeers(['10.0.0.0/8', '192.0.2.1', '2001:db8::/32', '::1'])

    expect(isTrusted(address)).toBe(trusted)
  })

  it('are none by default, not even loopback', () => {
    expect(createTrustedPeers([])('127.0.0.1')).toBe(false)
  })

  it('cannot be made of something else', () => {
    expect(() => createTrustedPeers(['balancer.internal'])).toThrow('not an IP address')
    expect(() => createTrustedPeers(['10.0.0.0/99'])).toThrow(RangeError)
  })

  it.each([
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8::1'],
    ['::ffff:c000:201', '::ffff:c000:201'],
  ])('%s is written %s', (address, plain) => {
    expect(plainAddress(address)).toBe(plain)
  })
})

describe('the network of a peer', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:ffff::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8::2:3:4:5:6', '2001:db8:0:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})
