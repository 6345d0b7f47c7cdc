import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { altered, configFolder, GOOD, type ConfigFolder } from '../../fixtures/config.ts'
import { testCertificate } from '../../fixtures/certs.ts'

let folder: ConfigFolder

beforeAll(async () => {
  folder = await configFolder()
  folder.put('open.key', (await testCertificate()).key, 0o644)
  folder.put('other.key', (await testCertificate('two')).key)
  folder.put(
    'locked.key',
    '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----\n',
  )
  folder.put('text.txt', 'nothing of use\n')
  folder.put('private.json', '{"keys":[{"kty":"EC","d":"AA"}]}')
  folder.put('empty.json', '{"keys":[]}')
  folder.put('list.json', '[]')
  folder.put('none/readme.md', '')
  folder.put('sub/ok.cedar', '// nothing\n')
})
afterAll(() => folder.remove())

/** What to break, how, the line at fault, what is said, and the fix. */
type Row = readonly [title: string, from: string, to: string, line: number, message: RegExp, hint: RegExp]

// oxfmt-ignore
const YAML: readonly Row[] = [
  ['a key that stands twice', 'listen: 127', 'version: 1\nlisten: 127', 3, /stands twice/, /keep one/],
  ['a nested key that stands twice', '    path: /chat\n', '    path: /chat\n    path: /other\n', 14, /stands twice/, /keep one/],
  ['an anchor', 'listen: 1', 'listen: &here 1', 3, /anchors/, /write the value out/],
  ['an alias', 'audience: https://gate.test', 'audience: *here', 9, /aliases/, /write the value out/],
  ['a merge key', 'version: 1', '<<: { a: 1 }\nversion: 1', 1, /merge keys/, /write the members out/],
  ['a tag', 'version: 1', 'version: !!int 1\n', 1, /tags/, /remove the tag/],
  ['a tag of its own', 'listen: 1', 'listen: !secret 1', 3, /tag/i, /./],
  ['a tab', '  cert:', '\tcert:', 5, /tab/, /spaces/],
  ['a second document', 'listen: 127', '---\nlisten: 127', 3, /second document/, /---/],
  ['a directive', 'version: 1', '%YAML 1.1\n---\nversion: 1', 3, /directives/, /%/],
  ['a key that is a number', 'version: 1', '1: 2\nversion: 1', 1, /plain word/, /quotes/],
  ['a key that is a list', 'version: 1', '? [a]\n: 2\nversion: 1', 1, /plain word/, /quotes/],
  ['__proto__', 'version: 1', '__proto__: { a: 1 }\nversion: 1', 1, /not accepted/, /remove/],
  ['an open bracket', 'listen: 127.0.0.1:8443', 'listen: [1', 4, /not YAML/, /bracket/],
  ['an open quote', '"file:./tls.crt"', '"file:./tls.crt', 5, /not YAML/, /quote/],
]

// oxfmt-ignore
const SHAPE: readonly Row[] = [
  ['a mistyped key', 'public_url', 'publik_url', 2, /publik_url is not a setting$/, /public_url\?/],
  ['camel case', 'public_url', 'publicUrl', 2, /publicUrl is not a setting/, /public_url\?/],
  ['a key in the wrong place', '    path: /chat', '    path: /chat\n    leeway: 5s', 14, /leeway is not a setting of routes\[0\]/, /belongs in auth\[\]/],
  ['a key of nowhere', 'version: 1', 'version: 1\nzzzzzz: 1', 2, /zzzzzz/, /known here: version, public_url/],
  ['a mistyped nested key', '    audience:', '    audiense:', 9, /audiense is not a setting of auth\[0\]/, /audience\?/],
  ['a missing section', 'public_url: https://gate.test\n', '', 1, /public_url is missing/, /public_url: https/],
  ['a missing nested key', '    protocol: openai\n', '', 12, /routes\[0\]\.protocol is missing/, /protocol: openai/],
  ['a section left empty', 'listen: 127.0.0.1:8443', 'listen:', 3, /listen: .*found nothing/, /listen: 8443/],
  ['a map for a text', 'public_url: https://gate.test', 'public_url: { a: 1 }', 2, /https:\/\/ URL.*found a map/, /public_url/],
  ['a text for a map', 'upstream: http://127.0.0.1:8000', 'upstream: 7', 15, /upstream: .*found 7/, /http:\/\/127/],
  ['a text for a list', 'allow:\n      - roles: reader', 'allow: everyone', 16, /expected a list/, /./],
  ['version 2', 'version: 1', 'version: 2', 1, /version 1; found 2/, /version: 1/],
  ['a version in quotes', 'version: 1', 'version: "1"', 1, /version 1/, /version: 1/],
  ['no routes', GOOD.slice(GOOD.indexOf('routes:')), 'routes: []\n', 11, /at least one route/, /./],
  ['no issuers', GOOD.slice(GOOD.indexOf('auth:'), GOOD.indexOf('routes:')), 'auth: []\n', 7, /at least one issuer/, /./],
  ['a rule without roles', 'roles: reader', 'roles: []', 17, /roles: expected at least one/, /roles: reader/],
  ['a rule that names a role twice', 'roles: reader', 'roles: [reader, reader]', 17, /twice/, /./],
  ['control characters in a role', 'roles: reader', 'roles: "a\\nb"', 17, /roles: expected text/, /reader/],
]

