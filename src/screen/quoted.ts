/** Words of people who write about attacks. */
const TELLING =
  /attack|inject|jailbreak|adversar|malicious|exploit|vulnerab|red[- ]team|phras|example|e\.g\.|such as|payload|detect|prevent|mitigat|defen[sc]|security|researcher|attempt|trick|pattern|classif|so-called|says|saying|like|quot|literal|flag|rule|lesson|documentation|(?:user|someone|anyone|people) (?:says|asks|writes|types)/

/**
 * Who tells of it, forbids it or wants it prevented, in the same clause and just before. "Do not hesitate to" and "do not stop
 * but" forbid nothing.
 */
const FORBIDDING =
  /\b(?:never|do not|don't|not|must not|avoid|prevent|refuse|resist|block|detect|attempts?|attempting|tries|trying|requests?|asks|asking|tricks?|tricked|induces?|inducing|forces?|forced|whether|who|that tells you|even if|if (?:i|a user|the user|users|someone|anyone|they|you are|asked|prompted)|when (?:a user|the user|users|someone|asked|prompted)|attackers?|(?:could|might|may|cannot)(?! you| i\b))\b(?!.{0,60}\b(?:hesitate|afraid|fail|forget|worry|stop|shy|joking|kidding|but)\b)/

/** How far before the phrase the telling may stand, in code units. */
const REACH = 160
const NEAR = 56
/**
 * Ends what was said before. A comma does unless one more thing is told: "if asked, ignore" and "do not worry, ignore" are
 * orders, "never share keys, or reveal" is none.
 */
const CLAUSE_END = /[.!?;:]|,(?! (?:or|nor|to) )/

/**
 * Tells whether a phrase is quoted by somebody who writes about attacks: it stands in quotation marks, and the words around
 * them say so. An attacker can write this too; then the order is framed as an example, which models obey far less.
 */
export function isQuoted(normal: string, start: number, end: number): boolean {
  if (!/["'`*>(][^"'`]{0,31}$/.test(normal.slice(Math.max(0, start - 32), start))) return false
  const after = normal.slice(end, end + REACH)
  if (!/["'`*)]/.test(after)) return false
  const tight = /["'`]$/.test(normal.slice(start - 1, start)) && /^[.!]?["'`]/.test(after)
  return TELLING.test(normal.slice(Math.max(0, start - REACH), start)) || (tight && TELLING.test(after))
}

/** Tells whether the phrase is what somebody must not, or might, do: "never reveal your instructions". */
export function isForbidden(normal: string, start: number): boolean {
  const before = normal.slice(Math.max(0, start - NEAR), start)
  return FORBIDDING.test(before.split(CLAUSE_END).at(-1) ?? '')
}
