import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { commands } from '../src/cli/index.ts'
import { readConfig } from '../src/config/load.ts'

/** What stands beside the container: a unit, manifests, firewalls. Held to what they are about. */
const at = (path: string): string => new URL(`../docker/${path}`, import.meta.url).pathname
const read = (path: string): string => readFileSync(at(path), 'utf8')
const { config } = readConfig(at('sallyport/sallyport.yaml'), { template: true })

interface Container {
  readonly name: string
  readonly args?: readonly string[]
  readonly restartPolicy?: string
  readonly ports?: readonly { readonly containerPort: number }[]
  readonly startupProbe?: Probe
  readonly readinessProbe?: Probe
  readonly securityContext: object
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[]
}

interface Probe {
  readonly exec: { readonly command: readonly string[] }
}

interface Pod {
  readonly automountServiceAccountToken: boolean
  readonly securityContext: object
  readonly initContainers: readonly Container[]
  readonly containers: readonly Container[]
  readonly volumes: readonly { readonly name: string }[]
}

const documents = parseAllDocuments(read('kubernetes.yaml'))
const [deployment, service, network] = documents.map((document) => document.toJS() as Record<string, never>)
const pod = (deployment as unknown as { spec: { template: { spec: Pod } } }).spec.template.spec
const [gate] = pod.initContainers

describe('the Kubernetes manifests', () => {
  it('are YAML without a fault, one of each kind', () => {
    expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([])
    expect([deployment, service, network].map((one) => one?.['kind'])).toEqual([
      'Deployment',
      'Service',
      'NetworkPolicy',
    ])
  })

  it('run the gateway as a sidecar that starts before its agent, by a command that there is', () => {
    expect(gate?.restartPolicy).toBe('Always')
    expect(commands.map(({ name }) => name)).toContain(gate?.args?.[0])
    for (const probe of [gate?.startupProbe, gate?.readinessProbe])
      expect(probe?.exec.command).toEqual(['/usr/bin/node', '/app/src/main.ts', 'healthcheck'])
  })

  it('give nobody a right that is not needed', () => {
    expect(pod.automountServiceAccountToken).toBe(false)
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 65_532,
      seccompProfile: { type: 'RuntimeDefault' },
    })
    for (const { securityContext } of [...pod.initContainers, ...pod.containers])
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
  })

  it('publish the port of the gateway alone, and mount what it writes to', () => {
    expect(gate?.ports?.map(({ containerPort }) => containerPort)).toEqual([config.listen.port])
    expect(pod.containers.flatMap(({ ports = [] }) => ports)).toEqual([])
    const mounted = gate?.volumeMounts ?? []
    expect(mounted.map(({ mountPath }) => mountPath)).toContain(config.audit.dir.replace(/\/[^/]+$/, ''))
    expect(mounted.map(({ name }) => name).sort()).toEqual(pod.volumes.map(({ name }) => name).sort())
  })

  it('let nothing in but HTTPS', () => {
    expect((network as unknown as { spec: object }).spec).toMatchObject({
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ ports: [{ protocol: 'TCP', port: config.listen.port }] }],
    })
  })
})

describe('the systemd unit', () => {
  const settings = new Map(
    read('sallyport.service')
      .split('\n')
      .filter((line) => /^[A-Z]\w+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )

  it('starts, reloads and ends the gateway by what it knows', () => {
    expect(settings.get('ExecStart')).toBe(
      '/opt/sallyport/bin/sallyport serve -c /etc/sallyport/sallyport.yaml',
    )
    expect(settings.get('ExecReload')).toBe('/bin/kill -HUP $MAINPID')
    expect(Number(settings.get('TimeoutStopSec')) * 1_000).toBeGreaterThan(config.bounds.drainMs)
  })

  it('is shut in', () => {
    for (const name of ['NoNewPrivileges', 'DynamicUser', 'PrivateTmp', 'PrivateDevices', 'ProtectHome'])
      expect([name, settings.get(name)]).toEqual([name, 'yes'])
    expect(settings.get('ProtectSystem')).toBe('strict')
    expect(settings.get('CapabilityBoundingSet')).toBe('')
    // V8 compiles at run time: with this it would not start.
    expect(settings.has('MemoryDenyWriteExecute')).toBe(false)
  })
})

describe('the firewalls', () => {
  it('pass the port of the gateway', () => {
    expect(read('firewall.nft')).toMatch(new RegExp(`elements = \\{ 443, ${config.listen.port} \\}`))
    expect(read('ufw.sh')).toContain(`for port in 443 ${config.listen.port} `)
  })

  it('are a script that a shell can read', () => {
    expect(() => execFileSync('sh', ['-n', at('ufw.sh')])).not.toThrow()
  })
})
