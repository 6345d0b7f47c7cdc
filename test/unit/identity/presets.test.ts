import { describe, expect, it } from 'vitest'
import type { IssuerConfig } from '../../../src/core/config.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import { judgeOfKinds } from '../../../src/identity/presets.ts'
import { issuerConfig } from '../../fixtures/identity.ts'

type PresetName = NonNullable<IssuerConfig['preset']>

function accepts(changes: Partial<IssuerConfig>, typ: string | undefined, claims: JsonObject): boolean {
  const judge = judgeOfKinds(issuerConfig(changes))
  return judge.acceptsType(typ) && judge.isAccessToken(typ, claims)
}

describe('judgeOfKinds without preset', () => {
  it('takes at+jwt only', () => {
    expect(accepts({}, 'at+jwt', {})).toBe(true)
    for (const typ of ['jwt', undefined, 'id+jwt', 'dpop+jwt', 'logout+jwt', '']) {
      expect(accepts({}, typ, {})).toBe(false)
    }
  })

  it('takes jwt, and no typ, where token_types says so', () => {
    expect(accepts({ tokenTypes: ['jwt'] }, 'jwt', {})).toBe(true)
    expect(accepts({ tokenTypes: ['jwt'] }, undefined, {})).toBe(true)
    expect(accepts({ tokenTypes: ['jwt'] }, 'at+jwt', {})).toBe(false)
  })

  it.each(['nonce', 'at_hash', 'c_hash', 's_hash', 'events'])('refuses a jwt with %s', (name) => {
    expect(accepts({ tokenTypes: ['jwt'] }, 'jwt', { sub: 'a', [name]: 'x' })).toBe(false)
    expect(accepts({ tokenTypes: ['jwt'] }, 'jwt', { sub: 'a' })).toBe(true)
  })

  it.each(['ID', 'Refresh', 'Offline', 'Logout', 7, null])('refuses payload typ %s', (typ) => {
    expect(accepts({ tokenTypes: ['jwt'] }, 'jwt', { typ })).toBe(false)
  })

  it('refuses token_use id and passes token_use access', () => {
    expect(accepts({ tokenTypes: ['jwt'] }, 'jwt', { token_use: 'id' })).toBe(false)
    expect(accepts({ tokenTypes: ['jwt'] }, 'jwt', { token_use: 'access' })).toBe(true)
  })

  it('lets at+jwt carry a nonce, which settles nothing, but no token hash', () => {
    expect(accepts({}, 'at+jwt', { nonce: 'x' })).toBe(true)
    expect(accepts({}, 'at+jwt', { at_hash: 'x' })).toBe(false)
  })

  it('names the accepted types', () => {
    expect(judgeOfKinds(issuerConfig({ tokenTypes: ['at+jwt', 'jwt'] })).typesText).toBe('at+jwt, jwt')
  })
})

/** Tokens in the shape that each provider issues, reduced to what tells them apart. */
const samples: readonly [PresetName, string, string | undefined, JsonObject, boolean][] = [
  ['keycloak', 'access token', 'jwt', { typ: 'Bearer', azp: 'web', aud: 'api' }, true],
  ['keycloak', 'access token of version 24', 'jwt', { typ: 'Bearer', nonce: 'n' }, true],
  ['keycloak', 'light-weight access token as at+jwt', 'at+jwt', { azp: 'web' }, true],
  ['keycloak', 'ID token', 'jwt', { typ: 'ID', azp: 'web', aud: 'web', at_hash: 'h' }, false],
  ['keycloak', 'ID token that says Bearer', 'jwt', { typ: 'Bearer', at_hash: 'h' }, false],
  ['keycloak', 'refresh token', 'jwt', { typ: 'Refresh', aud: 'https://idp.test' }, false],
  ['keycloak', 'offline token', 'jwt', { typ: 'Offline' }, false],
  ['keycloak', 'logout token', 'jwt', { typ: 'Logout', events: {} }, false],
  ['keycloak', 'token without kind', 'jwt', { azp: 'web' }, false],
  ['keycloak', 'token without typ header', undefined, { typ: 'Bearer' }, false],
  ['entra', 'delegated token, version 2', 'jwt', { ver: '2.0', azp: 'app', scp: 'chat' }, true],
  ['entra', 'application token, version 1', 'jwt', { ver: '1.0', appid: 'app', roles: ['Chat'] }, true],
  ['entra', 'ID token with roles', 'jwt', { ver: '2.0', roles: ['Chat'], preferred_username: 'a' }, false],
  ['entra', 'ID token with nonce', 'jwt', { ver: '2.0', azp: 'app', scp: 'chat', nonce: 'n' }, false],
  ['entra', 'token with neither scopes nor roles', 'jwt', { ver: '2.0', azp: 'app' }, false],
  ['entra', 'token of an unknown version', 'jwt', { ver: '3.0', azp: 'app', scp: 'chat' }, false],
  ['auth0', 'access token', 'jwt', { azp: 'client', aud: ['https://api', 'https://x/userinfo'] }, true],
  ['auth0', 'access token, RFC 9068 profile', 'at+jwt', { client_id: 'client', aud: 'https://api' }, true],
  ['auth0', 'ID token', 'jwt', { aud: 'client', sid: 's' }, false],
  ['auth0', 'ID token that names its client', 'jwt', { aud: 'client', azp: 'client' }, false],
  ['auth0', 'ID token with a list', 'jwt', { aud: ['client'], azp: 'client' }, false],
  ['okta', 'access token', undefined, { cid: 'client', scp: ['chat'], ver: 1 }, true],
  ['okta', 'ID token', undefined, { aud: 'client', ver: 1, amr: ['pwd'] }, false],
  ['okta', 'ID token with nonce', undefined, { cid: 'client', nonce: 'n' }, false],
]

describe('judgeOfKinds with a preset', () => {
  it.each(samples)('%s: %s', (...[preset, , typ, claims, verdict]) => {
    expect(accepts({ preset }, typ, claims)).toBe(verdict)
  })
})
