import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { isIP } from 'node:net'
import type { Path } from './document.ts'
import type { Reader } from './reader.ts'

/** Stands in the subject of every certificate that the demo makes: whoever finds the demo's key could be the gateway. */
export const DEMO_MARK = 'sallyport-demo'

/** A certificate with its key, PEM; both empty when they were not opened. */
export interface CertifiedKey {
  readonly cert: string
  readonly key: string
}

/** Where the two are set. */
interface PairSetting {
  readonly cert: string
  readonly key: string
}

/** Reads a certificate chain and its key from where `cert` and `key` at `path` say, and checks that they fit. */
export function readPair(reader: Reader, setting: PairSetting, path: Path, nowMs: number): CertifiedKey {
  const certPath = [...path, 'cert']
  const keyPath = [...path, 'key']
  const cert = reader.secret(setting.cert, certPath, 'public')
  const key = reader.secret(setting.key, keyPath, 'private')
  const leaf = cert === undefined ? undefined : checkChain(reader, cert, certPath, nowMs)
  const secret = key === undefined ? undefined : parseKey(reader, key, keyPath)
  if (leaf !== undefined && secret !== undefined && !leaf.checkPrivateKey(secret))
    reader.complain(
      keyPath,
      'the key is not the one of the certificate',
      'name the key that the certificate was issued for',
    )
  return { cert: cert ?? '', key: key ?? '' }
}

/** Reads a bundle of authorities, PEM. */
export function readBundle(reader: Reader, reference: string, path: Path): string | undefined {
  const text = reader.secret(reference, path, 'public')
  if (text !== undefined && parseChain(text) === undefined)
    reader.complain(
      path,
      'this holds no certificate in PEM',
      'name a bundle of "-----BEGIN CERTIFICATE-----" blocks',
    )
  return text
}

/** The leaf of a chain that may be used now. Undefined: an error was added. */
function checkChain(reader: Reader, text: string, path: Path, nowMs: number): X509Certificate | undefined {
  const leaf = parseChain(text)?.[0]
  if (leaf === undefined) {
    reader.complain(
      path,
      'this holds no certificate in PEM',
      'name a chain of "-----BEGIN CERTIFICATE-----" blocks, leaf first',
    )
    return undefined
  }
  if (nowMs >= leaf.validToDate.getTime())
    reader.complain(path, `the certificate has expired (${leaf.validTo})`, 'renew it')
  if (nowMs < leaf.validFromDate.getTime())
    reader.complain(
      path,
      `the certificate is not valid before ${leaf.validFrom}`,
      'wait, or set the clock of this machine',
    )
  return leaf
}

/** Refuses a listener certificate that covers none of the hosts: every client would refuse it, one by one, later. */
export function checkCovers(reader: Reader, cert: string, hosts: readonly string[], path: Path): void {
  const leaf = parseChain(cert)?.[0]
  const names = hosts.map((host) => new URL(`https://${host}`).hostname.replace(/^\[|\]$/g, ''))
  if (
    leaf === undefined ||
    names.some((name) => (isIP(name) === 0 ? leaf.checkHost(name) : leaf.checkIP(name)) !== undefined)
  )
    return
  reader.complain(
    path,
    `the certificate covers none of ${names.join(', ')}`,
    'use one whose subjectAltName has the host of public_url',
  )
}

/** Tells whether the demo made a certificate, or an authority in its chain. */
export function isDemoChain(cert: string): boolean {
  return (parseChain(cert) ?? []).some(({ subject, issuer }) => `${subject}\n${issuer}`.includes(DEMO_MARK))
}

function parseChain(text: string): X509Certificate[] | undefined {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)
  try {
    return blocks?.map((block) => new X509Certificate(block))
  } catch {
    return undefined
  }
}

function parseKey(reader: Reader, text: string, path: Path): KeyObject | undefined {
  if (/ENCRYPTED/.test(text)) {
    reader.complain(path, 'the key is encrypted', 'store it without a passphrase, for this user only')
    return undefined
  }
  try {
    const key = createPrivateKey(text)
    if ((key.asymmetricKeyDetails?.modulusLength ?? 2_048) < 2_048)
      reader.complain(
        path,
        'the RSA key has fewer than 2,048 bits',
        'make a new key: P-256, or RSA of 2,048 bits and more',
      )
    return key
  } catch {
    reader.complain(
      path,
      'this holds no private key in PEM',
      'name a file that begins with "-----BEGIN PRIVATE KEY-----"',
    )
    return undefined
  }
}
