import type { IssuerConfig } from '../core/config.ts'
import type { JsonObject } from '../core/json.ts'
import type { Principal } from '../core/principal.ts'
import { Denial } from '../problem/problems.ts'
import { judgeClaims, type JudgedClaims } from './claims.ts'
import type { TokenHeader, UnverifiedToken } from './gate.ts'
import { KeyRing, type KeyRingDeps } from './jwks.ts'
import { judgeOfKinds, type KindJudge } from './presets.ts'
import { readScopes, roleReader, type RoleReader } from './roles.ts'
import { algorithms } from './verify.ts'

/** What a token claims to be, in good form and by the issuer's rules; its signature is still to be checked. */
export interface Candidate {
  readonly judged: JudgedClaims
  readonly roles: readonly string[]
  readonly scopes: readonly string[]
  readonly claims: JsonObject
}

/** One configured issuer: its rules, made ready at load, and its keys. */
export class TrustedIssuer {
  readonly ring: KeyRing
  private readonly config: IssuerConfig
  private readonly kinds: KindJudge
  private readonly readRoles: RoleReader
  private readonly algDenial: Denial
  private readonly typDenial: Denial

  /** @throws When an accepted algorithm is not one of `algorithms`, or there is none. */
  constructor(config: IssuerConfig, deps: KeyRingDeps) {
    const strange = config.algorithms.find((name) => !algorithms.has(name))
    if (strange !== undefined) throw new Error(`${config.issuer}: the algorithm ${strange} is not supported`)
    if (config.algorithms.length === 0) throw new Error(`${config.issuer}: no algorithm is accepted`)

    this.config = config
    this.ring = new KeyRing(config, deps)
    this.kinds = judgeOfKinds(config)
    this.readRoles = roleReader(config)
    this.algDenial = new Denial('token-invalid', `alg is not one of ${config.algorithms.join(', ')}`)
    this.typDenial = new Denial(
      'token-invalid',
      `the typ header is not one of ${this.kinds.typesText} (setting token_types)`,
    )
  }

  /** Judges all but the signature. What passes is a claim, not an identity. */
  judge({ header, claims }: UnverifiedToken, nowMs: number): Candidate | Denial {
    const unfit = this.judgeKind(header, claims)
    if (unfit !== undefined) return unfit
    const judged = judgeClaims(claims, this.config, nowMs)
    if (judged instanceof Denial) return judged
    const roles = this.readRoles(claims)
    if (roles === undefined) return ROLES_UNREADABLE
    const scopes = readScopes(claims)
    if (scopes === undefined) return SCOPES_UNREADABLE

    return { judged, roles, scopes, claims }
  }

  /** Makes the principal. To be called only once the signature has been found good. */
  identify({ judged, roles, scopes, claims }: Candidate, tokenDigest: string): Principal {
    const { issuer } = this.config
    const { subject, clientId, tokenId, expiresMs } = judged
    const key = `${issuer}\n${subject}`
    return { issuer, subject, key, roles, scopes, clientId, tokenId, tokenDigest, expiresMs, claims }
  }

  private judgeKind(header: TokenHeader, claims: JsonObject): Denial | undefined {
    if (!this.config.algorithms.includes(header.alg)) return this.algDenial
    if (!this.kinds.acceptsType(header.typ)) return this.typDenial

    return this.kinds.isAccessToken(header.typ, claims) ? undefined : NO_ACCESS_TOKEN
  }
}

const NO_ACCESS_TOKEN = new Denial(
  'token-invalid',
  'an ID token or another kind that is no access token (settings token_types, preset)',
)
const ROLES_UNREADABLE = new Denial('token-invalid', 'the roles claim is not a text or a list of texts')
const SCOPES_UNREADABLE = new Denial('token-invalid', 'scope or scp is not a text or a list of texts')
