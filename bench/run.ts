import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/**
 * `npm run bench`: every module bench, held to bench/budgets.json (nanoseconds of CPU and bytes of heap; three times what an idle
 * machine measured, so that noise does not cry wolf and a change of order does). `npm run bench -- json policy` runs some;
 * `npm run bench -- gateway [OPTIONS]` the whole gateway beside its peers. Exit 1 when a budget is exceeded.
 */
interface Budget {
  readonly ns?: number
  readonly bytes?: number
}

const here = new URL('.', import.meta.url).pathname
const budgets = JSON.parse(readFileSync(`${here}budgets.json`, 'utf8')) as Record<string, Budget>
const [first, ...rest] = process.argv.slice(2)

if (first === 'gateway')
  process.exitCode = (await run('gateway', rest, (line) => process.stdout.write(`${line}\n`))) === 0 ? 0 : 1
else process.exitCode = await modules(first === undefined ? all() : [first, ...rest])

function all(): string[] {
  return readdirSync(here)
    .filter((file) => file.endsWith('.ts') && file !== 'run.ts' && file !== 'gateway.ts')
    .map((file) => file.slice(0, -3))
    .sort()
}

async function modules(names: readonly string[]): Promise<number> {
  let over = 0
  for (const name of names) {
    if (!existsSync(`${here}${name}.ts`))
      throw new Error(`there is no bench ${name}: choose ${all().join(', ')} or gateway`)
    const code = await run(name, [], (line) => {
      const verdict = judge(line)
      if (verdict.includes('OVER')) over += 1
      process.stdout.write(`${line}${verdict}\n`)
    })
    if (code !== 0) over += 1
  }
  process.stdout.write(over === 0 ? '\nall within budget\n' : `\n${over} over budget or failed\n`)
  return over === 0 ? 0 : 1
}

/** What a line such as `json 1 KB ours: 4100 ns, 4600 heap bytes` is held to; empty where no budget names it. */
function judge(line: string): string {
  const found = /^(.+?):?\s+([\d.]+) (ns|us|µs|ms)\b(?:.*?, ([\d.]+) heap bytes)?/.exec(line)
  const budget = budgets[(found?.[1] ?? '').trim()]
  if (found === null || budget === undefined) return ''
  const ns = Number(found[2]) * { ns: 1, us: 1_000, µs: 1_000, ms: 1_000_000 }[found[3] as 'ns']
  const bytes = Number(found[4] ?? 0)
  const fine =
    ns <= (budget.ns ?? Number.POSITIVE_INFINITY) && bytes <= (budget.bytes ?? Number.POSITIVE_INFINITY)
  return fine ? '  (within budget)' : `  OVER BUDGET ${JSON.stringify(budget)}`
}

function run(name: string, args: readonly string[], onLine: (line: string) => void): Promise<number> {
  const child = spawn(process.execPath, ['--expose-gc', `${here}${name}.ts`, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: `${here}..`,
  })
  let rest = ''
  child.stdout.on('data', (piece: Buffer) => {
    const lines = (rest + piece.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  })
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)))
}
