import type { IssuerConfig, KeySource } from '../../core/config.ts'
import { JsonFault, readJson } from '../../json/read.ts'
import { readBundle } from '../certificates.ts'
import type { Path } from '../document.ts'
import type { Reader } from '../reader.ts'
import { PRESETS, type AuthSetting } from '../schema/auth.ts'

/** Issuers as the gateway uses them. */
export function makeIssuers(reader: Reader, settings: readonly AuthSetting[]): IssuerConfig[] {
  return settings.map((setting, index) => {
    const path = ['auth', index]
    const first = settings.findIndex(({ issuer }) => issuer === setting.issuer)
    if (first < index)
      reader.complain(
        [...path, 'issuer'],
        `this issuer stands already in auth[${first}]`,
        'merge the two: audience may be a list',
      )
    return makeIssuer(reader, setting, path)
  })
}

function makeIssuer(reader: Reader, setting: AuthSetting, path: Path): IssuerConfig {
  const { preset } = setting
  return {
    issuer: setting.issuer,
    audiences: setting.audience,
    algorithms: setting.algorithms,
    keys: makeKeySource(reader, setting, path),
    tokenTypes: setting.token_types ?? ['at+jwt'],
    preset,
    rolesPath: setting.roles ?? (preset === undefined ? ['roles'] : PRESETS[preset].split('.')),
    roleMap: setting.role_map,
    leewayMs: setting.leeway,
    lifetimeMsMax: setting.lifetime_max,
    staleMsMax: setting.stale_max,
    cooldownMs: setting.cooldown,
  }
}

function makeKeySource(reader: Reader, setting: AuthSetting, path: Path): KeySource {
  const { jwks, discovery, issuer } = setting
  if (jwks !== undefined && discovery !== undefined)
    reader.complain(
      [...path, 'discovery'],
      'the keys are named by jwks already',
      'keep one of jwks and discovery',
    )
  if (jwks?.startsWith('file:') === true) {
    if (setting.ca !== undefined)
      reader.complain(
        [...path, 'ca'],
        'nothing is fetched from this issuer',
        'remove ca, or let jwks be a URL',
      )
    return { kind: 'file', path: checkKeySet(reader, jwks.slice('file:'.length), [...path, 'jwks']) }
  }

  const ca = setting.ca === undefined ? undefined : readBundle(reader, setting.ca, [...path, 'ca'])
  if (jwks !== undefined) return { kind: 'url', url: jwks, ca }
  // OpenID Connect Discovery section 4: a slash at the issuer's end is taken away first.
  const standard = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  return { kind: 'discovery', url: discovery ?? standard, ca }
}

/** Looks into a key set now, so that a wrong file is found by `validate`; the keys themselves are judged when they are loaded. */
function checkKeySet(reader: Reader, named: string, path: Path): string {
  const text = reader.template ? undefined : reader.file(named, path)
  const keys = text === undefined ? undefined : keysOf(text)
  if (text !== undefined && keys === undefined)
    reader.complain(path, `${named} is no JWK Set`, 'name a JSON file of the form {"keys": [{"kty": …}]}')
  if (keys?.some((key) => 'd' in key || 'k' in key) === true)
    reader.complain(
      path,
      `${named} holds private or symmetric keys`,
      'put the public halves only into it, and replace these keys',
    )
  return reader.locate(named)
}

function keysOf(text: string): readonly object[] | undefined {
  const document = readJson(Buffer.from(text), { depthMax: 16 })
  if (document instanceof JsonFault || typeof document !== 'object' || document === null) return undefined
  const keys: unknown = Reflect.get(document, 'keys')
  return Array.isArray(keys) && keys.length > 0 && keys.every(isKey) ? keys : undefined
}

function isKey(key: unknown): key is object {
  return typeof key === 'object' && key !== null && 'kty' in key
}
