import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMO_MARK } from '../../../src/config/certificates.ts'
import { DEMO_MARK as STAMPED, makeDemoCertificates } from '../../../src/demo/certificates.ts'
import { altered, configFolder, GOOD, type ConfigFolder } from '../../fixtures/config.ts'

const DAY_MS = 86_400_000
const LOCAL = altered('https://gate.test\nlisten', 'https://localhost:8443\nlisten')

let folder: ConfigFolder

beforeAll(async () => {
  folder = await configFolder()
})
afterAll(() => folder.remove())

const messages = (text: string, options = {}): string[] =>
  folder.errors(text, options).map(({ message }) => message)

describe('the certificate of the listener', () => {
  it('is refused from the moment that it ends', () => {
    expect(messages(GOOD, { nowMs: Date.now() + 10 * DAY_MS })).toEqual([
      expect.stringMatching(/^tls\.cert: the certificate has expired/),
    ])
  })

  it('is refused before it begins', () => {
    expect(messages(GOOD, { nowMs: Date.now() - 2 * DAY_MS })).toEqual([
      expect.stringMatching(/not valid before/),
    ])
  })

  it('may be a chain: its first certificate is the leaf', () => {
    const text = altered('./tls.crt', './ca.crt')

    expect(messages(text)).toContain('tls.key: the key is not the one of the certificate')
  })

  it('may cover an address', () => {
    expect(messages(altered('https://gate.test\nlisten', 'https://127.0.0.1:8443\nlisten'))).toEqual([])
  })

  it('may cover one of further hosts only', () => {
    const text = altered('https://gate.test\nlisten', 'https://elsewhere.test\nhosts: [gate.test]\nlisten')

    expect(messages(text)).toEqual([])
  })

  it('is refused with a weak key', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1_024 })
    folder.put('weak.key', privateKey.export({ format: 'pem', type: 'pkcs8' }))

    expect(messages(altered('./tls.key', './weak.key'))).toContain(
      'tls.key: the RSA key has fewer than 2,048 bits',
    )
  })

  it('is refused when its block is damaged', () => {
    folder.put('damaged.crt', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')

    expect(messages(altered('./tls.crt', './damaged.crt'))).toEqual([
      'tls.cert: this holds no certificate in PEM',
    ])
  })
})

describe('certificates of the demo', () => {
  beforeAll(async () => {
    const demo = await makeDemoCertificates(Date.now())
    folder.put('demo.crt', demo.cert)
    folder.put('demo.key', demo.key)
  })

  const text = altered('./tls.crt', './demo.crt', altered('./tls.key', './demo.key', LOCAL))

  it('are refused: their keys were made to be thrown away', () => {
    expect(messages(text)).toEqual(['tls.cert: this certificate was made by the demo'])
  })

  it('serve the demo itself', () => {
    expect(messages(text, { demo: true })).toEqual([])
  })

  it('are marked by the word that is looked for', () => {
    expect(DEMO_MARK).toBe(STAMPED)
  })
})

describe('an example on loopback', () => {
  it('may have the issuer of an example', () => {
    expect(messages(altered('https://idp.test', 'https://idp.example.com', LOCAL))).toEqual([])
  })
})

describe('a bundle of authorities', () => {
  it('is refused when it holds none', () => {
    const text = altered('    jwks: "file:./jwks.json"', '    ca: "file:./jwks.json"')

    expect(messages(text)).toEqual(['auth[0].ca: this holds no certificate in PEM'])
  })
})
