/** One judged row of a corpus. */
export interface Judged {
  readonly kind: string
  readonly label: 0 | 1
  readonly score: number
  readonly blocked: boolean
}

/** How many of a kind were blocked, with the 95 % interval of the share. */
export interface Share {
  readonly kind: string
  readonly label: 0 | 1
  readonly rows: number
  readonly blocked: number
  /** 0 to 1. */
  readonly share: number
  readonly low: number
  readonly high: number
}

/** What a threshold would have done. */
export interface Cut {
  /** Wanted share of innocent rows that are blocked, 0 to 1. */
  readonly wanted: number
  /** Lowest threshold that keeps it; undefined when none does. */
  readonly threshold: number | undefined
  readonly falsePositives: number
  readonly recall: number
}

/** Shares by kind, attacks first, each in the order of the corpus. */
export function sharesOf(rows: readonly Judged[]): Share[] {
  const kinds = new Map<string, Judged[]>()
  for (const row of rows) {
    const key = `${row.label} ${row.kind}`
    const list = kinds.get(key)
    if (list === undefined) kinds.set(key, [row])
    else list.push(row)
  }
  return [...kinds.values()].map(shareOf).sort((a, b) => b.label - a.label)
}

function shareOf(rows: readonly Judged[]): Share {
  const blocked = rows.filter((row) => row.blocked).length
  const { kind = '', label = 0 } = rows[0] ?? {}
  return {
    kind,
    label,
    rows: rows.length,
    blocked,
    share: blocked / rows.length,
    ...wilson(blocked, rows.length),
  }
}

/** 95 % interval of a share (Wilson 1927): honest for few rows and for shares near 0 and 1, where the usual one is not. */
export function wilson(hits: number, rows: number): { low: number; high: number } {
  if (rows === 0) return { low: 0, high: 1 }
  const z = 1.959_964
  const share = hits / rows
  const middle = share + (z * z) / (2 * rows)
  const reach = z * Math.sqrt((share * (1 - share)) / rows + (z * z) / (4 * rows * rows))
  const scale = 1 + (z * z) / rows
  return { low: Math.max(0, (middle - reach) / scale), high: Math.min(1, (middle + reach) / scale) }
}

/** The lowest threshold that blocks no more than the wanted share of innocent rows, and what it catches. */
export function cutAt(rows: readonly Judged[], wanted: number): Cut {
  const innocent = scoresOf(rows, 0)
  const attacks = scoresOf(rows, 1)
  const allowed = Math.floor(wanted * innocent.length)
  // The first score that may not be blocked: a threshold just above it.
  const edge = innocent[allowed]
  const above = [...new Set([...innocent, ...attacks])].filter((score) => score > (edge ?? -1) && score > 0)
  const threshold = above.length === 0 ? undefined : Math.min(...above)
  return {
    wanted,
    threshold,
    falsePositives: shareAt(innocent, threshold),
    recall: shareAt(attacks, threshold),
  }
}

function scoresOf(rows: readonly Judged[], label: 0 | 1): number[] {
  return rows
    .filter((row) => row.label === label)
    .map(({ score }) => score)
    .sort((a, b) => b - a)
}

function shareAt(scores: readonly number[], threshold: number | undefined): number {
  if (threshold === undefined || scores.length === 0) return 0
  return scores.filter((score) => score >= threshold).length / scores.length
}
