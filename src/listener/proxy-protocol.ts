import { isIPv4, isIPv6, SocketAddress } from 'node:net'
import { plainAddress } from './peers.ts'

/**
 * What the first bytes of a balancer's connection say (the PROXY protocol of HAProxy, versions 1 and 2):
 *
 * - `absent`: no header, the bytes are something else, such as a TLS hello;
 * - `incomplete`: the beginning of one; at most `HEADER_BYTES_MAX` bytes are ever waited for;
 * - `malformed`: one that must not be believed;
 * - `header`: `bytes` of it, and the address of the client, undefined for a balancer's own health check.
 */
export type ProxyHeader =
  | { readonly kind: 'absent' | 'incomplete' | 'malformed' }
  | { readonly kind: 'header'; readonly bytes: number; readonly source: string | undefined }

const ABSENT: ProxyHeader = { kind: 'absent' }
const INCOMPLETE: ProxyHeader = { kind: 'incomplete' }
const MALFORMED: ProxyHeader = { kind: 'malformed' }

const SIGNATURE_2 = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
const SIGNATURE_1 = Buffer.from('PROXY ', 'latin1')
const HEAD_2_BYTES = 16
/** "The receiver must be ready to process 107 bytes" (section 2.1), line ending included. */
const LINE_BYTES_MAX = 107
/** TLVs longer than this are no use to us; a balancer sends some tens of bytes. */
const REST_2_BYTES_MAX = 2048

/** Longest header that is read, in bytes. */
export const HEADER_BYTES_MAX = HEAD_2_BYTES + REST_2_BYTES_MAX

/** Reads a header at the start of `bytes`. Pure; asks for more by `incomplete`. */
export function parseProxyHeader(bytes: Buffer): ProxyHeader {
  if (beginsLike(bytes, SIGNATURE_2)) return bytes.length < HEAD_2_BYTES ? INCOMPLETE : parse2(bytes)
  if (beginsLike(bytes, SIGNATURE_1)) return parse1(bytes)
  return ABSENT
}

/** True when the two agree as far as both go. */
function beginsLike(bytes: Buffer, signature: Buffer): boolean {
  const length = Math.min(bytes.length, signature.length)
  return bytes.compare(signature, 0, length, 0, length) === 0
}

function parse1(bytes: Buffer): ProxyHeader {
  const end = bytes.subarray(0, LINE_BYTES_MAX).indexOf('\r\n')
  if (end < 0) return bytes.length < LINE_BYTES_MAX ? INCOMPLETE : MALFORMED

  const line = bytes.toString('latin1', 0, end)
  // "the receiver must ignore anything presented before the CRLF" after UNKNOWN (section 2.1).
  if (line === 'PROXY UNKNOWN' || line.startsWith('PROXY UNKNOWN ')) return header(end + 2, undefined)

  const [, family, source = '', destination = '', from, to, more] = line.split(' ')
  const isAddress = family === 'TCP4' ? isIPv4 : family === 'TCP6' ? isIPv6 : undefined
  if (isAddress === undefined || !isAddress(source) || !isAddress(destination)) return MALFORMED
  if (!isPort(from) || !isPort(to) || more !== undefined) return MALFORMED
  return header(end + 2, canonical(source))
}

function isPort(text: string | undefined): boolean {
  return text !== undefined && /^(?:0|[1-9][0-9]{0,4})$/.test(text) && Number(text) <= 65_535
}

function parse2(bytes: Buffer): ProxyHeader {
  const rest = bytes.readUInt16BE(14)
  if (rest > REST_2_BYTES_MAX) return MALFORMED
  const total = HEAD_2_BYTES + rest
  const command = bytes.readUInt8(12)
  // LOCAL: "the connection was established on purpose by the proxy without being relayed" (section 2.2).
  if (command !== 0x20 && command !== 0x21) return MALFORMED
  if (bytes.length < total) return INCOMPLETE
  if (command === 0x20) return header(total, undefined)

  const family = bytes.readUInt8(13)
  // Only TCP over IPv4 and IPv6 reach this port; a datagram or a unix path here is a lie or a mistake.
  if (family === 0x11 && rest >= 12) return header(total, [...bytes.subarray(16, 20)].join('.'))
  if (family === 0x21 && rest >= 36) return header(total, address6(bytes))
  return MALFORMED
}

function address6(bytes: Buffer): string {
  const groups: string[] = []
  for (let at = 16; at < 32; at += 2) groups.push(bytes.readUInt16BE(at).toString(16))
  return canonical(groups.join(':'))
}

/** One spelling for one address, or its budget could be had again under another. */
function canonical(address: string): string {
  if (isIPv4(address)) return address
  return plainAddress(new SocketAddress({ address, family: 'ipv6' }).address)
}

function header(bytes: number, source: string | undefined): ProxyHeader {
  return { kind: 'header', bytes, source }
}
