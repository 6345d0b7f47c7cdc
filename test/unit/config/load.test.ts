import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Config } from '../../../src/core/config.ts'
import { testCertificate, type TestCertificate } from '../../fixtures/certs.ts'
import { altered, configFolder, GOOD, type ConfigFolder } from '../../fixtures/config.ts'

let folder: ConfigFolder
let pair: TestCertificate

beforeAll(async () => {
  folder = await configFolder()
  pair = await testCertificate()
})
afterAll(() => folder.remove())

const load = (text: string): Config => folder.load(text).config

describe('a small configuration', () => {
  it('becomes a whole one, with safe defaults', () => {
    const { bounds, ...config } = load(GOOD)

    expect(config).toMatchObject({
      publicUrl: 'https://gate.test',
      hosts: ['gate.test'],
      listen: { address: '127.0.0.1', port: 8443 },
      tls: { cert: pair.cert, key: pair.key, versionMin: 'TLSv1.2' },
      trustedPeers: [],
      policies: [],
      admin: { address: '127.0.0.1', port: 9901 },
      log: { level: 'info' },
      audit: { dir: '/var/lib/sallyport/audit', durability: 'group', segmentMsMax: 86_400_000 },
    })
    expect(config.issuers).toEqual([
      {
        issuer: 'https://idp.test',
        audiences: ['https://gate.test'],
        algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'],
        keys: { kind: 'file', path: join(folder.path, 'jwks.json') },
        tokenTypes: ['at+jwt'],
        preset: undefined,
        rolesPath: ['roles'],
        roleMap: undefined,
        leewayMs: 5_000,
        lifetimeMsMax: 86_400_000,
        staleMsMax: 86_400_000,
        cooldownMs: 30_000,
      },
    ])
    expect(config.routes).toEqual([
      {
        name: 'chat',
        path: '/chat',
        protocol: 'openai',
        opaque: false,
        methods: ['GET', 'POST'],
        upstream: {
          url: 'http://127.0.0.1:8000',
          socket: undefined,
          tls: undefined,
          connectMs: 5_000,
          firstByteMs: 120_000,
          idleMs: 60_000,
          totalMs: 3_600_000,
          headBytesMax: 32_768,
          http2: false,
          assertion: { header: 'sallyport-assertion', audience: 'http://127.0.0.1:8000', lifetimeMs: 60_000 },
          identityHeaders: [],
        },
        allow: [
          {
            roles: ['reader'],
            methods: undefined,
            operations: undefined,
            models: undefined,
            tools: undefined,
            file: 'sallyport.yaml',
            line: 17,
          },
        ],
        scopes: [],
        cors: undefined,
        limits: {
          requests: { max: 600, windowMs: 60_000 },
          concurrencyPerPrincipalMax: 64,
          concurrencyMax: 1_024,
          bodyBytesMax: 1_048_576,
        },
        screen: {
          mode: 'enforce',
          thresholds: {
            user: 0.5,
            system: 0.5,
            agent: 0.5,
            'tool-result': 0.5,
            'tool-argument': 0.5,
            document: 0.5,
          },
        },
        disclosure: 'category',
        trustSystem: false,
      },
    ])
    expect(bounds.handshakeMs).toBeLessThanOrEqual(5_000)
    expect(bounds.headersMs).toBeLessThanOrEqual(5_000)
    expect(bounds.silentMs).toBeLessThanOrEqual(5_000)
    expect(bounds.streamsMax).toBeLessThanOrEqual(100)
  })

  it('R45: has a finite bound on everything', () => {
    const { bounds, routes } = load(GOOD)

    const unbounded = Object.entries(bounds).filter(
      ([, bound]) => !(Number.isSafeInteger(bound) && bound > 0),
    )
    expect(unbounded).toEqual([])
    expect(routes[0]?.upstream.totalMs).toBeGreaterThan(0)
  })
})

