import type { PolicySource } from '../src/core/config.ts'
import type { Query } from '../src/core/query.ts'
import { decide } from '../src/policy/decide.ts'
import { loadPolicies } from '../src/policy/load.ts'
import type { Policies } from '../src/policy/policies.ts'
import { query, route, rule } from '../test/fixtures/policy.ts'

/** CPU of the policy decision point, microseconds a decision. Sizes are taken in turn, so that noise hits all of them. */
const SIZES = [10, 1_000, 10_000]
const ROUNDS = 7
const ROUTES = [
  route('chat', { allow: [rule(['reader'], { models: ['gpt-5*'] })] }),
  route('tools', { allow: [rule(['reader'])] }),
]

const CALL = query({ action: 'tools/call', route: 'tools', tool: 't5', args: { amount: 5 } })

const loaded = SIZES.map((size) => load(size))
for (const { size, loadMs } of loaded) print(`load ${size} policies`, loadMs, 'ms')

const cached = query({ model: 'gpt-5-mini' })
const [smallest] = loaded
if (smallest !== undefined)
  print(
    'cached decision',
    median(() => cpuUs(smallest.policies, cached, 200_000)),
    'us',
  )

const rounds = Array.from({ length: ROUNDS }, () =>
  loaded.map(({ policies }) => cpuUs(policies, CALL, 10_000)),
)
const callUs = SIZES.map((_, index) => middle(rounds.map((round) => round[index] ?? 0)))
SIZES.forEach((size, index) => print(`uncached decision, ${size} policies`, callUs[index] ?? 0, 'us'))
print('growth from 10 to 10,000', (callUs.at(-1) ?? 0) / (callUs[0] ?? 1), 'x')
print('resident memory', process.memoryUsage.rss() / 2 ** 20, 'MiB')

function load(size: number): { size: number; policies: Policies; loadMs: number } {
  const before = process.cpuUsage()
  const policies = loadPolicies(ROUTES, [limits(size)])
  const { user, system } = process.cpuUsage(before)
  return { size, policies, loadMs: (user + system) / 1_000 }
}

/** One forbid for each of many tools, each with a condition on an argument and on roles. */
function limits(size: number): PolicySource {
  const text = Array.from(
    { length: size },
    (_, index) => `forbid (principal, action == Action::"tools/call", resource == Tool::"tools/t${index}")
unless { context.args has amount && context.args.amount <= ${index} && context.principal.roles.contains("reader") };`,
  )
  return { file: 'limits.cedar', text: text.join('\n') }
}

function cpuUs(policies: Policies, question: Query, times: number): number {
  for (let index = 0; index < 1_000; index += 1) decide(policies, question)
  const before = process.cpuUsage()
  for (let index = 0; index < times; index += 1) decide(policies, question)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / times
}

function median(measure: () => number): number {
  return middle(Array.from({ length: ROUNDS }, measure))
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function print(what: string, value: number, unit: string): void {
  console.log(`${what.padEnd(40)}${value.toFixed(2).padStart(12)} ${unit}`)
}
