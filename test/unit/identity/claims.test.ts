import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import { isExpired, judgeClaims } from '../../../src/identity/claims.ts'
import { AUDIENCE, NOW_MS, NOW_S, claims } from '../../fixtures/identity.ts'

const rules = { audiences: [AUDIENCE, 'second'], leewayMs: 5_000, lifetimeMsMax: 3_600_000 }

function judge(changes: Record<string, unknown> = {}, nowMs = NOW_MS): unknown {
  const all = Object.entries({ ...claims, ...changes }).filter(([, value]) => value !== undefined)
  return judgeClaims(Object.fromEntries(all) as JsonObject, rules, nowMs)
}

const passes = expect.objectContaining({ subject: 'alice' })
const invalid = expect.objectContaining({ problem: 'token-invalid' })
const expired = expect.objectContaining({ problem: 'token-expired' })

describe('judgeClaims', () => {
  it('gives the claims that make an identity', () => {
    expect(judge()).toEqual({
      subject: 'alice',
      expiresMs: (NOW_S + 300) * 1_000,
      clientId: 'console',
      tokenId: 'token-1',
    })
  })

  it.each([
    ['our own', AUDIENCE, passes],
    ['another of ours', 'second', passes],
    ['ours among others', ['x', AUDIENCE], passes],
    ['another', 'https://other.test', expect.objectContaining({ problem: 'audience-mismatch' })],
    ['a longer one', `${AUDIENCE}/`, expect.objectContaining({ problem: 'audience-mismatch' })],
    ['another case', AUDIENCE.toUpperCase(), expect.objectContaining({ problem: 'audience-mismatch' })],
    ['two in one text', `${AUDIENCE} x`, expect.objectContaining({ problem: 'audience-mismatch' })],
    ['nobody', [], expect.objectContaining({ problem: 'audience-mismatch' })],
    ['missing', undefined, invalid],
    ['null', null, invalid],
    ['a number', 7, invalid],
    ['an object', { [AUDIENCE]: true }, invalid],
    ['a list with a number', [AUDIENCE, 7], invalid],
    ['a list in a list', [[AUDIENCE]], invalid],
  ])('aud is %s', (_what, aud, verdict) => {
    expect(judge({ aud })).toEqual(verdict)
  })

  it.each([
    ['well ahead', NOW_S + 300, passes],
    ['with a fraction', NOW_S + 0.5, passes],
    ['within leeway', NOW_S - 4.999, passes],
    ['past by exactly the leeway', NOW_S - 5, expired],
    ['past', NOW_S - 60, expired],
    ['zero', 0, expired],
    ['negative', -1, expired],
    ['missing', undefined, invalid],
    ['null', null, invalid],
    ['a text', String(NOW_S + 300), invalid],
    ['a list', [NOW_S + 300], invalid],
    ['true', true, invalid],
    ['infinite', Number.POSITIVE_INFINITY, invalid],
    ['finite only in seconds', 1e308, invalid],
    ['not a number', Number.NaN, invalid],
    ['in milliseconds', NOW_MS + 300_000, invalid],
  ])('exp is %s', (_what, exp, verdict) => {
    expect(judge({ exp })).toEqual(verdict)
  })

  it.each([
    ['missing', undefined, passes],
    ['now', NOW_S, passes],
    ['ahead within leeway', NOW_S + 5, passes],
    ['ahead of leeway', NOW_S + 5.001, invalid],
    ['a text', String(NOW_S), invalid],
    ['null', null, invalid],
    ['infinite', Number.NEGATIVE_INFINITY, invalid],
  ])('nbf and iat are %s', (_what, time, verdict) => {
    expect(judge({ nbf: time })).toEqual(verdict)
    expect(judge({ iat: time })).toEqual(verdict)
  })

  it.each([
    ['as long as allowed', { iat: NOW_S, exp: NOW_S + 3_600 }, passes],
    ['a second longer', { iat: NOW_S, exp: NOW_S + 3_601 }, invalid],
    ['longer, with its issue long past', { iat: 0, exp: NOW_S + 300 }, invalid],
    ['as long as allowed, without iat', { iat: undefined, exp: NOW_S + 3_600 }, passes],
    ['longer, without iat', { iat: undefined, exp: NOW_S + 3_601 }, invalid],
  ])('lives %s', (_what, times, verdict) => {
    expect(judge(times)).toEqual(verdict)
  })

  it.each([
    ['255 characters', 's'.repeat(255), expect.objectContaining({ subject: 's'.repeat(255) })],
    ['not ASCII', 'Zoë', expect.objectContaining({ subject: 'Zoë' })],
    ['with spaces and colons', 'a b:c', expect.objectContaining({ subject: 'a b:c' })],
    ['256 characters', 's'.repeat(256), invalid],
    ['empty', '', invalid],
    ['missing', undefined, invalid],
    ['null', null, invalid],
    ['a number', 7, invalid],
    ['an object', { id: 'alice' }, invalid],
    ['with CR LF', 'alice\r\nx-role: admin', invalid],
    ['with a line feed', 'alice\nbob', invalid],
    ['with NUL', 'alice\u0000', invalid],
    ['with DEL', 'alice\u007f', invalid],
    ['with NEL', 'alice\u0085', invalid],
    ['with a line separator', 'alice\u2028', invalid],
  ])('sub is %s', (_what, sub, verdict) => {
    expect(judge({ sub })).toEqual(verdict)
  })

  it.each(['client_id', 'azp', 'appid', 'cid'])('takes the client from %s', (name) => {
    expect(judge({ client_id: undefined, [name]: 'app' })).toMatchObject({ clientId: 'app' })
  })

  it.each(['client_id', 'jti'])('refuses a %s that is no plain text', (name) => {
    for (const value of [7, null, '', ['a'], 'a\r\nb']) expect(judge({ [name]: value })).toEqual(invalid)
  })

  it('does without client and token id', () => {
    expect(judge({ client_id: undefined, jti: undefined })).toMatchObject({
      clientId: undefined,
      tokenId: undefined,
    })
  })

  it.each([[{ 'x5t#S256': 'abc' }], [{ jkt: 'abc' }], [null], [{}]])('wants proof for cnf %j', (cnf) => {
    expect(judge({ cnf })).toMatchObject({ problem: 'proof-required' })
  })

  it('names no claim value in any reason', () => {
    const texts = [{ sub: 'x\n' }, { aud: 'secret-aud' }, { exp: 'secret' }].map((one) =>
      JSON.stringify(judge(one)),
    )

    for (const text of texts) expect(text).not.toMatch(/alice|secret/)
  })
})

describe('isExpired', () => {
  it('refuses at exp, as "on or after" says, and passes a millisecond before', () => {
    expect(isExpired(1_000, 999, 0)).toBe(false)
    expect(isExpired(1_000, 1_000, 0)).toBe(true)
  })

  it('moves the end by the leeway', () => {
    expect(isExpired(1_000, 1_099, 100)).toBe(false)
    expect(isExpired(1_000, 1_100, 100)).toBe(true)
  })
})
