import type { UpstreamConfig } from '../core/config.ts'
import type { Principal } from '../core/principal.ts'

/** A plain header that tells the upstream one thing about the principal. */
export type IdentityHeader = UpstreamConfig['identityHeaders'][number]

// All of visible ASCII but `%`, which begins an escape, and `,`, which separates roles.
const PLAIN = /^[\x21-\x24\x26-\x2b\x2d-\x7e]*$/

/**
 * Appends the header; one that has nothing to say is left out, and its twins are stripped anyway. Returns false when the
 * value cannot be written without becoming somebody else's.
 */
export function pushIdentity(headers: string[], header: IdentityHeader, principal: Principal): boolean {
  const value = identityValue(header.from, principal)
  if (value === undefined) return false
  if (value !== '') headers.push(header.name, value)
  return true
}

function identityValue(from: IdentityHeader['from'], principal: Principal): string | undefined {
  if (from === 'roles') return join(principal.roles)
  if (from === 'subject') return encodeIdentity(principal.subject)
  return encodeIdentity(from === 'issuer' ? principal.issuer : (principal.clientId ?? ''))
}

function join(roles: readonly string[]): string | undefined {
  let list = ''
  for (const role of roles) {
    const encoded = encodeIdentity(role)
    if (encoded === undefined) return undefined
    if (encoded !== '') list = list === '' ? encoded : `${list},${encoded}`
  }
  return list
}

/**
 * Percent-encodes as UTF-8 what is not visible ASCII, and `%` and `,`: two identities never share a spelling. Undefined
 * for a lone surrogate, which UTF-8 would fold into U+FFFD together with all others.
 */
export function encodeIdentity(text: string): string | undefined {
  if (PLAIN.test(text)) return text
  if (!text.isWellFormed()) return undefined
  return text.replace(/[^\x21-\x24\x26-\x2b\x2d-\x7e]+/g, percent)
}

function percent(run: string): string {
  let encoded = ''
  for (const byte of Buffer.from(run, 'utf8'))
    encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  return encoded
}
