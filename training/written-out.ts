import { writeFileSync } from 'node:fs'
import type { Source } from './licences.ts'
import type { Trained } from './trained.ts'

/** What a model was made of. */
export interface Origins {
  readonly seed: number
  readonly sources: readonly Source[]
}

/** Writes the files of a model, as `readModel` reads them, and what its rounds of attacks found. */
export function write(folder: URL, { bytes, numbers, raids }: Trained, origins: Origins): void {
  writeFileSync(new URL('weights.bin', folder), bytes)
  writeFileSync(new URL('model.json', folder), jsonOf(numbers))
  writeFileSync(new URL('training.json', folder), jsonOf({ ...origins, raids }))
}

function jsonOf(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
