import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { secrets } from '../../../../src/screen/detectors/secrets.ts'
import {
  hasGitHubChecksum,
  hasIbanSum,
  hasLuhnSum,
  IBAN_LENGTHS,
} from '../../../../src/screen/secrets/checks.ts'
import { findingsOf, rulesOf } from '../../../fixtures/screen/corpus.ts'

/** Made here, so that no tool that looks for secrets finds one in the file. */
const fill = (length: number, letters = 'aB3dE5gH7jK9'): string =>
  letters.repeat(Math.ceil(length / letters.length)).slice(0, length)

function checked(prefix: string): string {
  const base = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
  const body = fill(30)
  let rest = crc32(body)
  let sum = ''
  for (let i = 0; i < 6; i++) {
    sum = base.charAt(rest % 62) + sum
    rest = Math.floor(rest / 62)
  }
  return `${prefix}${body}${sum}`
}

const pem = (kind: string): string => `-----BEGIN ${kind}-----`
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const jwt = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: 'ana', exp: 1 })}.${fill(43)}`

const found: readonly (readonly [rule: string, text: string])[] = [
  ['key/aws', `AKIA${fill(16, 'Q2W3E4R5')}`],
  ['key/aws', `ASIA${fill(16, 'Z7Y6X5')}`],
  ['key/github', checked('ghp_')],
  ['key/github', checked('gho_')],
  ['key/github', checked('ghs_')],
  ['key/github', `github_pat_${fill(22)}_${fill(59)}`],
  ['key/stripe', `sk_live_${fill(24)}`],
  ['key/stripe', `rk_live_${fill(40)}`],
  ['key/stripe', `whsec_${fill(32)}`],
  ['key/slack', `xoxb-${fill(12, '123')}-${fill(24)}`],
  ['key/slack', `xapp-1-${fill(11, 'A1')}-${fill(12, '123')}-${fill(64, 'a1b2')}`],
  ['key/model', `sk-${fill(48)}`],
  ['key/model', `sk-proj-${fill(60)}`],
  ['key/model', `sk-ant-api03-${fill(95)}`],
  ['key/model', `hf_${fill(34, 'aBcD')}`],
  ['key/google', `AIza${fill(35)}`],
  ['key/gitlab', `glpat-${fill(20)}`],
  ['key/npm', checked('npm_')],
  ['key/mail', `SG.${fill(22)}.${fill(43)}`],
  ['key/cloud', `dop_v1_${fill(64, 'a1b2')}`],
  ['token/jwt', jwt],
  ['key/pem', pem('PRIVATE KEY')],
  ['key/pem', pem('OPENSSH PRIVATE KEY')],
  ['person/iban', 'DE89 3704 0044 0532 0130 00'],
  ['person/iban', 'GB82WEST12345698765432'],
  ['person/iban', 'NO93 8601 1117 947'],
  ['person/card', '4111 1111 1111 1111'],
  ['person/card', '5555-5555-5555-4444'],
  ['person/card', '378282246310005'],
]

const innocent: readonly string[] = [
  `AKIA${fill(15, 'Q2')}`,
  `akia${fill(16, 'q2')}`,
  `ghp_${fill(36)}`,
  `npm_${fill(36)}`,
  `sk_test_${fill(24)}`,
  'sk-learn and sk-image',
  'xoxo-1234567890-hugs',
  'npm_config_registry=https://registry.example',
  'hf_hub_download(repo, file)',
  'glpat-short',
  `eyJ.eyJ.${fill(20)}`,
  `${Buffer.from('{"a":1,"bb":2}').toString('base64url')}.eyJzdWIiOiJhIn0xxx.${fill(43)}`,
  pem('PUBLIC KEY'),
  pem('CERTIFICATE'),
  'DE88 3704 0044 0532 0130 00',
  'GB00WEST12345698765432',
  'QQ89 3704 0044 0532 0130 00',
  '4111 1111 1111 1112',
  '1234 5678 9012 3456',
  '0000 0000 0000 0000',
  '2024-05-01 10:00:00 and 2025-06-02',
  'call +49 30 1234 5678 or 030/12345678',
  '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  '123e4567-e89b-12d3-a456-426614174000',
  'order 4471-2209, customer 0012345678',
  'SG.com is a site',
  'AIzawa is a name',
]

describe('a secret', () => {
  it.each(found)('is told of as %s (%#)', (rule, secret) => {
    const text = `Here it is: ${secret}, please keep it.`

    expect(findingsOf(secrets, text, 'user')).toEqual([
      { detector: 'secrets', rule, score: 0.3, start: 12, end: 12 + secret.length },
    ])
  })

  it.each(found)('is told of alone as %s (%#)', (rule, secret) => {
    expect(findingsOf(secrets, secret, 'document')).toMatchObject([{ rule }])
  })

  it('rejects by nobody’s default', () => {
    expect(rulesOf(secrets, found.map(([, secret]) => secret).join('\n'), 'user')).toEqual([])
  })
})

describe('what looks like a secret', () => {
  it.each(innocent)('passes (%#): %s', (text) => {
    expect(findingsOf(secrets, `Here it is: ${text}, please keep it.`, 'user')).toEqual([])
  })
})

describe('check digits', () => {
  it('are those of the standards', () => {
    expect(hasIbanSum('GB82 WEST 1234 5698 7654 32')).toBe(true)
    expect(hasIbanSum('GB82 WEST 1234 5698 7654 33')).toBe(false)
    expect(hasLuhnSum('79927398713')).toBe(true)
    expect(hasLuhnSum('79927398710')).toBe(false)
    expect(hasGitHubChecksum(checked('ghp_'))).toBe(true)
    expect(IBAN_LENGTHS.get('DE')).toBe(22)
  })
})

it.each(['4111 ', 'eyJ', 'AKIA', 'DE89 ', 'ghp_', '-----BEGIN ', 'sk-', '1234'])(
  'comes to an end on %j over and over',
  (piece) => {
    expect(findingsOf(secrets, piece.repeat(20_000), 'user').length).toBeLessThanOrEqual(32)
  },
)
