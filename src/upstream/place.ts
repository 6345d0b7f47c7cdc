import { BlockList, isIP } from 'node:net'

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** True for a host that never leaves this machine: 127.0.0.0/8, `[::1]`, `localhost`. */
export function isLoopback(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '')
  const family = isIP(address)
  if (family === 0) return hostname === 'localhost'
  return LOOPBACK.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

/**
 * Reads a URL that we are about to connect to: `https:`, or `http:` where nobody is between.
 *
 * @param socket Path of a unix socket to use instead of the URL's host.
 * @throws {Error} for another scheme, for clear text beyond loopback, and for credentials in the URL.
 */
export function readPlace(url: string, socket?: string): URL {
  const place = new URL(url)
  const { protocol, hostname, username, password } = place
  if (username !== '' || password !== '') throw new Error('a URL with credentials in it')
  if (protocol === 'https:') return place
  if (protocol !== 'http:') throw new Error(`${protocol} is not spoken here`)
  if (socket === undefined && !isLoopback(hostname))
    throw new Error(`http: to ${hostname}: clear text is for loopback and unix sockets only`)
  return place
}
