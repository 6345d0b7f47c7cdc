import { generateKeyPairSync } from 'node:crypto'
import { systemClock } from '../src/core/clock.ts'
import type { IssuerConfig } from '../src/core/config.ts'
import { silentObserver } from '../src/core/events.ts'
import { createAuthenticator, type Authenticator } from '../src/identity/authenticator.ts'
import { readToken } from '../src/identity/gate.ts'
import { mintToken } from '../src/identity/mint.ts'
import { Denial } from '../src/problem/problems.ts'

/**
 * What a token costs: known (cache hit), never seen (miss), forged once and again, and refused before its signature; medians
 * of CPU time and of the memory that one call leaves to collect.
 */
const ROUNDS = 13
/** Rounds that only warm up. */
const COLD = 3
/** Tokens of one round where each may be used only once. */
const SLICE = 250
const ISSUER = 'https://idp.example.com'
const AUDIENCE = 'https://agents.example.com'

const pairs = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2_048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
}
type Alg = keyof typeof pairs

const issuer: IssuerConfig = {
  issuer: ISSUER,
  audiences: [AUDIENCE],
  algorithms: ['RS256', 'ES256'],
  keys: { kind: 'url', url: `${ISSUER}/jwks`, ca: undefined },
  tokenTypes: ['at+jwt'],
  preset: undefined,
  rolesPath: ['roles'],
  roleMap: undefined,
  leewayMs: 5_000,
  lifetimeMsMax: 86_400_000,
  staleMsMax: 86_400_000,
  cooldownMs: 30_000,
}

for (const alg of ['RS256', 'ES256'] as const) {
  const tokens = await mint(alg, ROUNDS * SLICE)
  const authenticator = await open()
  report(`${alg} miss`, tokens, (token) => expectPrincipal(authenticator, token), true)
  const [known = ''] = tokens
  report(`${alg} hit`, Array<string>(20_000).fill(known), (token) => expectPrincipal(authenticator, token))
  const forged = tokens.map((token) => forge(token))
  report(`${alg} forged`, forged, (token) => void authenticator.authenticate(token, Date.now()), true)
  const [again = ''] = forged
  report(
    `${alg} forged, again`,
    Array<string>(20_000).fill(again),
    (token) => void authenticator.authenticate(token, Date.now()),
  )
  const expired = await mint(alg, 1_000, -3_600)
  report(`${alg} expired`, expired, (token) => void authenticator.authenticate(token, Date.now()))
  report(`${alg} gate alone`, tokens, (token) => void readToken(token))
  authenticator.close()
}
const junk = Array.from({ length: 20_000 }, (_, i) => `junk.${i}.token`)
const authenticator = await open()
report('junk', junk, (token) => void authenticator.authenticate(token, Date.now()))
authenticator.close()

/** `fresh`: each token is used once, for the second time it would be remembered. */
function report(name: string, tokens: readonly string[], run: (token: string) => void, fresh = false): void {
  const times: number[] = []
  const heaps: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const all = fresh ? tokens.slice(round * SLICE, (round + 1) * SLICE) : tokens
    const before = process.memoryUsage().heapUsed
    const start = process.cpuUsage()
    for (const token of all) run(token)
    const { user, system } = process.cpuUsage(start)
    const bytes = (process.memoryUsage().heapUsed - before) / all.length
    if (round < COLD) continue
    times.push(((user + system) * 1_000) / all.length)
    // A collection in between may make the difference negative.
    if (bytes > 0) heaps.push(bytes)
  }
  console.log(`identity ${name}: ${median(times)} ns, ${median(heaps)} heap bytes`)
}

function expectPrincipal(authenticator: Authenticator, token: string): void {
  if (authenticator.authenticate(token, Date.now()) instanceof Denial) throw new Error('refused a good token')
}

async function open(): Promise<Authenticator> {
  const keys = Object.entries(pairs).map(([alg, { publicKey }]) => {
    return { ...publicKey.export({ format: 'jwk' }), kid: alg, alg, use: 'sig' }
  })
  const body = Buffer.from(JSON.stringify({ keys }))
  const fetch = (): Promise<{ status: number; contentType: undefined; body: Buffer }> =>
    Promise.resolve({ status: 200, contentType: undefined, body })
  const authenticator = createAuthenticator([issuer], { clock: systemClock, fetch, observer: silentObserver })
  await authenticator.start()
  return authenticator
}

async function mint(alg: Alg, count: number, aheadS = 3_600): Promise<readonly string[]> {
  const nowS = Math.floor(Date.now() / 1_000)
  const tokens: string[] = []
  for (let i = 0; i < count; i++) {
    const claims = {
      iss: ISSUER,
      aud: AUDIENCE,
      sub: `user ${i}`,
      exp: nowS + aheadS,
      iat: nowS - 7_200,
      jti: `token ${i}`,
      client_id: 'console',
      scope: 'chat tools',
      roles: ['reader', 'operator'],
    }
    tokens.push(await mintToken({ key: pairs[alg].privateKey, kid: alg, alg, claims }))
  }
  return tokens
}

/** The same claims under a signature of the right length that is none. */
function forge(token: string): string {
  const end = token.lastIndexOf('.') + 1
  return token.slice(0, end) + Buffer.from(token.slice(end), 'base64url').reverse().toString('base64url')
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return Math.round(sorted[sorted.length >> 1] ?? 0)
}
