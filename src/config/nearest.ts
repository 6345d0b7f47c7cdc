/**
 * The known name that a mistyped one most likely means: at most a third of its letters away. Undefined when none is near.
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const plain = simplified(name)
  let best: string | undefined
  let least = Math.max(1, Math.floor(plain.length / 3)) + 1
  for (const candidate of known) {
    const away = distance(plain, simplified(candidate), least)
    if (away >= least) continue
    best = candidate
    least = away
  }
  return best
}

/** `publicUrl`, `public-url` and `PUBLIC_URL` mean `public_url`. Longer than any name of ours: not worth comparing. */
function simplified(name: string): string {
  return name.slice(0, 64).toLowerCase().replace(/[_-]/g, '')
}

/** Levenshtein distance; some number not under `limit` as soon as it is known to be that. */
function distance(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) >= limit) return limit
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? limit
}
