/** What an attacker wants. */
export type Family =
  | 'override'
  | 'role-spoof'
  | 'prompt-extraction'
  | 'mode-switch'
  | 'exfiltration'
  | 'hidden-order'

/**
 * A phrase that attacks are made of. It begins, at the beginning of a word, with one of `opens`; `rest` is what
 * follows. Letters are folded as the text is, so write them as they are spelt.
 */
export interface Signature {
  readonly family: Family
  /** ISO 639-1, or `any` where the words belong to no language. */
  readonly language: string
  /** How sure a match in the open is, 0 to 1. */
  readonly score: number
  /** How it may begin, as it is spelt: two letters or more. */
  readonly opens: readonly string[]
  /** Regular expression without groups that capture; no white space but single spaces. */
  readonly rest: string
}

/** Any words up to `count`, none longer than 16 letters, within a sentence. */
export function words(count: number): string {
  return `(?:[^ .!?;:]{1,16} ){0,${count}}`
}

/** Anything within a sentence up to `count` letters: for scripts that put no space between words. */
export function letters(count: number): string {
  return `[^.!?。!?\\n]{0,${count}}?`
}

/** Signatures of one language; the openings of each are separated by `|`. */
export function language(
  code: string,
  list: readonly (readonly [family: Family, score: number, opens: string, rest: string])[],
): readonly Signature[] {
  return list.map(([family, score, opens, rest]) => ({
    family,
    language: code,
    score,
    opens: opens.split('|'),
    rest,
  }))
}
