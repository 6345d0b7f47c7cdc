import { once } from 'node:events'
import { generateKeyPairSync } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../fixtures/ask.ts'
import { startAgent, type TestAgent } from '../fixtures/agent.ts'
import { startGate, type TestGate, testRoute } from '../fixtures/gate.ts'

/** A real identity provider (oidc-provider): its discovery document, its keys, its RFC 9068 access tokens. */
const AUDIENCE = 'https://agents.test'
let server: Server
let issuer = ''
let agent: TestAgent
let gate: TestGate

beforeAll(async () => {
  server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  server.on('request', provider(issuer).callback())
  agent = await startAgent()
  gate = await startGate({
    routes: [
      testRoute(agent.url, { scopes: ['chat'], allow: [{ ...testRoute('').allow[0]!, roles: ['robot'] }] }),
    ],
    config: {
      issuers: [
        {
          issuer,
          audiences: [AUDIENCE],
          algorithms: ['ES256'],
          keys: { kind: 'discovery', url: `${issuer}/.well-known/openid-configuration`, ca: undefined },
          tokenTypes: ['at+jwt'],
          preset: undefined,
          rolesPath: ['roles'],
          roleMap: undefined,
          leewayMs: 5_000,
          lifetimeMsMax: 86_400_000,
          staleMsMax: 86_400_000,
          cooldownMs: 1_000,
        },
      ],
    },
  })
})
afterAll(async () => {
  await gate.close()
  await agent.close()
  server.closeAllConnections()
  server.close()
})

function provider(url: string): Provider {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return new Provider(url, {
    clients: [
      {
        client_id: 'robot-1',
        client_secret: 'a-secret-of-the-test',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'k1', alg: 'ES256', use: 'sig' }] },
    scopes: ['chat'],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, resource) => ({
          scope: 'chat',
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 600,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    extraTokenClaims: () => ({ roles: ['robot'] }),
  })
}

async function tokenFor(resource: string, scope = 'chat'): Promise<string> {
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from('robot-1:a-secret-of-the-test').toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource, scope }),
  })
  const document = (await answer.json()) as { access_token?: string }
  if (document.access_token === undefined) throw new Error(JSON.stringify(document))
  return document.access_token
}

describe('tokens of a real identity provider', () => {
  it('R20, R22, R23: are found by discovery, verified and believed', async () => {
    const answer = await ask(gate, { token: await tokenFor(AUDIENCE) })

    expect(answer.status).toBe(200)
    expect(gate.records().findLast((record) => record['kind'] === 'decision')).toMatchObject({
      principal: { issuer, subject: 'robot-1', roles: ['robot'] },
    })
  })

  it('R22: are refused when they are meant for another resource', async () => {
    const answer = await ask(gate, { token: await tokenFor('https://other.test') })

    expect([answer.status, answer.text]).toEqual([401, expect.stringContaining('audience-mismatch')])
  })

  it('R31: are refused without the scope of the route, which the answer names', async () => {
    const answer = await ask(gate, { token: await tokenFor(AUDIENCE, '') })

    expect(answer.status).toBe(403)
    expect(answer.headers['www-authenticate']).toContain('error="insufficient_scope", scope="chat"')
  })
})
