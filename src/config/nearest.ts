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

/**
 * Letters to put in, take out, replace, or swap with their neighbour (optimal string alignment). Some number not under `limit`
 * as soon as it is known to be that.
 */
function distance(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) >= limit) return limit
  let before: readonly number[] = []
  let row: readonly number[] = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const replaced = at(row, j - 1) + (one[i - 1] === other[j - 1] ? 0 : 1)
      const isSwap = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      const swapped = isSwap ? at(before, j - 2) + 1 : replaced
      next.push(Math.min(replaced, swapped, at(row, j) + 1, at(next, j - 1) + 1))
    }
    before = row
    row = next
  }
  return at(row, other.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
