import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Origin } from '../../core/call.ts'
import { PLACE_BITS } from './hash.ts'

/** Weights of a trained model and what turns a window into log-odds. Made by training; never changed. */
export interface Model {
  /** Weight of each place, in units of `gain`. */
  readonly weights: Int8Array
  /** Log-odds of a unit of window strength, by Platt's calibration. */
  readonly gain: number
  /** Log-odds of a window of strength 0, before the shift. */
  readonly offset: number
  /** What origin and length add to the log-odds, so that 0.5 has the wanted rate of false alarms everywhere. */
  readonly shifts: Shifts
  /** Mean feature values of the windows of training, where they are not close to 0; all others count as 0. */
  readonly background: Background
}

/** Log-odds by what is read: what a person wrote, or content that came from elsewhere; and by length class. */
export interface Shifts {
  readonly words: readonly number[]
  readonly content: readonly number[]
}

/** Features of the background, in the order of their places. */
export interface Background {
  readonly places: Uint32Array
  readonly means: Float32Array
}

/** The numbers beside the weights, as `model.json` holds them. */
export interface Numbers {
  /** SHA-256 of the file of weights, in hexadecimal digits: a model does not run with the numbers of another. */
  readonly sha256: string
  readonly gain: number
  readonly offset: number
  readonly shifts: Shifts
  /** Score at and above which a text is rejected, for each profile. */
  readonly profiles: Readonly<Record<Profile, number>>
}

/** How much is let pass for how few false alarms. */
export type Profile = 'relaxed' | 'balanced' | 'strict'

/** Tokens up to which a view counts as a value, short, middling and long; what is longer is a piece of a document. */
export const LENGTH_CLASSES: readonly number[] = [8, 56, 400, 900]

const WEIGHT_COUNT = 2 ** PLACE_BITS

/**
 * Reads a model from its two files.
 *
 * @param folder With a slash at its end.
 * @throws When the files are not of one model, or the weights are cut short: a gateway shall not start half blind.
 */
export function readModel(folder: URL): Model {
  const bytes = readFileSync(new URL('weights.bin', folder))
  const numbers = JSON.parse(readFileSync(new URL('model.json', folder), 'utf8')) as Numbers
  if (createHash('sha256').update(bytes).digest('hex') !== numbers.sha256)
    throw new Error('weights.bin is not what model.json was written for')

  const rest = bytes.buffer.slice(bytes.byteOffset + WEIGHT_COUNT, bytes.byteOffset + bytes.length)
  const count = rest.byteLength / 8
  return {
    weights: new Int8Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + WEIGHT_COUNT)),
    gain: numbers.gain,
    offset: numbers.offset,
    shifts: numbers.shifts,
    background: {
      places: new Uint32Array(rest, 0, count),
      means: new Float32Array(rest, 4 * count, count),
    },
  }
}

/** The file of weights: one byte a place, then the places of the background, then its means. Little-endian. */
export function bytesOf({
  weights,
  background: { places, means },
}: Pick<Model, 'weights' | 'background'>): Buffer {
  return Buffer.concat(
    [weights, places, means].map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength)),
  )
}

/** What the log-odds of a text are shifted by. Arguments of tools are written by the agent, so like words of a person. */
export function shiftOf({ words, content }: Shifts, origin: Origin, tokens: number): number {
  const list = origin === 'tool-result' || origin === 'document' ? content : words
  const length = LENGTH_CLASSES.findIndex((most) => tokens <= most)
  return list[length === -1 ? LENGTH_CLASSES.length : length] ?? 0
}
