import http from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the admin listener shows. */
export interface Admin {
  /** Empty when ready; else what is missing, for a person to read. */
  unready(): readonly string[]
  revision(): string
  /** What became of the last reload; undefined when there was none. */
  reloaded(): { readonly ok: boolean; readonly reason: string | undefined; readonly atMs: number } | undefined
  metrics(): Promise<string>
  readonly metricsType: string
}

/** A running admin listener. */
export interface AdminListener {
  readonly address: string
  readonly port: number
  close(): Promise<void>
}

/**
 * Health and metrics on a listener of their own, which no route reaches (a gateway that proxies to its own admin port hands it
 * to every client). It holds no secret and changes nothing: GET only.
 */
export async function listenAdmin(
  at: { address: string; port: number },
  admin: Admin,
): Promise<AdminListener> {
  const server = http.createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    answer(admin, request.method ?? '', request.url ?? '').then(
      ({ status, type, body }) => {
        response
          .writeHead(status, { 'content-type': type, 'cache-control': 'no-store' })
          .end(request.method === 'HEAD' ? '' : body)
      },
      () => response.writeHead(500).end(),
    )
  })
  server.maxConnections = CONNECTIONS_MAX
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(at.port, at.address, resolve)
  })
  const { address, port } = server.address() as AddressInfo
  return {
    address,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const CONNECTIONS_MAX = 64

interface Page {
  readonly status: number
  readonly type: string
  readonly body: string
}

async function answer(admin: Admin, method: string, url: string): Promise<Page> {
  if (method !== 'GET' && method !== 'HEAD') return page(405, { error: 'GET only' })
  if (url === '/livez') return page(200, { alive: true })
  if (url === '/readyz') {
    const missing = admin.unready()
    const last = admin.reloaded()
    const reload = last && { ok: last.ok, at: new Date(last.atMs).toISOString(), reason: last.reason }
    return page(missing.length === 0 ? 200 : 503, {
      ready: missing.length === 0,
      missing,
      revision: admin.revision(),
      reload,
    })
  }
  if (url === '/metrics') return { status: 200, type: admin.metricsType, body: await admin.metrics() }
  return page(404, { error: 'no such page', pages: ['/livez', '/readyz', '/metrics'] })
}

function page(status: number, document: object): Page {
  return { status, type: 'application/json', body: `${JSON.stringify(document)}\n` }
}
