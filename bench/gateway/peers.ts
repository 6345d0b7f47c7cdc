import { mkdirSync, writeFileSync } from 'node:fs'
import { AUDIENCE, ISSUER, type Material } from './material.ts'

/** A gateway under test. */
export interface Peer {
  readonly name: string
  readonly about: string
  /** Writes what it needs and gives the command that starts it. */
  command(material: Material, port: number, agentPort: number): readonly string[]
}

/** Ours, with every protection of the default configuration on. */
const sallyport: Peer = {
  name: 'sallyport',
  about: 'TLS, JWT, roles by Cedar, limits, strict JSON, screening, decision and outcome records',
  command(material, port, agentPort) {
    const folder = fresh(material, 'sallyport')
    const file = `${folder}/sallyport.yaml`
    writeFileSync(
      file,
      `version: 1
public_url: https://localhost:${port}
hosts: ["127.0.0.1:${port}"]
listen: 127.0.0.1:${port}
tls: { cert: "file:${material.tlsCert}", key: "file:${material.tlsKey}" }
auth:
  - { issuer: ${ISSUER}, audience: ${AUDIENCE}, jwks: "file:${material.jwks}", algorithms: [RS256], token_types: [jwt], roles: roles }
routes:
  - name: chat
    path: /
    protocol: openai
    upstream: http://127.0.0.1:${agentPort}
    allow: [{ roles: [user] }]
    limits: { requests: 1000000/1s, concurrency: 5000, concurrency_per_principal: 5000 }
bounds: { requests_per_peer_per_s: 1000000, connections_max: 20000, connections_per_peer_max: 20000, exchanges_max: 20000 }
audit: { dir: ${folder}/audit }
admin: false
log: { level: warn }
`,
    )
    return ['bin/sallyport', 'serve', '-c', file]
  },
}

/** Checks nothing: what a TLS proxy costs at the least. */
const nginx: Peer = {
  name: 'nginx',
  about: 'TLS proxy and access log; no authentication, no screening',
  command(material, port, agentPort) {
    const folder = fresh(material, 'nginx')
    writeFileSync(
      `${folder}/nginx.conf`,
      `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log warn; worker_rlimit_nofile 20000;
events { worker_connections 16000; }
http {
  ${temporary(folder)}
  access_log ${folder}/access.log; client_max_body_size 64m; client_body_buffer_size 64k;
  keepalive_requests 10000000; keepalive_timeout 300s; tcp_nodelay on;
  upstream agent { server 127.0.0.1:${agentPort}; keepalive 512; keepalive_requests 10000000; }
  server {
    listen 127.0.0.1:${port} ssl http2 backlog=4096;
    ssl_certificate ${material.tlsCert}; ssl_certificate_key ${material.tlsKey};
    ssl_protocols TLSv1.3; ssl_session_cache shared:s:10m;
    location / {
      proxy_pass http://agent; proxy_http_version 1.1; proxy_buffering off;
      proxy_set_header Connection ""; proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Proto https;
    }
  }
}
`,
    )
    return ['nginx', '-p', folder, '-c', `${folder}/nginx.conf`]
  },
}

/** The strongest like for like: token, role, body patterns, log. */
const haproxy: Peer = {
  name: 'haproxy',
  about: 'TLS, JWT, role, ten patterns over the raw body, log',
  command(material, port, agentPort) {
    const folder = fresh(material, 'haproxy')
    writeFileSync(`${folder}/patterns.lst`, `${PATTERNS.join('\n')}\n`)
    writeFileSync(`${folder}/haproxy.cfg`, haproxyConfiguration(material, folder, { port, agentPort }))
    return ['haproxy', '-db', '-f', `${folder}/haproxy.cfg`]
  },
}

/** All peers, ours first. */
export const peers: readonly Peer[] = [sallyport, haproxy, nginx]

/** An nginx that answers like an agent, at once: so that the agent is never what is measured. */
export function agentCommand(material: Material, port: number): readonly string[] {
  const folder = fresh(material, 'agent')
  writeFileSync(
    `${folder}/nginx.conf`,
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log crit; worker_rlimit_nofile 20000;
events { worker_connections 16000; }
http {
  ${temporary(folder)}
  access_log off; client_max_body_size 64m; keepalive_requests 100000000; keepalive_timeout 600s; tcp_nodelay on;
  default_type application/json;
  server { listen 127.0.0.1:${port} backlog=4096; location / { return 200 '${material.reply}'; } }
}
`,
  )
  return ['nginx', '-p', folder, '-c', `${folder}/nginx.conf`]
}

function haproxyConfiguration(
  material: Material,
  folder: string,
  ports: { port: number; agentPort: number },
): string {
  return `global
  nbthread 1
  maxconn 9000
  log stdout format raw local0
  ssl-default-bind-options ssl-min-ver TLSv1.3
defaults
  mode http
  log global
  option httplog
  timeout connect 5s
  timeout client 300s
  timeout server 300s
  timeout http-keep-alive 300s
  option http-buffer-request
frontend f
  bind 127.0.0.1:${ports.port} ssl crt ${material.tlsPem} alpn h2,http/1.1 backlog 4096
  http-request set-var(txn.bearer) http_auth_bearer
  http-request set-var(txn.alg) var(txn.bearer),jwt_header_query('$.alg')
  http-request set-var(txn.iss) var(txn.bearer),jwt_payload_query('$.iss')
  http-request set-var(txn.aud) var(txn.bearer),jwt_payload_query('$.aud')
  http-request set-var(txn.exp) var(txn.bearer),jwt_payload_query('$.exp','int')
  http-request set-var(txn.role) var(txn.bearer),jwt_payload_query('$.role')
  http-request deny deny_status 401 unless { req.hdr(authorization) -m found }
  http-request deny deny_status 401 unless { var(txn.alg) -m str RS256 }
  http-request deny deny_status 401 unless { var(txn.bearer),jwt_verify(txn.alg,"${material.issuerKey}") 1 }
  http-request set-var(txn.now) date()
  http-request deny deny_status 401 if { var(txn.exp),sub(txn.now) -m int lt 0 }
  http-request deny deny_status 401 unless { var(txn.iss) -m str ${ISSUER} }
  http-request deny deny_status 401 unless { var(txn.aud) -m str ${AUDIENCE} }
  http-request deny deny_status 403 unless { path_beg /v1/ } { var(txn.role) -m str user }
  http-request deny deny_status 403 if { req.body -m reg -i -f ${folder}/patterns.lst }
  http-request set-header X-Forwarded-Proto https
  option forwardfor
  http-request capture var(txn.role) len 16
  default_backend agent
backend agent
  http-reuse always
  server a 127.0.0.1:${ports.agentPort} maxconn 8000 pool-max-conn 1000
`
}

const PATTERNS = [
  'ignore (all |any )?(previous|prior|above) (instructions|prompts)',
  'reveal (your )?(system )?prompt',
  'union[\\s\\+]+(all[\\s\\+]+)?select',
  '<script[\\s>]',
  '\\.\\./\\.\\./',
  ';\\s*(cat|rm|wget|curl)\\s',
  '\\bor\\b\\s+1\\s*=\\s*1',
  'you are now (dan|developer mode)',
  'disregard (the |your )?(above|previous|rules)',
  '(api|secret)[ _-]?keys?\\b.{0,20}(reveal|print|show)',
]

function fresh(material: Material, name: string): string {
  const folder = `${material.folder}/${name}`
  mkdirSync(folder, { recursive: true })
  return folder
}

function temporary(folder: string): string {
  return ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ')
}
