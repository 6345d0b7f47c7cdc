import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DemoRoute } from './state.ts'

/** Routes of the demo: two chat protocols in front of one agent, and a classifier that readers may not ask. */
export const DEMO_ROUTES: readonly DemoRoute[] = [
  { name: 'chat', path: '/chat', protocol: 'openai' },
  { name: 'claude', path: '/claude', protocol: 'anthropic' },
  { name: 'triage', path: '/triage', protocol: 'http' },
]

/** Issuer and audience of demo tokens. */
export const DEMO_ISSUER = 'https://issuer.demo.invalid'

/** Writes the demo's configuration, in the words that anybody's would have, and returns its path. */
export function writeDemoConfiguration(folder: string, port: number): string {
  const path = join(folder, 'sallyport.yaml')
  writeFileSync(path, configuration(port), { mode: 0o600 })
  return path
}

function configuration(port: number): string {
  return `# The demo's configuration. Made anew at each start; keys and certificate end after 24 hours.
version: 1
public_url: https://localhost:${port}
hosts: [localhost:${port}, 127.0.0.1:${port}, "[::1]:${port}"]
listen: 127.0.0.1:${port}
tls: { cert: "file:./tls.crt", key: "file:./tls.key" }
auth:
  - issuer: ${DEMO_ISSUER}
    audience: https://localhost:${port}
    jwks: "file:./jwks.json"
    algorithms: [ES256]
    roles: roles
routes:
  - name: chat
    path: /chat
    protocol: openai
    upstream: { url: "http://localhost", socket: ./chat.sock }
    allow:
      - roles: [reader, operator, admin]
  - name: claude
    path: /claude
    protocol: anthropic
    upstream: { url: "http://localhost", socket: ./chat.sock }
    allow:
      - roles: [reader, operator, admin]
  - name: triage
    path: /triage
    protocol: http
    methods: [POST]
    upstream: { url: "http://localhost", socket: ./triage.sock }
    allow:
      - roles: [operator, admin]
bounds: { drain_notice: 0s }
audit: { dir: ./audit }
admin: false
log: { level: warn }
`
}