// oxfmt-ignore
const VALUES: readonly Row[] = [
  ['a time without a unit', 'roles: reader', 'roles: reader\nbounds: { drain: 30 }', 18, /drain: .*unit.*found 30/, /drain: 30s/],
  ['a time in words', 'roles: reader', 'roles: reader\nbounds: { drain: 30 seconds }', 18, /drain: .*unit/, /drain: 30s/],
  ['a time over its range', 'roles: reader', 'roles: reader\nbounds: { handshake: 31s }', 18, /100ms to 30s/, /handshake: 5s/],
  ['a time under its range', 'roles: reader', 'roles: reader\nbounds: { handshake: 99ms }', 18, /100ms to 30s/, /handshake: 5s/],
  ['a size in decimal units', 'roles: reader', 'roles: reader\nbounds: { head_max: 16KB }', 18, /head_max: .*KiB/, /16KiB/],
  ['a size over its range', 'roles: reader', 'roles: reader\n    limits: { body_max: 65MiB }', 18, /1KiB to 64MiB/, /body_max: 1MiB/],
  ['more streams than RFC 9113 asks for', 'roles: reader', 'roles: reader\nbounds: { streams_max: 101 }', 18, /from 1 to 100.*found 101/, /streams_max: 100/],
  ['half a stream', 'roles: reader', 'roles: reader\nbounds: { streams_max: 1.5 }', 18, /whole number/, /streams_max: 100/],
  ['infinitely many streams', 'roles: reader', 'roles: reader\nbounds: { streams_max: .inf }', 18, /whole number/, /streams_max: 100/],
  ['a rate without a window', 'roles: reader', 'roles: reader\n    limits: { requests: 600 }', 18, /requests: .*600\/1m/, /600\/1m/],
  ['a rate over more than a day', 'roles: reader', 'roles: reader\n    limits: { requests: 600/25h }', 18, /at most 24h/, /600\/1m/],
  ['a leeway that keeps tokens alive', 'audience: https://gate.test', 'audience: https://gate.test\n    leeway: 61s', 10, /0s to 60s/, /leeway: 5s/],
  ['a threshold over 1', 'roles: reader', 'roles: reader\n    screen: { thresholds: { user: 2 } }', 18, /from 0 to 1/, /user: 0\.5/],
  ['yes for true', 'roles: reader', 'roles: reader\n    trust_system: yes', 18, /true or false/, /trust_system: false/],
  ['a word of none', 'protocol: openai', 'protocol: opnai', 14, /one of openai, anthropic, http/, /openai\?/],
  ['TRACE', 'protocol: openai', 'protocol: openai\n    methods: [GET, TRACE]', 15, /methods\[1\]: expected one of GET/, /./],
  ['CONNECT as the only method', 'roles: reader', 'roles: reader\n        methods: CONNECT', 18, /methods: expected one of GET/, /methods: GET/],
  ['a symmetric algorithm', 'audience: https://gate.test', 'audience: https://gate.test\n    algorithms: [HS256]', 10, /algorithms\[0\]: expected one of RS256/, /RS256|ES256/],
  ['algorithm none', 'audience: https://gate.test', 'audience: https://gate.test\n    algorithms: [none]', 10, /expected one of RS256/, /./],
  ['an unknown preset', 'audience: https://gate.test', 'audience: https://gate.test\n    preset: keyclock', 10, /one of keycloak/, /keycloak\?/],
]

