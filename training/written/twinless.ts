/** Share of word 5-grams in common (Jaccard) above which two texts of a family count as the same. */
export const NEAR_DUPLICATE = 0.8

/** Texts none of which is nearly the same as another. */
export class Twinless {
  readonly #texts: ReadonlySet<string>[] = []
  readonly #byGram = new Map<string, number[]>()

  /** Takes a text in and says true, or says false where one that is nearly the same is in already. */
  add(text: string): boolean {
    const grams = shingles(text)
    const common = new Map<number, number>()
    for (const gram of grams) {
      for (const nth of this.#byGram.get(gram) ?? []) common.set(nth, (common.get(nth) ?? 0) + 1)
    }
    for (const [nth, count] of common) {
      const union = grams.size + (this.#texts[nth]?.size ?? 0) - count
      if (count / union > NEAR_DUPLICATE) return false
    }

    for (const gram of grams) {
      const holders = this.#byGram.get(gram)
      if (holders) holders.push(this.#texts.length)
      else this.#byGram.set(gram, [this.#texts.length])
    }
    this.#texts.push(grams)
    return true
  }
}

// Scripts without spaces are cut by character: a whole sentence would else be one word.
const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu

function shingles(text: string): ReadonlySet<string> {
  const words =
    text
      .toLowerCase()
      .replaceAll(SPACELESS, ' $& ')
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  if (words.length < 5) return new Set([words.join(' ')])

  return new Set(words.slice(4).map((_last, start) => words.slice(start, start + 5).join(' ')))
}
