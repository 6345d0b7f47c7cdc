import type { Detector } from '../../core/verdict.ts'
import { hasGitHubChecksum, hasIbanSum, hasLuhnSum, IBAN_LENGTHS, isTokenHeader } from '../secrets/checks.ts'
import { Most, TOLD } from '../shapes/most.ts'

/** Where a secret may begin. What follows is read by the pattern of its kind and then checked. */
const BEGINNING =
  /(?<![A-Za-z0-9_-])(?:(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]|gh[pousr]_|github_pat_|[sr]k_live_|whsec_|xox[abprs]-|xapp-|sk-ant-|sk-proj-|sk-|AIza|glpat-|npm_|eyJ|SG\.|hf_|dop_v1_|[A-Z]{2}\d{2} ?[A-Z0-9]|\d{4})|-----BEGIN /g

interface Kind {
  readonly rule: string
  /** Anchored; applied to what stands from the beginning on. */
  readonly pattern: RegExp
  readonly isRight?: (found: string) => boolean
}

/** What each kind looks like, by how it begins. A kind without a check has a shape that nothing else has. */
const KINDS: readonly Kind[] = [
  { rule: 'key/aws', pattern: /^(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])/ },
  { rule: 'key/github', pattern: /^gh[pousr]_[A-Za-z0-9]{36}(?![A-Za-z0-9])/, isRight: hasGitHubChecksum },
  { rule: 'key/github', pattern: /^github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}(?![A-Za-z0-9])/ },
  {
    rule: 'key/stripe',
    pattern: /^(?:[sr]k_live_[A-Za-z0-9]{24,99}|whsec_[A-Za-z0-9+/]{32,64})(?![A-Za-z0-9])/,
  },
  {
    rule: 'key/slack',
    pattern: /^(?:xox[abprs]-\d{8,14}-[A-Za-z0-9-]{12,72}|xapp-\d-[A-Z0-9]{8,14}-\d{8,14}-[a-z0-9]{32,72})/,
  },
  {
    rule: 'key/model',
    pattern:
      /^sk-(?:ant-[a-z0-9]{3,8}-[A-Za-z0-9_-]{60,120}|proj-[A-Za-z0-9_-]{40,180}|[A-Za-z0-9]{48})(?![A-Za-z0-9_-])/,
  },
  { rule: 'key/google', pattern: /^AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/ },
  { rule: 'key/gitlab', pattern: /^glpat-[A-Za-z0-9_-]{20}(?![A-Za-z0-9_-])/ },
  { rule: 'key/npm', pattern: /^npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/, isRight: hasGitHubChecksum },
  { rule: 'key/mail', pattern: /^SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/ },
  { rule: 'key/model', pattern: /^hf_[A-Za-z]{34}(?![A-Za-z0-9])/ },
  { rule: 'key/cloud', pattern: /^dop_v1_[a-f0-9]{64}(?![a-f0-9])/ },
  {
    rule: 'token/jwt',
    pattern: /^eyJ[A-Za-z0-9_-]{8,1000}\.eyJ[A-Za-z0-9_-]{8,2000}\.[A-Za-z0-9_-]{16,700}/,
    isRight: (found) => isTokenHeader(found.slice(0, found.indexOf('.'))),
  },
  { rule: 'key/pem', pattern: /^-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED )?PRIVATE KEY-----/ },
  { rule: 'person/iban', pattern: /^[A-Z]{2}\d{2}(?: ?[A-Z0-9]{1,4}){3,8}/, isRight: isIban },
  {
    rule: 'person/card',
    pattern: /^\d{4}(?:[ -]?\d{4}){2}[ -]?\d{1,7}(?![\d-])|^3[47]\d{2}[ -]?\d{6}[ -]?\d{5}(?![\d-])/,
    isRight: isCard,
  },
]

/** What is tried where a digit, two capitals and digits, or something else begins: texts are full of numbers. */
const CARDS = KINDS.filter(({ rule }) => rule === 'person/card')
const ACCOUNTS = KINDS.filter(({ rule }) => rule === 'person/iban')
const KEYS = KINDS.filter(({ rule }) => !rule.startsWith('person/'))

/** The longest that is read of one. */
const LENGTH_MAX = 4_096

/** Finds secrets and numbers of persons that somebody is about to give away. They are told of, and refused by nobody's default. */
export const secrets: Detector = {
  name: 'secrets',
  summary:
    'Keys, tokens, private keys, cards and account numbers, by fixed shapes and by their check digits. Told of at 0.3.',
  costNsPerCharMax: 15,
  example: {
    attack: 'My account is DE89 3704 0044 0532 0130 00, please check.',
    innocent: 'My account is DE88 3704 0044 0532 0130 00, please check.',
  },
  scan({ text, decodedBy }) {
    const most = new Most()
    if (decodedBy !== undefined) return most.all
    for (const { index } of text.matchAll(BEGINNING)) {
      const secret = secretAt(text.slice(index, index + LENGTH_MAX))
      if (secret === undefined) continue
      most.add({
        detector: 'secrets',
        rule: secret.rule,
        score: TOLD,
        start: index,
        end: index + secret.length,
      })
    }
    return most.all
  },
}

/** The secret that a text begins with, if it is one. */
function secretAt(text: string): { rule: string; length: number } | undefined {
  for (const { rule, pattern, isRight } of kindsOf(text)) {
    const found = pattern.exec(text)?.[0]
    if (found === undefined) continue
    const length = rule === 'person/iban' ? ibanLength(found) : found.length
    if (isRight === undefined || isRight(found.slice(0, length))) return { rule, length }
  }
  return undefined
}

function kindsOf(text: string): readonly Kind[] {
  const third = text.charCodeAt(2)
  const isNumbered = third >= 0x30 && third <= 0x39
  if (!isNumbered) return KEYS
  return text.charCodeAt(0) <= 0x39 ? CARDS : ACCOUNTS
}

/** How much of a run of letters and digits is the account number: as much as its country says. */
function ibanLength(found: string): number {
  const wanted = IBAN_LENGTHS.get(found.slice(0, 2)) ?? 0
  let counted = 0
  for (let at = 0; at < found.length; at++) {
    if (found.charAt(at) !== ' ') counted += 1
    if (counted === wanted) return at + 1
  }
  return found.length
}

function isIban(found: string): boolean {
  const wanted = IBAN_LENGTHS.get(found.slice(0, 2))
  return wanted === found.replaceAll(' ', '').length && hasIbanSum(found)
}

/** First digits and lengths of cards; others are numbers that happen to add up. */
function isCard(found: string): boolean {
  const digits = found.replace(/[ -]/g, '')
  const known =
    /^(?:4\d{12}(?:\d{3}(?:\d{3})?)?|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|5\d{2})\d{12}|3(?:0[0-5]|[68]\d)\d{11}|35\d{14})$/
  return known.test(digits) && hasLuhnSum(digits) && new Set(digits).size > 1
}