describe('what a file says', () => {
  it('reaches every part', () => {
    const text = `version: 1
public_url: https://GATE.test:8443/
hosts: [Gate.Test:8443, other.test, "[::1]:8443"]
listen: "[::1]:8443"
tls: { cert: "file:./tls.crt", key: "file:./tls.key", version_min: "1.3" }
trusted_peers: [10.0.0.1, fd00::/8]
auth:
  - issuer: http://127.0.0.1:9000
    audience: [a, b]
    jwks: http://127.0.0.1:9000/keys
    algorithms: [ES256]
    token_types: [at+JWT, JWT]
    roles: [https://idp.test/roles, list]
    role_map: { Ops: operator }
    leeway: 0s
    lifetime_max: 15m
    stale_max: 0s
    cooldown: 1s
  - issuer: https://idp.test/realm/
    audience: a
    ca: "file:./ca.crt"
    preset: keycloak
  - issuer: https://other.test
    audience: a
    discovery: https://other.test/.well-known/oauth-authorization-server
routes:
  - name: files
    path: /files/v1
    protocol: http
    opaque: true
    methods: [PUT]
    upstream:
      url: https://files.test:9443/base/
      socket: ./agent.sock
      tls: { ca: "file:./ca.crt", servername: files.test, cert: "file:./tls.crt", key: "file:./tls.key" }
      timeouts: { connect: 1s, first_byte: 2s, idle: 3s, total: 0s }
      head_max: 8KiB
      assertion: { header: x-who, lifetime: 30s }
      identity_headers: { x-user: subject, x-roles: roles }
    allow:
      - { roles: [operator, admin], methods: PUT }
    scopes: [files.write]
    cors: { origins: [https://app.test], headers: [authorization], max_age: 90s }
    limits: { requests: 10/2h, concurrency: 4, body_max: 2MiB }
    disclosure: full
    trust_system: true
  - name: plain
    path: /
    protocol: http
    upstream: { url: http://127.0.0.1:8000, assertion: false }
    screen: { mode: monitor, thresholds: { tool_result: 0.25 } }
audit: { dir: ./audit, durability: sync, segment_max: 1MiB, segment_age_max: 1h, summary_window: 10s }
admin: false
log: { level: silent }
`

    const config = load(text)

    expect(config).toMatchObject({
      publicUrl: 'https://gate.test:8443',
      hosts: ['gate.test:8443', 'other.test', '[::1]:8443'],
      listen: { address: '::1', port: 8443 },
      tls: { versionMin: 'TLSv1.3' },
      trustedPeers: ['10.0.0.1/32', 'fd00::/8'],
      admin: undefined,
      log: { level: 'silent' },
      audit: {
        dir: join(folder.path, 'audit'),
        durability: 'sync',
        segmentBytesMax: 1_048_576,
        segmentMsMax: 3_600_000,
        summaryWindowMs: 10_000,
      },
    })
    expect(config.issuers).toMatchObject([
      {
        audiences: ['a', 'b'],
        keys: { kind: 'url', url: 'http://127.0.0.1:9000/keys', ca: undefined },
        tokenTypes: ['at+jwt', 'jwt'],
        rolesPath: ['https://idp.test/roles', 'list'],
        roleMap: { Ops: 'operator' },
        leewayMs: 0,
        lifetimeMsMax: 900_000,
        staleMsMax: 0,
        cooldownMs: 1_000,
      },
      {
        issuer: 'https://idp.test/realm/',
        keys: {
          kind: 'discovery',
          url: 'https://idp.test/realm/.well-known/openid-configuration',
          ca: pair.ca,
        },
        preset: 'keycloak',
        rolesPath: ['realm_access', 'roles'],
      },
      { keys: { kind: 'discovery', url: 'https://other.test/.well-known/oauth-authorization-server' } },
    ])
    expect(config.routes).toMatchObject([
      {
        methods: ['PUT'],
        opaque: true,
        upstream: {
          url: 'https://files.test:9443/base',
          socket: join(folder.path, 'agent.sock'),
          tls: { ca: pair.ca, servername: 'files.test', cert: pair.cert, key: pair.key },
          connectMs: 1_000,
          firstByteMs: 2_000,
          idleMs: 3_000,
          totalMs: 0,
          headBytesMax: 8_192,
          http2: false,
          assertion: { header: 'x-who', audience: 'files', lifetimeMs: 30_000 },
          identityHeaders: [
            { name: 'x-user', from: 'subject' },
            { name: 'x-roles', from: 'roles' },
          ],
        },
        allow: [{ roles: ['operator', 'admin'], methods: ['PUT'] }],
        scopes: ['files.write'],
        cors: { origins: ['https://app.test'], headers: ['authorization'], maxAgeS: 90 },
        limits: {
          requests: { max: 10, windowMs: 7_200_000 },
          concurrencyMax: 4,
          concurrencyPerPrincipalMax: 4,
          bodyBytesMax: 2_097_152,
        },
        screen: { mode: 'off' },
        disclosure: 'full',
        trustSystem: true,
      },
      {
        methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
        upstream: { assertion: undefined },
        allow: [],
        screen: { mode: 'monitor', thresholds: { 'tool-result': 0.25, user: 0.5 } },
      },
    ])
  })

  it.each([
    ['keycloak', ['realm_access', 'roles']],
    ['entra', ['roles']],
    ['auth0', ['permissions']],
    ['okta', ['groups']],
  ])('knows where %s puts roles', (preset, path) => {
    const { issuers } = load(altered('    jwks', `    preset: ${preset}\n    jwks`))

    expect(issuers[0]?.rolesPath).toEqual(path)
  })

  it('takes roles from where the file says before where the preset does', () => {
    const { issuers } = load(altered('    jwks', '    preset: okta\n    roles: a.b\n    jwks'))

    expect(issuers[0]?.rolesPath).toEqual(['a', 'b'])
  })

  it.each([
    ['8443', { address: '0.0.0.0', port: 8443 }],
    ['0.0.0.0:1', { address: '0.0.0.0', port: 1 }],
    ['"[2001:db8::1]:65535"', { address: '2001:db8::1', port: 65_535 }],
  ])('listens on %s', (written, listen) => {
    expect(load(altered('127.0.0.1:8443', written)).listen).toEqual(listen)
  })

  it.each(['http://localhost:8000', 'http://[::1]:8000', 'http://127.9.9.9', 'https://agent.test/a/b'])(
    'forwards to %s',
    (url) => {
      expect(load(altered('http://127.0.0.1:8000', url)).routes[0]?.upstream.url).toBe(url)
    },
  )

  it('accepts roles that a role_map gives', () => {
    expect(folder.errors(altered('    jwks', '    role_map: { Readers: reader }\n    jwks'))).toEqual([])
  })

  it('trusts a literal ::1 as loopback and nothing that begins like one', () => {
    expect(folder.errors(altered('http://127.0.0.1:8000', 'http://localhost.evil.test'))).toHaveLength(1)
  })
})
