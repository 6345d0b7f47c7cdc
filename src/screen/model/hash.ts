/** Features share 2^20 weights: with fewer the corpora fill them, with more the table leaves the processor's caches. */
export const PLACE_BITS = 20

/** Where each kind of feature begins, so that the same words as another kind hash to another place. */
export const SALT = {
  word: 0x811c9dc5 | 0,
  gram: 0x1b873593,
  number: 0x2c1b3c6d,
  marks: 0x297a2d39,
  unigram: 0x52dce729,
  bigram: 0x38b34ae5,
  trigram: 0x4cf5ad43,
  skip: 0x165667b1,
  opening: 0x27d4eb2f,
  concept: 0x5bd1e995,
  conceptOpening: 0x3c6ef372,
  pair: 0x1f83d9ab,
  triple: 0x5be0cd19,
  four: 0x71374491,
} as const

/** One more number into a hash of 32 bits: rolling, without strings. */
export function extend(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x9e3779b1)
  return mixed ^ (mixed >>> 15)
}

/** Place of a feature among the weights, 0 to 2^20 - 1. */
export function place(hash: number): number {
  return Math.imul(hash, 0x85ebca6b) >>> (32 - PLACE_BITS)
}
