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

function familyOf(address: string): 'ipv4' | 'ipv6' {
  if (isIPv4(address)) return 'ipv4'
  if (isIPv6(address)) return 'ipv6'
  throw new TypeError('not an IP address')
}