// oxfmt-ignore
const ADDRESSES: readonly Row[] = [
  ['a public URL of plain HTTP', 'https://gate.test\nlisten', 'http://gate.test\nlisten', 2, /https:\/\/ URL/, /agents\.example\.com/],
  ['a public URL with a path', 'https://gate.test\nlisten', 'https://gate.test/a\nlisten', 2, /without path/, /./],
  ['a public URL with a query', 'https://gate.test\nlisten', 'https://gate.test?a\nlisten', 2, /without path/, /./],
  ['a public URL with credentials', 'https://gate.test\nlisten', 'https://me@gate.test\nlisten', 2, /credentials/, /./],
  ['a public URL that is a placeholder', 'https://gate.test\nlisten', 'https://agents.example.com\nlisten', 2, /placeholder/, /your clients/],
  ['an issuer that is a placeholder', 'issuer: https://idp.test', 'issuer: https://idp.example.org', 8, /placeholder/, /issuer of your tokens/],
  ['an issuer of nobody', 'issuer: https://idp.test', 'issuer: https://issuer.demo.invalid', 8, /placeholder/, /./],
  ['a port of none', '127.0.0.1:8443', '127.0.0.1:65536', 3, /expected a port/, /8443/],
  ['a host name to listen on', '127.0.0.1:8443', 'localhost:8443', 3, /expected a port/, /8443/],
  ['IPv6 without brackets', '127.0.0.1:8443', '"::1:8443"', 3, /expected a port/, /8443/],
  ['a path in hosts', 'version: 1', 'version: 1\nhosts: [gate.test/a]', 2, /hosts\[0\]: expected a host/, /./],
  ['every address as a trusted peer', 'version: 1', 'version: 1\ntrusted_peers: [0.0.0.0/0]', 2, /forge/, /10\.0\.0\.0\/8/],
  ['every IPv6 address as a trusted peer', 'version: 1', 'version: 1\ntrusted_peers: ["::/0"]', 2, /forge/, /./],
  ['a block wider than its address', 'version: 1', 'version: 1\ntrusted_peers: [10.0.0.0/33]', 2, /block/, /./],
  ['a name as a trusted peer', 'version: 1', 'version: 1\ntrusted_peers: [balancer]', 2, /address or a block/, /./],
  ['an issuer of plain HTTP', 'issuer: https://idp.test', 'issuer: http://idp.test', 8, /https:\/\/ URL/, /./],
  ['a key set over plain HTTP', '"file:./jwks.json"', 'http://idp.test/jwks', 10, /file:PATH or an https/, /./],
  ['an issuer named twice', 'routes:', '  - issuer: https://idp.test\n    audience: b\nroutes:', 11, /stands already in auth\[0\]/, /merge/],
  ['keys named twice', 'audience: https://gate.test', 'audience: https://gate.test\n    discovery: https://idp.test/x', 10, /named by jwks already/, /keep one/],
  ['a CA for a file', 'audience: https://gate.test', 'audience: https://gate.test\n    ca: "file:./ca.crt"', 10, /nothing is fetched/, /remove ca/],
  ['an admin port that is taken', 'version: 1', 'version: 1\nadmin: 8443', 2, /listens there already/, /9901/],
]

