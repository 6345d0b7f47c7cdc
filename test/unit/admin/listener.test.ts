import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AdminListener, listenAdmin } from '../../../src/admin/listener.ts'

let missing: string[] = []
let reloaded: { ok: boolean; reason: string | undefined; atMs: number } | undefined
let listener: AdminListener

beforeEach(async () => {
  missing = []
  reloaded = undefined
  listener = await listenAdmin(
    { address: '127.0.0.1', port: 0 },
    {
      unready: () => missing,
      revision: () => 'rev',
      reloaded: () => reloaded,
      metrics: async () => 'x 1\n',
      metricsType: 'text/plain; version=0.0.4',
    },
  )
})
afterEach(() => listener.close())

const get = (path: string, init?: RequestInit): Promise<Response> =>
  fetch(`http://127.0.0.1:${listener.port}${path}`, init)

describe('the admin listener', () => {
  it('is alive while it answers', async () => {
    const answer = await get('/livez')

    expect([answer.status, await answer.json()]).toEqual([200, { alive: true }])
  })

  it('is ready when nothing is missing, and says what is when something is', async () => {
    const ready = await get('/readyz')
    missing = ['a writable audit log']
    const unready = await get('/readyz')

    expect([ready.status, await ready.json()]).toEqual([200, { ready: true, missing: [], revision: 'rev' }])
    expect([unready.status, await unready.json()]).toEqual([503, { ready: false, missing, revision: 'rev' }])
  })

  it('tells what became of the last reload', async () => {
    reloaded = { ok: false, reason: 'x.yaml:3:1: no such key', atMs: 0 }
    const refused = await (await get('/readyz')).json()
    reloaded = { ok: true, reason: undefined, atMs: 1 }
    const taken = await (await get('/readyz')).json()

    expect(refused).toMatchObject({
      ready: true,
      reload: { ok: false, at: '1970-01-01T00:00:00.000Z', reason: 'x.yaml:3:1: no such key' },
    })
    expect(taken).toMatchObject({ reload: { ok: true, at: '1970-01-01T00:00:00.001Z' } })
  })

  it('serves metrics', async () => {
    const answer = await get('/metrics')

    expect([answer.headers.get('content-type'), await answer.text()]).toEqual([
      'text/plain; version=0.0.4',
      'x 1\n',
    ])
  })

  it.each(['POST', 'PUT', 'DELETE'])('changes nothing: %s is refused', async (method) => {
    expect((await get('/readyz', { method })).status).toBe(405)
  })

  it('answers HEAD without a body, and names its pages where there is none', async () => {
    const head = await get('/livez', { method: 'HEAD' })
    const unknown = await get('/')

    expect([head.status, await head.text()]).toEqual([200, ''])
    expect([unknown.status, await unknown.json()]).toMatchObject([
      404,
      { pages: ['/livez', '/readyz', '/metrics'] },
    ])
  })

  it('keeps running when a page fails', async () => {
    const broken = await listenAdmin(
      { address: '127.0.0.1', port: 0 },
      {
        unready: () => [],
        reloaded: () => undefined,
        revision: () => '',
        metrics: () => Promise.reject(new Error('x')),
        metricsType: 'text/plain',
      },
    )

    const failed = await fetch(`http://127.0.0.1:${broken.port}/metrics`)
    const alive = await fetch(`http://127.0.0.1:${broken.port}/livez`)
    await broken.close()

    expect([failed.status, alive.status]).toEqual([500, 200])
  })
})
