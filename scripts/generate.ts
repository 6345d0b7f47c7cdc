/** Writes the copies of what stands in the source (`npm run generate`); with --check only compares them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { generated } from './reference.ts'

const root = new URL('..', import.meta.url).pathname
const check = process.argv.includes('--check')
for (const [path, text] of generated()) {
  if (check) {
    if (read(root + path) === text) continue
    process.stderr.write(`${path} is not what the source says\n  fix: npm run generate\n`)
    process.exitCode = 1
  } else {
    mkdirSync(dirname(root + path), { recursive: true })
    writeFileSync(root + path, text)
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
