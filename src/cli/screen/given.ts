import { existsSync, readFileSync } from 'node:fs'
import { nearest } from '../../config/nearest.ts'
import { type Origin, ORIGINS } from '../../core/call.ts'
import type { Given, Terminal } from '../base/command.ts'
import { Failure, oneLine } from '../base/failure.ts'

/** Rejected at and above this, as in a configuration that does not say. */
export const THRESHOLD = 0.5

/** The text itself, of a file where the argument names one, or standard input. */
export async function textOf(what: string, terminal: Terminal): Promise<string> {
  if (what === '-') return terminal.readInput()
  return existsSync(what) ? readFileSync(what, 'utf8') : what
}

/** The origin that was named. @throws {Failure} on one that is none. */
export function originOf(given: Given): Origin | undefined {
  const name = given.text('origin')
  if (name === undefined) return undefined
  const origin = ORIGINS.find((known) => known === name)
  if (origin !== undefined) return origin
  const meant = nearest(name, ORIGINS)
  throw new Failure(
    `there is no origin ${oneLine(name)}`,
    meant === undefined ? `use one of ${ORIGINS.join(', ')}` : `did you mean ${meant}?`,
  )
}

/** The threshold that was given. @throws {Failure} on what is no score. */
export function thresholdOf(given: Given): number {
  const text = given.text('threshold') ?? String(THRESHOLD)
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value <= 1) return value
  throw new Failure(`${oneLine(text)} is no score`, 'give a number from 0 to 1, such as 0.5')
}
