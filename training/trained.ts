import { createHash } from 'node:crypto'
import { bytesOf, LENGTH_CLASSES, type Numbers } from '../src/screen/model/model.ts'
import { type Raid, raid } from './adversary.ts'
import { augmented } from './augment.ts'
import { type Calibration, calibrate, quantileAbove } from './calibrate.ts'
import type { Labelled } from './corpus.ts'
import { type Example, examplesOf } from './examples.ts'
import { EPOCHS, fit, type Fitted } from './fit.ts'
import { FOLDS, type Ordinary, joined, ordinaryKept, ordinaryOf, scoredApart } from './held-out.ts'
import { backgroundOf, quantise } from './quantise.ts'
import { Random } from './written/random.ts'

/** A model as its files hold it, and how its training went. */
export interface Trained {
  readonly bytes: Buffer
  readonly numbers: Numbers
  /** One for each round of attacks. */
  readonly raids: readonly Raid['byWay'][]
}

/** What a model is trained on. */
export interface Material {
  readonly rows: readonly Labelled[]
  /** Rows that are never trained on; their ordinary texts help to choose thresholds. */
  readonly kept: readonly Labelled[]
}

/** Rounds of training, attacking, and training again with what got through. */
const ROUNDS = 2
/** Models whose weights are averaged, each with its own order of texts. */
const AVERAGED = 3
/** Calls of `tick`. */
export const STEPS = EPOCHS * (ROUNDS + FOLDS + AVERAGED)

/** Wanted share of ordinary texts at 0.5, by length class: long ones hold more that may look like an order. */
const BALANCED = [0.003, 0.008, 0.012, 0.015, 0.03]
/** Wanted shares at the scores of the other two profiles. */
const RELAXED = 0.002
const STRICT = 0.015
/** Raw score that attackers must come below while training. */
const CAUGHT = 0
/** Ordinary texts of a length class below which it is judged with all. */
const CLASS_MIN = 150

/** Trains, hardens, calibrates on whole sources left out, and rounds. The same material and seed give the same bytes. */
export function train({ rows, kept }: Material, seed: number, tick: (what: string) => void): Trained {
  let all = [...rows, ...augmented(rows, seed)]
  const raids: Raid['byWay'][] = []
  for (let round = 1; round <= ROUNDS; round++) {
    const fitted = fit(examplesOf(all), new Random(`round ${round}`, seed), () => tick(`round ${round}`))
    const raided = raid(rows, fitted, CAUGHT, new Random(`raid ${round}`, seed))
    all = [...all, ...raided.rows]
    raids.push(raided.byWay)
  }
  const examples = examplesOf(all)
  const raws = scoredApart(examples, seed, () => tick('sources left out'))
  const fitted = averaged(examples, seed, () => tick('whole'))
  const judged = examples.map(({ label, weight }, i) => ({ label, weight, raw: raws[i] ?? 0 }))
  const single = [...ordinaryOf(rows, examples, raws), ...ordinaryKept(kept, fitted)]
  const ordinary = [...single, ...joined(single)]
  return { ...assemble(fitted, examples, calibrate(judged), ordinary), raids }
}

function averaged(examples: readonly Example[], seed: number, tick: () => void): Fitted {
  const fits = Array.from({ length: AVERAGED }, (_, i) => fit(examples, new Random(`whole ${i}`, seed), tick))
  const mean = (of: (fitted: Fitted) => number): number =>
    fits.reduce((sum, fitted) => sum + of(fitted), 0) / AVERAGED
  return {
    weights: Float32Array.from(fits[0]?.weights ?? [], (_, i) => mean(({ weights }) => weights[i] ?? 0)),
    bias: mean(({ bias }) => bias),
  }
}

function assemble(
  fitted: Fitted,
  examples: readonly Example[],
  { slope, intercept }: Calibration,
  ordinary: readonly Ordinary[],
): Omit<Trained, 'raids'> {
  const { weights, scale } = quantise(fitted)
  const bytes = bytesOf({ weights, background: backgroundOf(examples, weights) })
  const logOdds = ({ raw }: Ordinary): number => slope * raw + intercept
  const shifts = BALANCED.map((share, length) => {
    const of = ordinary.filter((text) => classOf(text) === length)
    return -quantileAbove((of.length < CLASS_MIN ? ordinary : of).map(logOdds), share)
  })
  const shifted = ordinary.map((text) => logOdds(text) + (shifts[classOf(text)] ?? 0))
  const scoreAt = (share: number): number => 1 / (1 + Math.exp(-quantileAbove(shifted, share)))
  const numbers: Numbers = {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    gain: slope * scale,
    offset: intercept + slope * fitted.bias,
    shifts: { words: shifts, content: shifts },
    profiles: { relaxed: scoreAt(RELAXED), balanced: 0.5, strict: scoreAt(STRICT) },
  }
  return { bytes, numbers }
}

function classOf({ tokens }: Ordinary): number {
  const at = LENGTH_CLASSES.findIndex((most) => tokens <= most)
  return at === -1 ? LENGTH_CLASSES.length : at
}
