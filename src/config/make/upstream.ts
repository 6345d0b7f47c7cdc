import type { UpstreamConfig, UpstreamTlsConfig } from '../../core/config.ts'
import { readBundle, readPair } from '../certificates.ts'
import type { Path } from '../document.ts'
import type { Reader } from '../reader.ts'
import { isLoopback } from '../schema/addresses.ts'
import type { UpstreamSetting } from '../schema/upstream.ts'

/** What an upstream is made of besides its setting. */
export interface UpstreamPlace {
  readonly path: Path
  /** Name of its route. */
  readonly route: string
  readonly nowMs: number
}

/** An upstream as the gateway uses it. */
export function makeUpstream(reader: Reader, setting: UpstreamSetting, place: UpstreamPlace): UpstreamConfig {
  const { path } = place
  const url = new URL(setting.url)
  if (url.protocol === 'http:' && setting.socket === undefined && !isLoopback(url.hostname)) {
    reader.complain(
      path,
      `plain HTTP to ${url.hostname} could be read and changed on the way`,
      'use https://, or an address of this machine such as http://127.0.0.1:8000',
    )
  }
  checkIdentityHeaders(reader, setting, path)
  return {
    url: setting.url,
    socket: setting.socket === undefined ? undefined : reader.locate(setting.socket),
    tls: makeTls(reader, setting, place),
    connectMs: setting.timeouts.connect,
    firstByteMs: setting.timeouts.first_byte,
    idleMs: setting.timeouts.idle,
    totalMs: setting.timeouts.total,
    headBytesMax: setting.head_max,
    http2: setting.http2,
    assertion: makeAssertion(setting, url, place.route),
    identityHeaders: Object.entries(setting.identity_headers).map(([name, from]) => ({ name, from })),
  }
}

function makeTls(
  reader: Reader,
  setting: UpstreamSetting,
  place: UpstreamPlace,
): UpstreamTlsConfig | undefined {
  const { tls, url } = setting
  if (tls === undefined) return undefined
  const path = [...place.path, 'tls']
  if (url.startsWith('http:'))
    reader.complain(path, 'the upstream is plain HTTP', 'use an https:// URL, or remove tls')
  const { cert, key } = tls
  if ((cert === undefined) !== (key === undefined))
    reader.complain(path, 'cert and key belong together', 'set both, or neither')
  const pair =
    cert === undefined || key === undefined ? undefined : readPair(reader, { cert, key }, path, place.nowMs)
  return {
    ca: tls.ca === undefined ? undefined : readBundle(reader, tls.ca, [...path, 'ca']),
    servername: tls.servername,
    cert: pair?.cert,
    key: pair?.key,
  }
}

const ASSERTION = { header: 'sallyport-assertion', audience: undefined, lifetime: 60_000 }

function makeAssertion(setting: UpstreamSetting, url: URL, route: string): UpstreamConfig['assertion'] {
  if (setting.assertion === false) return undefined
  const { header, audience, lifetime } = setting.assertion === true ? ASSERTION : setting.assertion
  return {
    header,
    // Behind a socket the host of the URL is made up: two agents could share it, and take each other's assertions.
    audience: audience ?? (setting.socket === undefined ? url.origin : route),
    lifetimeMs: lifetime,
  }
}

/** Fields that frame the message, or that proxies and upstreams act on: they cannot say who the caller is. */
const TAKEN =
  /^(?:host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|via|forwarded|cookie|authorization|date|range|proxy-.*|content-.*|accept.*|if-.*|x-forwarded-.*|sallyport-.*)$/

function checkIdentityHeaders(
  reader: Reader,
  { assertion, identity_headers: names }: UpstreamSetting,
  path: Path,
): void {
  const header = typeof assertion === 'boolean' ? undefined : assertion.header
  if (header !== undefined && TAKEN.test(header) && !header.startsWith('sallyport-'))
    reader.complain(
      [...path, 'assertion', 'header'],
      `${header} has a meaning of its own`,
      'choose another name, such as x-assertion',
    )
  for (const name of Object.keys(names)) {
    const at = [...path, 'identity_headers', name]
    if (TAKEN.test(name))
      reader.complain(at, `${name} has a meaning of its own`, 'choose another name, such as x-user')
    if (name === header)
      reader.complain(at, `${name} carries the assertion already`, 'choose another name, such as x-user')
  }
}
