import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'

/**
 * Long fuzzing: `npm run fuzz -- [--cases 1000000] [--seed n] [NAME ...]`. Each file of test/fuzz that exports a target is
 * run; a violation ends it with the seed and the batch that found it. `npm test` runs each target for a short while.
 */
interface Target {
  readonly name: string
  run(cases: number, seed: number): void | Promise<void>
}

const BATCH = 10_000
const { values, positionals } = parseArgs({
  options: {
    cases: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
  allowPositionals: true,
})
const cases = Number(values.cases)
const seed = Number(values.seed)
const folder = new URL('../test/fuzz/', import.meta.url)

for (const target of await targets()) {
  if (positionals.length > 0 && !positionals.includes(target.name)) continue
  const startedMs = performance.now()
  for (let done = 0; done < cases; done += BATCH) {
    const batchSeed = seed + done
    try {
      await target.run(Math.min(BATCH, cases - done), batchSeed)
    } catch (fault) {
      process.stderr.write(`\n${target.name}: violated with --seed ${batchSeed} --cases ${BATCH}\n`)
      throw fault
    }
    progress(`${target.name} ${done + BATCH}/${cases}`)
  }
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1)
  process.stdout.write(`${target.name}: ${cases} cases, seed ${seed}, ${seconds} s, no violation\n`)
}

async function targets(): Promise<Target[]> {
  const found: Target[] = []
  for (const file of readdirSync(folder).sort()) {
    const module = (await import(new URL(file, folder).href)) as Record<string, unknown>
    found.push(...Object.values(module).filter(isTarget))
  }
  return found
}

function isTarget(value: unknown): value is Target {
  return typeof value === 'object' && value !== null && 'run' in value && 'name' in value
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}
