import { hash } from 'node:crypto'
import type { IssuerConfig } from '../core/config.ts'
import type { Principal } from '../core/principal.ts'
import { Denial } from '../problem/problems.ts'
import { TokenCache, type Moment } from './cache.ts'
import { TOKEN_CHARS_MAX } from './credential.ts'
import { readToken, type UnverifiedToken } from './gate.ts'
import { TrustedIssuer, type Candidate } from './issuer.ts'
import type { KeyRingDeps } from './jwks.ts'
import type { KeySet } from './keyset.ts'

/** Turns credentials into principals. */
export interface Authenticator {
  /**
   * Judges one bearer token. An error of any kind gives a Denial (token-expired, token-invalid, audience-mismatch,
   * proof-required, identity-unavailable), never a Principal; nothing is thrown and nothing rejects.
   *
   * Synchronous unless a key must be fetched first or the algorithm is a slow one (ES384, ES512).
   *
   * @param credential What `readCredential` gave.
   * @param nowMs Time of arrival, milliseconds since the epoch.
   */
  authenticate(credential: string, nowMs: number): Principal | Denial | Promise<Principal | Denial>
  /** True once every issuer has had one good key set and none is over its staleness bound. */
  readonly ready: boolean
  /** Loads the keys of every issuer. Resolves when all were tried; an issuer that is down is tried again later. */
  start(): Promise<void>
  close(): void
}

/** Clock, network, observer and chance; what each is for says `KeyRingDeps`. */
export type AuthenticatorDeps = KeyRingDeps

/**
 * Makes the authenticator. Nothing is fetched before `start`.
 *
 * @throws When two issuers have one name, or one accepts an algorithm that is not asymmetric or not known.
 */
export function createAuthenticator(
  issuers: readonly IssuerConfig[],
  deps: AuthenticatorDeps,
): Authenticator {
  return new TokenAuthenticator(issuers, deps)
}

class TokenAuthenticator implements Authenticator {
  private readonly issuers = new Map<unknown, TrustedIssuer>()
  private readonly deps: AuthenticatorDeps
  private readonly principals = new TokenCache<Principal>(10_000, 16_777_216)
  /** Forged tokens that come again; only signatures that no key of the issuer's present set will ever make good. */
  private readonly forgeries = new TokenCache<Denial>(2_000, 16_777_216)

  constructor(configs: readonly IssuerConfig[], deps: AuthenticatorDeps) {
    this.deps = deps
    for (const config of configs) {
      if (this.issuers.has(config.issuer)) throw new Error(`two issuers are named ${config.issuer}`)
      this.issuers.set(config.issuer, new TrustedIssuer(config, deps))
    }
  }

  get ready(): boolean {
    const monotonicMs = this.deps.clock.monotonicMs()
    return [...this.issuers.values()].every(({ ring }) => ring.current(monotonicMs) !== undefined)
  }

  async start(): Promise<void> {
    await Promise.all([...this.issuers.values()].map(({ ring }) => ring.start()))
  }

  close(): void {
    for (const { ring } of this.issuers.values()) ring.close()
  }

  authenticate(credential: string, nowMs: number): Principal | Denial | Promise<Principal | Denial> {
    try {
      const verdict = this.judge(credential, { wallMs: nowMs, monotonicMs: this.deps.clock.monotonicMs() })
      return verdict instanceof Promise ? verdict.catch(() => this.fail()) : verdict
    } catch {
      return this.fail()
    }
  }

  private judge(token: string, now: Moment): Verdict | Promise<Verdict> {
    if (token.length > TOKEN_CHARS_MAX) return TOO_LONG
    const digest = hash('sha256', token, 'base64url')
    const known = this.principals.get(digest, now) ?? this.forgeries.get(digest, now)
    if (known !== undefined) return known

    const parsed = readToken(token)
    if (parsed instanceof Denial) return parsed
    const issuer = this.issuers.get(parsed.claims['iss'])
    if (issuer === undefined) return ISSUER_UNKNOWN
    const candidate = issuer.judge(parsed, now.wallMs)
    if (candidate instanceof Denial) return candidate

    return this.check({ issuer, candidate, parsed, digest, now })
  }

  private check(attempt: Attempt): Verdict | Promise<Verdict> {
    const keys = attempt.issuer.ring.current(attempt.now.monotonicMs)
    if (keys === undefined) return UNAVAILABLE
    const { signed, signature, header } = attempt.parsed
    const check = keys.find(header.kid, header.alg)
    if (check === undefined) {
      return header.kid === undefined || keys.has(header.kid) ? NO_FITTING_KEY : this.checkAnew(attempt)
    }

    const isGood = check(signed, signature)
    return typeof isGood === 'boolean'
      ? this.conclude(attempt, keys, isGood)
      : isGood.then((isGoodAtLast) => this.conclude(attempt, keys, isGoodAtLast))
  }

  /** The key is unknown: perhaps it is new. */
  private checkAnew(attempt: Attempt): Verdict | Promise<Verdict> {
    const { ring } = attempt.issuer
    const unknown = (): Denial => (ring.failing ? UNAVAILABLE : KEY_UNKNOWN)
    const { kid } = attempt.parsed.header
    const asked = ring.ask(attempt.now.monotonicMs)
    if (asked === undefined) return unknown()

    return asked.then(() => {
      const monotonicMs = this.deps.clock.monotonicMs()
      const isKnown = kid !== undefined && ring.current(monotonicMs)?.has(kid) === true
      return isKnown ? this.check({ ...attempt, now: { ...attempt.now, monotonicMs } }) : unknown()
    })
  }

  private conclude(
    { issuer, candidate, parsed, digest, now }: Attempt,
    keys: KeySet,
    isGood: boolean,
  ): Verdict {
    const chars = parsed.signed.length
    const held = { keys, ring: issuer.ring, endsMs: now.monotonicMs + HOLD_MS, chars }
    if (!isGood) {
      this.forgeries.put(digest, { ...held, finding: FORGED, expiresMs: Number.POSITIVE_INFINITY })
      return FORGED
    }

    const principal = issuer.identify(candidate, digest)
    this.principals.put(digest, { ...held, finding: principal, expiresMs: principal.expiresMs })
    return principal
  }

  /** A bug of ours, or of what we build on. It must not become an identity, nor blame the token. */
  private fail(): Denial {
    this.deps.observer.event('internal-error', { where: 'authenticate' })
    return UNAVAILABLE
  }
}

type Verdict = Principal | Denial

/** A token that passed all but the check of its signature. */
interface Attempt {
  readonly issuer: TrustedIssuer
  readonly candidate: Candidate
  readonly parsed: UnverifiedToken
  readonly digest: string
  readonly now: Moment
}

/** How long a finding about a token is remembered at most: so long may a revocation go unseen. */
const HOLD_MS = 60_000

const TOO_LONG = new Denial('token-invalid', `the token is longer than ${TOKEN_CHARS_MAX} characters`)
const ISSUER_UNKNOWN = new Denial('token-invalid', 'iss names no configured issuer')
const NO_FITTING_KEY = new Denial('token-invalid', 'no single key of the issuer fits alg and kid')
const KEY_UNKNOWN = new Denial('token-invalid', 'kid names no key of the issuer')
const FORGED = new Denial('token-invalid', 'the signature is not good')
const UNAVAILABLE = new Denial('identity-unavailable', 'no current keys of the issuer', {
  retryAfterMs: 5_000,
})
