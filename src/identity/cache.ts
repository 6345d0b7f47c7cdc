import type { KeySet } from './keyset.ts'

/** What was found out about one token, and how long that holds. */
export interface Remembered<Finding> {
  readonly finding: Finding
  /** The set that the signature was checked with. Once its issuer uses another, or none, the finding is void. */
  readonly keys: KeySet
  /** Where the issuer's present set is asked for. */
  readonly ring: { current(monotonicMs: number): KeySet | undefined }
  /** End by the wall clock, milliseconds since the epoch: `exp`. */
  readonly expiresMs: number
  /** End by the monotonic clock, milliseconds: a wall clock that jumps back does not lengthen it. */
  readonly endsMs: number
  /** Characters of the token, as the measure of what remembering it costs. */
  readonly chars: number
}

/** Both times of one moment, milliseconds. */
export interface Moment {
  readonly wallMs: number
  readonly monotonicMs: number
}

/**
 * Remembers findings about tokens by the SHA-256 of the token, so that no token is kept. Bounded by number and by characters;
 * the oldest go first, which is also the order in which they end.
 */
export class TokenCache<Finding> {
  private readonly entries = new Map<string, Remembered<Finding>>()
  private readonly countMax: number
  private readonly charsMax: number
  private chars = 0

  constructor(countMax: number, charsMax: number) {
    this.countMax = countMax
    this.charsMax = charsMax
  }

  /** Number of findings held, void ones that nobody has asked for included. */
  get size(): number {
    return this.entries.size
  }

  /** The finding, if it still holds. One that does not is dropped. */
  get(digest: string, now: Moment): Finding | undefined {
    const entry = this.entries.get(digest)
    if (entry === undefined) return undefined
    const holds =
      now.wallMs < entry.expiresMs &&
      now.monotonicMs < entry.endsMs &&
      entry.ring.current(now.monotonicMs) === entry.keys
    if (holds) return entry.finding

    this.drop(digest, entry)
    return undefined
  }

  put(digest: string, entry: Remembered<Finding>): void {
    const old = this.entries.get(digest)
    if (old !== undefined) this.drop(digest, old)
    this.entries.set(digest, entry)
    this.chars += entry.chars
    for (const [oldest, { chars }] of this.entries) {
      if (this.entries.size <= this.countMax && this.chars <= this.charsMax) return
      this.drop(oldest, { chars })
    }
  }

  private drop(digest: string, { chars }: { readonly chars: number }): void {
    this.entries.delete(digest)
    this.chars -= chars
  }
}
