import { crc32 } from 'node:zlib'

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const CHECK_LENGTH = 6

/**
 * Tells whether a token of GitHub ends in its checksum: CRC-32 of what stands between prefix and checksum, in base 62, six
 * digits. One chance in four billion that another word does.
 */
export function hasGitHubChecksum(token: string): boolean {
  const body = token.slice(token.indexOf('_') + 1, -CHECK_LENGTH)
  let rest = crc32(body)
  let digits = ''
  for (let i = 0; i < CHECK_LENGTH; i++) {
    digits = BASE62.charAt(rest % 62) + digits
    rest = Math.floor(rest / 62)
  }
  return token.endsWith(digits)
}

/** Tells whether the digits of a card number add up (ISO/IEC 7812-1, the Luhn formula). Spaces and hyphens do not count. */
export function hasLuhnSum(number: string): boolean {
  let sum = 0
  let place = 0
  for (let at = number.length - 1; at >= 0; at--) {
    const digit = number.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) continue
    const twice = place % 2 === 1 ? digit * 2 : digit
    sum += twice > 9 ? twice - 9 : twice
    place += 1
  }
  return sum % 10 === 0
}

/** Tells whether the check digits of an IBAN are right (ISO 13616-1: modulo 97 of the number turned round is 1). */
export function hasIbanSum(iban: string): boolean {
  const bare = iban.replaceAll(' ', '').toUpperCase()
  let rest = 0
  for (const char of bare.slice(4) + bare.slice(0, 4)) {
    const value = Number.parseInt(char, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}

/** Lengths of IBANs by country, as the registry has them; a country that is missing here is not looked for. */
export const IBAN_LENGTHS: ReadonlyMap<string, number> = new Map(
  `AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 CH21 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22
  GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LI21 LT20 LU20 LV21 MC27 MD24 ME22 MK19 MT31
  MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SE24 SI19 SK24 SM27 TN24 TR26 UA29 VG24 XK20`
    .split(/\s+/)
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
)

/** Tells whether a text is a JSON Web Token: its first part decodes to a header with an algorithm (RFC 7515 section 4.1.1). */
export function isTokenHeader(part: string): boolean {
  const header = Buffer.from(part, 'base64url').toString('latin1')
  return header.startsWith('{') && header.includes('"alg"')
}
