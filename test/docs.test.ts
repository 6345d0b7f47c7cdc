import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commands } from '../src/cli/index.ts'
import { readConfigText } from '../src/config/load.ts'
import { Denial, problems } from '../src/problem/problems.ts'
import { render } from '../src/problem/render.ts'
import { type Clone, makeClone } from './fixtures/clone.ts'
import { freePort } from './fixtures/gate.ts'
import { anchorsOf, type Block, blocksOf, codeOf, linksOf, markOf, rowsOf } from './fixtures/markdown.ts'
import { filesBelow } from './fixtures/sources.ts'

/** What pages say is what happens: their commands are run, their files loaded, their links followed. */
const root = new URL('..', import.meta.url).pathname
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

const pages = filesBelow(root, '', '.md').filter(({ path }) => !path.startsWith('coverage/'))
const blocks = pages.flatMap(({ path, text }) => blocksOf(path, text))
const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts)
const guides = readdirSync(join(root, 'docs/guides')).map((name) => `docs/guides/${name}`)

/** Blocks of these languages do something on the pages whose commands are run. */
const STEPS = new Set(['sh', 'js', 'yaml', 'cedar'])
const READY = /stands on|ready on|agent on/
const PORTS = [8443, 8000, 9901]

describe.each(['README.md', ...guides])('%s, typed in a fresh clone', (page) => {
  const steps = blocks.filter((block) => block.page === page && STEPS.has(block.language))
  const ports = new Map<number, number>()
  let clone: Clone

  beforeAll(async () => {
    clone = makeClone(root)
    for (const port of PORTS) ports.set(port, await freePort())
  })
  afterAll(() => clone.remove())

  // The ports of the page may be taken on this machine: they are the one thing that is not as printed.
  const here = (text: string): string =>
    PORTS.reduce((all, port) => all.replaceAll(String(port), String(ports.get(port))), text)

  it('has steps to run', () => {
    expect(steps.length).toBeGreaterThan(5)
  })

  it.each(steps.map((block) => [nameOf(block), block] as const))('%s', async (_, block) => {
    const file = markOf(block, 'file')
    if (block.marks.includes('here')) return expectTestCommand(block.text)
    if (file !== undefined) return clone.put(file, here(block.text))
    if (block.marks.includes('start')) return clone.start(here(typed(block.text, ports.get(8443))), READY)

    const { code, printed } = await clone.run(`set -e\n${here(block.text)}`)

    expect({ code, printed: plain(printed) }).toEqual({
      code: Number(markOf(block, 'exit') ?? 0),
      printed: expect.stringMatching(asPattern(block.printed ?? '…')),
    })
  })
})

