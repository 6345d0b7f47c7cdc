import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** Tells whether an address is one of the balancers in front. */
export type TrustedPeers = (address: string) => boolean

/**
 * Prepares the test for `trusted_peers`. The empty list trusts nobody.
 *
 * @param blocks CIDR blocks or single addresses, as the schema let them pass. Throws on anything else.
 */
export function createTrustedPeers(blocks: readonly string[]): TrustedPeers {
  if (blocks.length === 0) return () => false
  const list = new BlockList()
  for (const block of blocks) {
    const [address = '', prefix] = block.split('/')
    const family = familyOf(address)
    const bits = prefix === undefined ? (family === 'ipv4' ? 32 : 128) : Number(prefix)
    list.addSubnet(address, bits, family)
  }
  return (address) => list.check(address, familyOf(address))
}

/**
 * One spelling for one address: an IPv4 peer on a dual-stack socket shows as `::ffff:192.0.2.1`, and would otherwise
 * have two budgets and pass by the trusted list.
 */
export function plainAddress(address: string): string {
  const mapped = address.startsWith('::ffff:') ? address.slice(7) : address
  return isIPv4(mapped) ? mapped : address
}

/**
 * What one client is given at least, and so what budgets are counted by: an IPv4 address, or the /64 of an IPv6 address. By
 * address, a single host could come from 2^64 of them and have a fresh budget each time (RFC 7421: the /64 is one link).
 *
 * @param address As `plainAddress` spells it.
 */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const behind = tail === undefined || tail === '' ? 0 : tail.split(':').length
  while (groups.length + behind < 8) groups.push('0')
  const all = tail === undefined ? groups : [...groups, ...tail.split(':')]
  return `${all.slice(0, 4).join(':')}::/64`
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  if (isIPv4(address)) return 'ipv4'
  if (isIPv6(address)) return 'ipv6'
  throw new TypeError('not an IP address')
}
