import { writeFileSync } from 'node:fs'
import type { Trained } from './trained.ts'

/** Writes the files of a model, as `readModel` reads them, and what its rounds of attacks found. */
export function write(folder: URL, { bytes, numbers, raids }: Trained): void {
  writeFileSync(new URL('weights.bin', folder), bytes)
  writeFileSync(new URL('model.json', folder), jsonOf(numbers))
  writeFileSync(new URL('adversary.json', folder), jsonOf(raids))
}

function jsonOf(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
