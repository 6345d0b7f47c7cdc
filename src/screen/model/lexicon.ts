import { normalise } from '../normalise.ts'
import { lexiconEntries } from './concepts.ts'
import { extend, SALT } from './hash.ts'
import { UNIT, unitKinds } from './letters.ts'

/** Of words that the lexicon does not know. */
export const NO_CONCEPT = 0

/** Places of a table: four times as many as it has words, and more. */
const SLOT_BITS = 14
/** Glyphs of a word that are looked up together. */
const GLYPHS_MAX = 4

/** A set of hashes, each with its concept; open addressing, never more than a few steps. */
interface Table {
  readonly keys: Int32Array
  readonly concepts: Uint8Array
}

const words = emptyTable()
const stems = emptyTable()
const glyphs = emptyTable()
for (const [word, concept] of lexiconEntries()) {
  const stem = word.endsWith('*')
  const folded = normalise(stem ? word.slice(0, -1) : word)
  if (unitKinds[folded.charCodeAt(0)] === UNIT.glyph)
    add(glyphs, hashOf(folded.slice(0, GLYPHS_MAX)), concept)
  else add(stem ? stems : words, hashOf(folded), concept)
}

/** Concept of a whole word, by its hash. */
export function conceptOf(hash: number): number {
  return find(words, hash)
}

/** Concept of a word that begins so. */
export function stemOf(hash: number): number {
  return find(stems, hash)
}

/** Concept of the glyphs that end here: the longest that are a word together. */
export function conceptOfGlyphs(units: Uint16Array, at: number): number {
  let concept = NO_CONCEPT
  for (let count = 1; count <= GLYPHS_MAX && count <= at + 1; count++) {
    let hash: number = SALT.word
    for (let i = at + 1 - count; i <= at; i++) hash = extend(hash, units[i] ?? 0)
    concept = find(glyphs, hash) || concept
  }
  return concept
}

function find({ keys, concepts }: Table, hash: number): number {
  let slot = slotOf(hash)
  for (;;) {
    const key = keys[slot] ?? 0
    if (key === hash) return concepts[slot] ?? NO_CONCEPT
    if (key === 0) return NO_CONCEPT
    slot = (slot + 1) & ((1 << SLOT_BITS) - 1)
  }
}

function add({ keys, concepts }: Table, hash: number, concept: number): void {
  let slot = slotOf(hash)
  while (keys[slot] !== 0 && keys[slot] !== hash) slot = (slot + 1) & ((1 << SLOT_BITS) - 1)
  // A word of two meanings keeps the first.
  if (keys[slot] === hash) return
  keys[slot] = hash
  concepts[slot] = concept
}

function slotOf(hash: number): number {
  return Math.imul(hash, 0xc2b2ae35) >>> (32 - SLOT_BITS)
}

function hashOf(word: string): number {
  let hash: number = SALT.word
  for (let i = 0; i < word.length; i++) {
    const unit = word.charCodeAt(i)
    if (unitKinds[unit] !== UNIT.joiner) hash = extend(hash, unit)
  }
  return hash
}

function emptyTable(): Table {
  return { keys: new Int32Array(1 << SLOT_BITS), concepts: new Uint8Array(1 << SLOT_BITS) }
}
