import { unitsOf } from '../units.ts'
import { conceptOf, conceptOfGlyphs, NO_CONCEPT, stemOf } from './lexicon.ts'
import { UNIT, unitKinds } from './letters.ts'
import { extend, place, SALT } from './hash.ts'

/**
 * What the model sees of a text: its tokens, and for each the places of its features in the table of weights. The memory is used
 * again: good until the next text is asked for.
 */
export interface Features {
  /** Number of tokens. */
  tokens: number
  /** Where each token stands in the folded text: start inclusive, end exclusive. */
  starts: Int32Array
  ends: Int32Array
  /** Offset in `places` of the first feature of each token, and of the end. */
  firsts: Int32Array
  places: Int32Array
}

/** Features that one code unit may make, at most: a glyph, which is a token of its own, makes the most. */
const FEATURES_A_UNIT = 24
/** Code units that fit without asking for memory; views are at most four times 8,192 long. */
const ROOM = 16_384
/** Letters of a word that are looked at one by one: longer words are keys, blobs and addresses. */
const LETTERS_MAX = 24
/** Concepts further apart than this, in tokens, say nothing together. */
const REACH = 14
const NEAR = 4

const scratch: Features = roomFor(ROOM)
let room = ROOM

function roomFor(units: number): Features {
  return {
    tokens: 0,
    starts: new Int32Array(units),
    ends: new Int32Array(units),
    firsts: new Int32Array(units + 1),
    places: new Int32Array(units * FEATURES_A_UNIT),
  }
}

// State of one reading, kept in one object of numbers so that nothing is allocated for a text.
const at = {
  feature: 0,
  token: 0,
  /** Hashes of the last words, latest first. */
  one: 0,
  two: 0,
  three: 0,
  /** Last concepts, latest first, and at which token they stood. */
  conceptOne: 0,
  conceptTwo: 0,
  conceptThree: 0,
  tokenOne: 0,
  tokenTwo: 0,
  tokenThree: 0,
  /** Marks that stand directly before. */
  marks: 0,
  opens: 1,
}

/** Takes a folded text apart. Linear in its length; allocates only for texts longer than any view. */
export function featuresOf(normal: string): Features {
  if (normal.length > room) {
    room = normal.length
    Object.assign(scratch, roomFor(room))
  }
  const units = unitsOf(normal)
  begin()
  for (let i = 0; i < normal.length;) {
    const kind = unitKinds[units[i] ?? 0] ?? 0
    if (kind === UNIT.letter) i = readWord(units, i)
    else if (kind === UNIT.glyph) i = readGlyph(units, i)
    else if (kind === UNIT.digit) i = readNumber(units, i)
    else if (kind === UNIT.mark) i = readMark(units, i)
    else i += 1
  }
  scratch.tokens = at.token
  scratch.firsts[at.token] = at.feature
  return scratch
}

function begin(): void {
  at.feature = 0
  at.token = 0
  at.one = at.two = at.three = 0
  at.conceptOne = at.conceptTwo = at.conceptThree = 0
  at.tokenOne = at.tokenTwo = at.tokenThree = -REACH
  at.marks = 0
  at.opens = 1
}

function emit(hash: number): void {
  scratch.places[at.feature++] = place(hash)
}

function open(start: number): void {
  scratch.starts[at.token] = start
  scratch.firsts[at.token] = at.feature
}

function readWord(units: Uint16Array, start: number): number {
  open(start)
  let hash = SALT.word
  let stem = NO_CONCEPT
  let a = 0
  let b = 0
  let c = 0x20
  let letters = 0
  let i = start
  for (; ; i++) {
    const unit = units[i] ?? 0
    const kind = unitKinds[unit] ?? 0
    if (kind === UNIT.joiner && unitKinds[units[i + 1] ?? 0] === UNIT.letter) continue
    if (kind !== UNIT.letter && kind !== UNIT.digit) break
    hash = extend(hash, unit)
    letters += 1
    if (letters > LETTERS_MAX) continue
    if (letters > 2) {
      emit(gram(a, b, c, unit))
      if (letters > 3) stem = stemOf(hash) || stem
    }
    a = b
    b = c
    c = unit
  }
  if (letters > 1) emit(gram(a, b, c, 0x20))
  close(i, hash, conceptOf(hash) || stem)
  return i
}

/** Four characters in a row within a word, its ends as spaces. */
function gram(a: number, b: number, c: number, d: number): number {
  return extend(extend(extend(extend(SALT.gram, a), b), c), d)
}

function readGlyph(units: Uint16Array, start: number): number {
  open(start)
  const unit = units[start] ?? 0
  const hash = extend(SALT.word, unit)
  emit(extend(extend(extend(extend(SALT.gram, at.three), at.two), at.one), hash))
  close(start + 1, hash, conceptOfGlyphs(units, start))
  return start + 1
}

function readNumber(units: Uint16Array, start: number): number {
  open(start)
  let i = start + 1
  while (unitKinds[units[i] ?? 0] === UNIT.digit) i += 1
  if (unitKinds[units[i] ?? 0] === UNIT.letter) {
    // "4th", "h4x": what begins with a digit may still be a word.
    return readWord(units, start)
  }
  close(i, extend(SALT.number, Math.min(i - start, 5)), NO_CONCEPT)
  return i
}

function readMark(units: Uint16Array, start: number): number {
  const unit = units[start] ?? 0
  at.marks = extend(at.marks === 0 ? SALT.marks : at.marks, unit)
  // . ! ? : ; and whatever opens a bracket or quotation: an order begins after these.
  if (unit !== 0x2c && unit !== 0x2d && unit !== 0x5f && unit !== 0x2f) at.opens = 1
  return start + 1
}

/** Ends a token: all that is told of a word and those before it. */
function close(end: number, hash: number, concept: number): void {
  emit(extend(SALT.unigram, hash))
  if (at.marks !== 0) {
    emit(at.marks)
    emit(extend(at.marks, hash))
    at.marks = 0
  }
  emit(extend(extend(SALT.bigram, at.one), hash))
  emit(extend(extend(extend(SALT.trigram, at.two), at.one), hash))
  emit(extend(extend(SALT.skip, at.two), hash))
  if (at.opens === 1) emit(extend(SALT.opening, hash))
  if (concept !== NO_CONCEPT) relate(concept)
  at.opens = 0
  at.three = at.two
  at.two = at.one
  at.one = hash
  scratch.ends[at.token] = end
  at.token += 1
}

/** Concepts in their order, with words between: who is told to do what, with whose rules. */
function relate(concept: number): void {
  const { token } = at
  emit(extend(SALT.concept, concept))
  if (at.opens === 1) emit(extend(SALT.conceptOpening, concept))
  if (token - at.tokenOne <= REACH) {
    const pair = extend(extend(SALT.pair, at.conceptOne), concept)
    emit(pair)
    if (token - at.tokenOne <= NEAR) emit(extend(pair, 1))
  }
  if (token - at.tokenTwo <= REACH) {
    emit(extend(extend(SALT.pair, at.conceptTwo), concept))
    emit(extend(extend(extend(SALT.triple, at.conceptTwo), at.conceptOne), concept))
  }
  if (token - at.tokenThree <= REACH) {
    emit(extend(extend(extend(extend(SALT.four, at.conceptThree), at.conceptTwo), at.conceptOne), concept))
  }
  at.conceptThree = at.conceptTwo
  at.conceptTwo = at.conceptOne
  at.conceptOne = concept
  at.tokenThree = at.tokenTwo
  at.tokenTwo = at.tokenOne
  at.tokenOne = token
}
