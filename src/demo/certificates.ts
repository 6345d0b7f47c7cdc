import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

/** A throw-away authority and one certificate of it, all PEM. */
export interface DemoCertificates {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

/** Stands in the subject of every demo certificate: `serve` refuses to start with one. */
export const DEMO_MARK = 'sallyport-demo'

const LIFETIME_MS = 24 * 3_600_000
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** Makes a CA and a certificate for localhost, both good for 24 hours. The CA's key is never kept. */
export async function makeDemoCertificates(nowMs: number): Promise<DemoCertificates> {
  x509.cryptoProvider.set(webcrypto)
  const authorityKeys = await newKeys()
  const validity = { notBefore: new Date(nowMs - 60_000), notAfter: new Date(nowMs + LIFETIME_MS) }
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: `CN=${DEMO_MARK} CA, O=not for production`,
    ...validity,
    signingAlgorithm: ALGORITHM,
    keys: authorityKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  })
  const keys = await newKeys()
  const leaf = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: `CN=localhost, O=${DEMO_MARK}`,
    issuer: authority.subject,
    ...validity,
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: authorityKeys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  })
  const secret = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return {
    ca: `${authority.toString('pem')}\n`,
    cert: `${leaf.toString('pem')}\n${authority.toString('pem')}\n`,
    key: `${x509.PemConverter.encode(secret, 'PRIVATE KEY')}\n`,
  }
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
}

function serial(): string {
  return Buffer.from(webcrypto.getRandomValues(new Uint8Array(15))).toString('hex')
}
