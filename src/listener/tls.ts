import { constants, X509Certificate, createPrivateKey } from 'node:crypto'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import type { TlsConfig } from '../core/config.ts'

/** AEAD with ephemeral keys only (RFC 9325 section 4.2): the first three are TLS 1.3, the rest TLS 1.2. */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':')

/** The hybrid first: what is recorded today must not be read by a quantum computer later. */
const GROUPS = 'X25519MLKEM768:X25519:P-256:P-384'

/** Secure context of the listener. Tickets are on: resumption saves the client's and our handshake. */
export function secureOptions(tls: TlsConfig, ticketKeys: Buffer): SecureContextOptions {
  return {
    cert: tls.cert,
    key: tls.key,
    minVersion: tls.versionMin,
    maxVersion: 'TLSv1.3',
    ciphers: CIPHERS,
    ecdhCurve: GROUPS,
    honorCipherOrder: true,
    // Renegotiation lets a client make us work at will (CVE-2011-1473); compression leaks (CRIME).
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_COMPRESSION,
    // The same keys after a reload, so that tickets handed out before it stay good.
    ticketKeys,
  }
}

/**
 * Tells what is wrong with a certificate and its key: one sentence without secrets, or undefined when they can be used.
 *
 * @param nowMs Milliseconds since the epoch; an expired or not yet valid leaf is refused.
 */
export function pairFault(tls: TlsConfig, nowMs: number): string | undefined {
  try {
    const leaf = new X509Certificate(tls.cert)
    if (leaf.validToDate.getTime() <= nowMs) return 'the certificate has expired'
    if (leaf.validFromDate.getTime() > nowMs) return 'the certificate is not valid yet'
    if (!leaf.checkPrivateKey(createPrivateKey(tls.key))) return 'the key is not that of the certificate'
    createSecureContext({ cert: tls.cert, key: tls.key, minVersion: tls.versionMin })
    return undefined
  } catch {
    // OpenSSL's message may quote the input, and the input is a key.
    return 'the certificate or its key cannot be read'
  }
}

/**
 * Names that a client hello may ask for: the hosts of the configuration without their ports. An address has no place
 * in SNI (RFC 6066 section 3), so it is left in harmlessly.
 */
export function servedNames(hosts: readonly string[]): ReadonlySet<string> {
  return new Set(hosts.map((host) => host.replace(/:\d+$/, '').toLowerCase()))
}