describe('every page', () => {
  it('there is', () => {
    expect(pages.length).toBeGreaterThan(10)
    for (const { path } of pages) expect(path).not.toMatch(/node_modules/)
  })

  it.each(pages)('$path links to what is there', ({ path, text }) => {
    const broken = linksOf(text)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => !resolves(path, target))

    expect(broken).toEqual([])
  })

  it.each(pages)('$path names files and folders that are there', ({ text }) => {
    const named = codeOf(text).filter((code) =>
      /^(?:src|test|docs|config|docker|bench|scripts|bin)\/[\w./-]+$/.test(code),
    )

    expect(named.filter((name) => !existsSync(join(root, name)))).toEqual([])
  })

  it.each(pages)('$path names commands and scripts that are there', async ({ text }) => {
    const known = await commandNames()
    const named = [...text.matchAll(/`(?:npx )?sallyport ((?:[a-z]+ ?){1,2})/g)]
    const run = [...text.matchAll(/\bnpm run (\w+)/g)].map(([, script = '']) => script)

    expect(named.map(([, words = '']) => words.trim()).filter((words) => !known.has(words))).toEqual([])
    expect(run.filter((script) => !scripts.includes(script))).toEqual([])
  })
})

const configurations = blocks.filter(({ language }) => language === 'yaml')

describe('configurations on pages', () => {
  it.each(configurations.map((block) => [nameOf(block), block] as const))('%s is valid', (_, block) => {
    const { config } = readConfigText(join(root, 'config/sample.yaml'), block.text, { template: true })

    expect(config.routes.length).toBeGreaterThan(0)
  })

  it('are there', () => {
    expect(configurations.length).toBeGreaterThanOrEqual(2)
  })
})

describe('what stands twice is the same', () => {
  it('the list of commands', () => {
    const [, table = ''] = read('README.md').split('<!-- commands -->')
    const listed = rowsOf(table.split('\n\n')[0] ?? '')

    expect(listed).toEqual(commands.map(({ name, summary }) => [`\`${name}\``, summary]))
  })

  it('the commands of the change log', () => {
    const [, listed = ''] = /^- Commands: (.*)\.$/m.exec(read('CHANGELOG.md')) ?? []

    expect(listed.split(', ')).toEqual(commands.map(({ name }) => `\`${name}\``))
  })

  it('the sample of a refusal', () => {
    const sample = blocks.find(({ page, marks }) => page === 'README.md' && marks.includes('problem'))
    const id = '01M87GVWG74S6C5AP5B0VA7EXD'
    const { body } = render(new Denial('policy-forbids', ''), {
      id,
      authenticated: true,
      disclosure: 'category',
      ownHeaders: [],
      corsHeaders: [],
      resourceMetadata: undefined,
      scopes: [],
    })

    expect(JSON.parse(sample?.text ?? '')).toEqual(JSON.parse(Buffer.from(body).toString()))
  })

  it('the problems in the table of phases', () => {
    const phases = rowsOf(read('docs/architecture.md')).filter(([phase = '']) => /^\d/.test(phase))
    const named = phases.flatMap(([, , refusals = '']) => refusals.split(', '))

    expect(phases.length).toBe(11)
    expect(named.filter((name) => !(name in problems))).toEqual([])
  })

  it('the list of decisions', () => {
    const records = readdirSync(join(root, 'docs/decisions')).filter((name) => /^\d{4}-/.test(name))
    const listed = rowsOf(read('docs/decisions/README.md')).map(([link = '', title = '']) => [
      /\((.+)\)/.exec(link)?.[1],
      title,
    ])
    const titles = records
      .sort()
      .map((name) => [name, /^# \d{4} (.+)$/m.exec(read(`docs/decisions/${name}`))?.[1]])

    expect(listed).toEqual(titles)
  })

  it.each(readdirSync(join(root, 'docs/decisions')).filter((name) => /^\d{4}-/.test(name)))(
    'decision %s says what was given up, and how we would notice that we were wrong',
    (name) => {
      const text = read(`docs/decisions/${name}`)

      for (const part of ['**Context.**', '**Choice.**', '**Given up.**', '**We are wrong if**'])
        expect(text).toContain(part)
    },
  )
})

it('npx finds the program in a clone', async () => {
  const { stdout } = await promisify(execFile)('npx', ['--no-install', 'sallyport', 'version', '--json'], {
    cwd: root,
  })

  expect(JSON.parse(stdout)).toMatchObject({ version: expect.any(String) })
})

function nameOf({ page, line, text }: Block): string {
  return `${page}:${line} ${text.split('\n')[0] ?? ''}`
}

/** `npm ci` was done: these tests run on what it installed. */
function typed(text: string, port: number | undefined): string {
  return text.replace('npm ci && npm start', `npm start -- --port ${port}`)
}

/** The command that runs these tests cannot be run by them; it must be what CI runs. */
function expectTestCommand(text: string): void {
  const steps = text.trim().split(' && ')
  const ci = read('.ci/run').split('\n')

  expect(steps).toEqual(['npm ci', 'npm test'])
  expect(steps.filter((step) => !ci.includes(step))).toEqual([])
  expect(scripts).toContain('test')
}

// Identifiers are new at each run; `…` stands for what may be anything.
function plain(printed: string): string {
  return printed.trim().replace(/\b[0-9A-HJKMNP-TV-Z]{26}\b/g, 'ID')
}

function asPattern(printed: string): RegExp {
  const parts = plain(printed)
    .split('…')
    .map((part) => RegExp.escape(part))
  return new RegExp(`^${parts.join('.*')}$`, 's')
}

function resolves(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? page : join(dirname(page), path)
  if (!existsSync(join(root, file))) return false
  return anchor === undefined || anchorsOf(read(file)).includes(anchor)
}

async function commandNames(): Promise<ReadonlySet<string>> {
  const names = new Set(['help'])
  for (const row of commands) {
    names.add(row.name)
    names.add(`help ${row.name}`)
    const found = await row.load()
    if ('length' in found) for (const { name } of found) names.add(`${row.name} ${name}`)
  }
  return names
}
