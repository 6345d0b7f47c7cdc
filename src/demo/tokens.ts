import { createPrivateKey, type webcrypto } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mintToken } from '../identity/mint.ts'
import type { DemoState } from './state.ts'

const LIFETIME_S = 3_600

/** Mints a token of the demo's issuer for one role, good for an hour. */
export function mintDemoToken(state: DemoState, role: string, nowMs: number): Promise<string> {
  const jwk = JSON.parse(readFileSync(state.keyFile, 'utf8')) as webcrypto.JsonWebKey & { kid: string }
  const issuedS = Math.floor(nowMs / 1_000)
  return mintToken({
    key: createPrivateKey({ key: jwk, format: 'jwk' }),
    kid: jwk.kid,
    alg: 'ES256',
    claims: {
      iss: state.issuer,
      aud: state.audience,
      sub: `demo-${role}`,
      roles: [role],
      iat: issuedS,
      exp: issuedS + LIFETIME_S,
      jti: crypto.randomUUID(),
    },
  })
}