// oxfmt-ignore
const ROUTES: readonly Row[] = [
  ['a path that climbs', '/chat\n', '/a/../b\n', 13, /dot segments/, /path: \/chat/],
  ['a path with an escape', '/chat\n', '/a%2fb\n', 13, /escapes/, /\/chat/],
  ['a path with an empty segment', '/chat\n', '/a//b\n', 13, /path/, /\/chat/],
  ['a path with a slash at its end', '/chat\n', '/chat/\n', 13, /\/ at its end/, /\/chat/],
  ['a path without a slash', '/chat\n', 'chat\n', 13, /path/, /\/chat/],
  ['a path with parameters', '/chat\n', '/chat;v=1\n', 13, /path/, /\/chat/],
  ["the gateway's own path", '/chat\n', '/.well-known/x\n', 13, /gateway itself/, /another path/],
  ['a name that no policy could say', 'name: chat', 'name: Chat/1', 12, /name of lower-case/, /chat/],
  ['a route named twice', 'roles: reader', 'roles: reader\n  - { name: chat, path: /b, protocol: http, upstream: "http://127.0.0.1:1" }', 18, /name is the one of routes\[0\]/, /another name/],
  ['a path used twice', 'roles: reader', 'roles: reader\n  - { name: b, path: /chat, protocol: http, upstream: "http://127.0.0.1:1" }', 18, /path is the one of routes\[0\]/, /another path/],
  ['plain HTTP to another machine', 'http://127.0.0.1:8000', 'http://10.0.0.7:8000', 15, /read and changed on the way/, /https/],
  ['plain HTTP to a name that looks local', 'http://127.0.0.1:8000', 'http://127.0.0.1.evil.test', 15, /on the way/, /https/],
  ['an upstream with a query', 'http://127.0.0.1:8000', 'http://127.0.0.1:8000/?a=b', 15, /without credentials, query/, /./],
  ['an upstream with a password', 'http://127.0.0.1:8000', 'http://a:b@127.0.0.1:8000', 15, /without credentials/, /./],
  ['an upstream path that climbs', 'http://127.0.0.1:8000', 'http://127.0.0.1:8000/a/../b', 15, /expected/, /./],
  ['an upstream of another scheme', 'http://127.0.0.1:8000', 'ftp://127.0.0.1:8000', 15, /http:\/\/ or https/, /./],
  ['the gateway as its own upstream', 'http://127.0.0.1:8000', 'http://localhost:8443', 15, /gateway itself/, /port of the agent/],
  ['TLS settings for plain HTTP', 'http://127.0.0.1:8000', '{ url: "http://127.0.0.1:8000", tls: {} }', 15, /plain HTTP/, /https:\/\/ URL/],
  ['a client certificate without its key', 'http://127.0.0.1:8000', '{ url: "https://a.test", tls: { cert: "file:./tls.crt" } }', 15, /belong together/, /both/],
  ['an identity header that frames', 'http://127.0.0.1:8000', '{ url: "http://127.0.0.1:8000", identity_headers: { content-length: subject } }', 15, /meaning of its own/, /x-user/],
  ['an identity header with an underscore', 'http://127.0.0.1:8000', '{ url: "http://127.0.0.1:8000", identity_headers: { x_user: subject } }', 15, /without _/, /./],
  ['an assertion in the Authorization header', 'http://127.0.0.1:8000', '{ url: "http://127.0.0.1:8000", assertion: { header: authorization } }', 15, /meaning of its own/, /x-assertion/],
  ['one header for both', 'http://127.0.0.1:8000', '{ url: "http://127.0.0.1:8000", assertion: { header: x-a }, identity_headers: { x-a: roles } }', 15, /assertion already/, /another name/],
  ['opaque on a protocol that is read', 'protocol: openai', 'protocol: openai\n    opaque: true', 15, /always read/, /protocol: http/],
  ['screening of what is not read', 'protocol: openai', 'protocol: http\n    opaque: true\n    screen: { mode: enforce }', 16, /nothing is screened/, /remove/],
  ['a method that the route refuses', 'roles: reader', 'roles: reader\n        methods: DELETE', 18, /does not accept DELETE/, /add DELETE/],
  ['models on a route of bare HTTP', GOOD.slice(GOOD.indexOf('    protocol')), '    protocol: http\n    upstream: http://127.0.0.1:8000\n    allow:\n      - { roles: a, models: b }\n', 17, /name no models/, /remove models/],
  ['any browser origin', 'roles: reader', 'roles: reader\n    cors: { origins: ["*"] }', 18, /without path and wildcard/, /app\.example\.com/],
  ['the null origin', 'roles: reader', 'roles: reader\n    cors: { origins: ["null"] }', 18, /an origin/, /./],
  ['an origin with a path', 'roles: reader', 'roles: reader\n    cors: { origins: ["https://a.test/"] }', 18, /an origin/, /./],
  ['a body larger than all memory for bodies', 'roles: reader', 'roles: reader\n    limits: { body_max: 2MiB }\nbounds: { body_memory_max: 1MiB }', 18, /fits into bounds\.body_memory_max/, /raise body_memory_max/],
  ['a role that no map gives', 'audience: https://gate.test', 'audience: https://gate.test\n    role_map: { Readers: raeder }', 18, /no role_map gives the role reader/, /raeder/],
]

