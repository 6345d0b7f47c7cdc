import { readFileSync } from 'node:fs'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { makeMaterial } from './gateway/material.ts'
import { agentCommand, type Peer, peers } from './gateway/peers.ts'
import { type Measured, run, start } from './gateway/process.ts'

/**
 * `npm run bench -- gateway [--rounds 3] [--seconds 4]`: the whole gateway beside HAProxy and nginx, the same work in the same run.
 * Rounds are interleaved (A B C A B C), the gateway has one CPU and load and agent the other; medians. Compare ratios, never figures
 * of two runs. Needs Debian's nginx, haproxy and wrk.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    streams: { type: 'string', default: '1000' },
    warm: { type: 'string', default: '15' },
    only: { type: 'string', default: peers.map((peer) => peer.name).join(',') },
  },
  allowPositionals: true,
})
const GATEWAY_CPU = 1
const LOAD_CPU = 0
const here = new URL('./gateway/', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'))
const material = makeMaterial(folder)
const chosen = peers.filter((peer) => values.only.split(',').includes(peer.name))

interface Running {
  readonly peer: Peer
  readonly port: number
  readonly measured: Measured
  idleMb: number
  readonly rows: Record<string, number[]>
}

try {
  const saturation = await phase('fast', async (all) => {
    for (const each of all) await wrk(each, Number(values.warm))
    for (let round = 0; round < Number(values.rounds); round += 1)
      for (const each of all) await measureWrk(each)
    for (const each of all.filter(({ peer }) => peer.name === 'sallyport')) await measurePipeline(each)
  })
  const streams = await phase('streams', async (all) => {
    for (let round = 0; round < Number(values.rounds); round += 1)
      for (const each of all) await measureStreams(each)
  })
  report('64 connections, 1 KB chat body, 1,000 tokens', saturation)
  report(`${values.streams} streams, 10 events a second each`, streams)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)

async function phase(
  agent: 'fast' | 'streams',
  work: (all: readonly Running[]) => Promise<void>,
): Promise<readonly Running[]> {
  const agentPort = 19_500
  const command =
    agent === 'fast'
      ? agentCommand(material, agentPort)
      : [process.execPath, `${here}streams.ts`, 'agent', String(agentPort)]
  const behind = start(LOAD_CPU, command, `${folder}/agent.log`)
  const all: Running[] = []
  for (const [i, peer] of chosen.entries()) {
    const port = 19_510 + i
    const measured = start(GATEWAY_CPU, peer.command(material, port, agentPort), `${folder}/${peer.name}.log`)
    all.push({ peer, port, measured, idleMb: 0, rows: {} })
  }
  await sleep(3_000)
  for (const each of all) {
    if (!each.measured.alive)
      throw new Error(
        `${each.peer.name} did not start: ${readFileSync(`${folder}/${each.peer.name}.log`, 'utf8').slice(-800)}`,
      )
    each.idleMb = each.measured.pssMb()
  }
  await work(all)
  for (const each of all) await each.measured.stop()
  await behind.stop()
  return all
}

function wrk(running: Running, seconds: number): Promise<string> {
  const url = `https://127.0.0.1:${running.port}/v1/chat/completions`
  const args = ['-t1', '-c64', `-d${seconds}s`, '--timeout', '10s', '--latency', '-s', `${here}wrk.lua`, url]
  return run(LOAD_CPU, ['wrk', ...args], { BODY: material.body, TOKENS: material.tokens })
}

async function measureWrk(running: Running): Promise<void> {
  const cpuUs = running.measured.cpuUs()
  const printed = await wrk(running, Number(values.seconds))
  const requests = Number(/(\d+) requests in/.exec(printed)?.[1] ?? 0)
  add(running, 'req/s', Number(/Requests\/sec:\s+([\d.]+)/.exec(printed)?.[1] ?? 0))
  add(running, 'CPU µs/req', (running.measured.cpuUs() - cpuUs) / requests)
  add(running, 'p50 ms', milliseconds(/50%\s+(\S+)/.exec(printed)?.[1]))
  add(running, 'p99 ms', milliseconds(/99%\s+(\S+)/.exec(printed)?.[1]))
  add(running, 'refused', Number(/Non-2xx or 3xx responses: (\d+)/.exec(printed)?.[1] ?? 0))
  add(running, 'loaded MiB', running.measured.pssMb())
}

async function measureStreams(running: Running): Promise<void> {
  const cpuUs = running.measured.cpuUs()
  const printed = await run(LOAD_CPU, [
    process.execPath,
    `${here}streams.ts`,
    'client',
    String(running.port),
    values.streams,
    material.tokens,
  ])
  const seen = JSON.parse(printed.trim().split('\n').at(-1) ?? '{}') as Record<string, number>
  add(running, 'first byte p50 ms', seen['firstP50'] ?? Number.NaN)
  add(running, 'first byte p99 ms', seen['firstP99'] ?? Number.NaN)
  add(running, 'event p99 ms', seen['eventP99'] ?? Number.NaN)
  add(running, 'lost events', seen['lost'] ?? Number.NaN)
  add(running, 'CPU µs/event', (running.measured.cpuUs() - cpuUs) / (seen['events'] ?? 1))
  add(running, 'loaded MiB', running.measured.pssMb())
}

async function measurePipeline(running: Running): Promise<void> {
  const printed = await run(LOAD_CPU, [
    process.execPath,
    `${here}pipeline.ts`,
    String(running.port),
    material.tokens,
  ])
  process.stdout.write(
    `\n1,000 requests pipelined on one connection (${running.peer.name}): ${printed.trim()}\n`,
  )
}

function add(running: Running, name: string, value: number): void {
  const row = (running.rows[name] ??= [])
  row.push(value)
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${running.peer.name} ${name} ${value.toFixed(1)}`)
}

function report(title: string, all: readonly Running[]): void {
  const names = Object.keys(all[0]?.rows ?? {})
  const lines = [
    `\n### ${title}\n`,
    `| gateway | ${names.join(' | ')} | idle MiB |`,
    `|---|${names.map(() => '---:|').join('')}---:|`,
  ]
  for (const { peer, rows, idleMb } of all) {
    const figures = names.map((name) => median(rows[name] ?? []).toFixed(name.startsWith('req') ? 0 : 1))
    lines.push(`| ${peer.name} | ${figures.join(' | ')} | ${idleMb.toFixed(0)} |`)
  }
  process.stdout.write(`${lines.join('\n')}\n`)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

function milliseconds(text: string | undefined): number {
  const found = /([\d.]+)(us|ms|s)$/.exec(text ?? '')
  return found === null
    ? Number.NaN
    : Number(found[1]) * (found[2] === 'us' ? 0.001 : found[2] === 'ms' ? 1 : 1_000)
}
