import { isIP } from 'node:net'
import { z } from 'zod'
import { distinct, pattern } from './values.ts'

/** Where a listener listens. */
export interface Address {
  readonly address: string
  readonly port: number
}

/** A listener's address: a port, or `address:port`. Port 0 takes any free one. `standard` is the address of a lone port. */
export function listenAddress(standard: string) {
  const error = 'expected a port or an address with a port, such as 8443, 127.0.0.1:8443 or [::1]:8443'
  return z
    .union([z.int({ error }).min(0, { error }).max(65_535, { error }), z.string({ error })], { error })
    .transform((written, context): Address => {
      const found = readAddress(typeof written === 'number' ? `${standard}:${written}` : written)
      if (found === undefined) context.addIssue({ code: 'custom', message: error })
      return found ?? { address: standard, port: 0 }
    })
    .meta({ examples: [8443] })
}

function readAddress(text: string): Address | undefined {
  const [, bracketed, plain, digits = ''] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? []
  const address = bracketed ?? plain ?? ''
  const port = Number(digits)
  return isIP(address) === (bracketed === undefined ? 4 : 6) && port <= 65_535 ? { address, port } : undefined
}

/** Tells whether only processes of this machine can reach a host: a literal of 127.0.0.0/8, `[::1]`, or `localhost`. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host === '[::1]' ||
    host === '::1' ||
    (isIP(host) === 4 && host.startsWith('127.'))
  )
}

const HTTPS_URL = 'an https:// URL without credentials, query and fragment'

/** The gateway's own URL: scheme and authority, nothing else. */
export const publicUrl = url(
  'an https:// URL of host and port, without path, query and credentials',
  'https://agents.example.com',
  (at) => at.protocol === 'https:' && at.pathname === '/' && isHost(at.hostname),
).transform((written) => new URL(written).origin)

/**
 * Name of an issuer. Kept to the letter, since tokens are compared with it; plain HTTP on loopback only, for development.
 */
export const issuerUrl = url(HTTPS_URL, 'https://idp.example.com', isGuarded)

/** A document to fetch. */
export const documentUrl = url(HTTPS_URL, 'https://idp.example.com/jwks.json', isGuarded)

/** Where an agent is. */
export const upstreamUrl = url(
  'an http:// or https:// URL without credentials, query, fragment and escapes',
  'http://127.0.0.1:8000',
  (at) => /^https?:$/.test(at.protocol) && PLAIN_PATH.test(at.pathname),
).transform((written) => written.replace(/\/+$/, ''))

/** No escapes, no dot segments (the URL parser would have taken them away unseen), no `;` and no empty segments. */
const PLAIN_PATH = /^\/$|^(?:\/[\w\-.~!$&'()*+,=:@]+)*\/?$/

function isGuarded(at: URL): boolean {
  return at.protocol === 'https:' || (at.protocol === 'http:' && isLoopback(at.hostname))
}

function isHost(host: string): boolean {
  return host.startsWith('[') || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(host)
}

function url(form: string, example: string, accepts: (at: URL) => boolean) {
  return pattern(/^[a-z]+:\/\/[^\s\\/?#@%;]+(?:\/[^\s\\?#@%]*)?$/, form, example).refine(
    (written) => {
      const at = URL.parse(written)
      return at !== null && accepts(at) && !/\/\.{1,2}(?:\/|$)|[^:]\/\//.test(written)
    },
    { error: `expected ${form}, such as ${example}` },
  )
}

/** `host` or `host:port`, as a Host header says it; lower case, without the default port. */
export const authority = pattern(
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[1-9]\d{0,4})?$/,
  'a host, with a port unless it is 443',
  'agents.example.com',
)
  .refine((written) => URL.parse(`https://${written}`) !== null, {
    error: 'expected a host, with a port unless it is 443, such as agents.example.com',
  })
  .transform((written) => new URL(`https://${written}`).host)

/** An address or a CIDR block. A block of everything would let any client say who it is: refused. */
const block = z
  .string({ error: 'expected an address or a block, such as 10.0.0.0/8' })
  .meta({ examples: ['10.0.0.0/8'] })
  .transform((written, context) => {
    const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(written) ?? []
    const width = isIP(address) === 4 ? 32 : isIP(address) === 6 ? 128 : 0
    const prefix = bits === undefined ? width : Number(bits)
    if (width === 0 || prefix > width || address.includes('%'))
      context.addIssue({ code: 'custom', message: 'expected an address or a block, such as 10.0.0.0/8' })
    else if (prefix === 0)
      context.addIssue({
        code: 'custom',
        message: 'a block of all addresses would let every client forge where it comes from',
      })
    return `${address}/${prefix}`
  })

/** Balancers in front. */
export const trustedPeers = distinct(block, 256)