// oxfmt-ignore
const FILES: readonly Row[] = [
  ['a key in the file itself', '"file:./tls.key"', '"-----BEGIN PRIVATE KEY----- MC4C"', 6, /must not stand in the configuration/, /file of its own.*file:\/run/],
  ['a key as a block', '"file:./tls.key"', '|\n    -----BEGIN PRIVATE KEY-----\n    MC4C\n', 6, /must not stand/, /file of its own/],
  ['a bare path', '"file:./tls.key"', './tls.key', 6, /file:PATH or env:NAME/, /file:\/run/],
  ['a certificate that is not there', './tls.crt', './gone.crt', 5, /cannot be read \(ENOENT\)/, /readable/],
  ['a folder for a certificate', './tls.crt', '.', 5, /is no file/, /regular file/],
  ['a file that is no certificate', './tls.crt', './text.txt', 5, /no certificate in PEM/, /BEGIN CERTIFICATE/],
  ['a file that is no key', './tls.key', './text.txt', 6, /no private key in PEM/, /BEGIN PRIVATE KEY/],
  ['an encrypted key', './tls.key', './locked.key', 6, /encrypted/, /without a passphrase/],
  ['the key of another certificate', './tls.key', './other.key', 6, /not the one of the certificate/, /issued for/],
  ['a key that everybody may read', './tls.key', './open.key', 6, /every user/, /chmod 0600/],
  ['a certificate for another host', 'https://gate.test\nlisten', 'https://elsewhere.test\nlisten', 5, /covers none of elsewhere\.test/, /subjectAltName/],
  ['an environment without the secret', '"file:./tls.key"', '"env:NO_SUCH_KEY"', 6, /no NO_SUCH_KEY/, /set NO_SUCH_KEY/],
  ['a key set that is not there', './jwks.json', './gone.json', 10, /ENOENT/, /./],
  ['a key set that is none', './jwks.json', './list.json', 10, /no JWK Set/, /"keys"/],
  ['a key set without keys', './jwks.json', './empty.json', 10, /no JWK Set/, /"keys"/],
  ['a key set with a private key', './jwks.json', './private.json', 10, /private or symmetric/, /public halves.*replace/],
  ['a policy folder that is not there', 'version: 1', 'version: 1\npolicies: ./gone', 2, /no folder/, /make the folder/],
  ['a policy folder without policies', 'version: 1', 'version: 1\npolicies: ./none', 2, /holds no \.cedar/, /put one/],
  ['a policy that is not there', 'version: 1', 'version: 1\npolicies: [./sub, ./gone.cedar]', 2, /policies\[1\].*ENOENT/, /./],
]

describe.each([
  ['YAML', YAML],
  ['shape', SHAPE],
  ['values', VALUES],
  ['addresses', ADDRESSES],
  ['routes', ROUTES],
  ['files', FILES],
])('%s', (_, rows) => {
  it.each(rows)('refuses %s', (...row) => {
    const [, from, to, line, message, hint] = row

    const errors = folder.errors(altered(from, to))

    const at = errors.filter((error) => message.test(error.message))
    expect(at.length === 0 ? errors : at.map((error) => error.line)).toContain(line)
    expect(at[0]?.hint).toMatch(hint)
    for (const error of errors) expect(error.hint).not.toBe('')
  })
})

it('passes the configuration that all of these were made from', () => {
  expect(folder.errors(GOOD)).toEqual([])
})

it('refuses more than a hundred kinds of slips', () => {
  const rows = [YAML, SHAPE, VALUES, ADDRESSES, ROUTES, FILES].flat()

  expect(rows.length).toBeGreaterThan(100)
})
