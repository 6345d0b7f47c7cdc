import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { cli } from '../../fixtures/cli.ts'

let server: Server | undefined

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

function admin(answer: RequestListener): Promise<string> {
  const started = createServer(answer)
  server = started
  return new Promise((resolve) =>
    started.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(started.address() as AddressInfo).port}`),
    ),
  )
}

it('asks /readyz, and is content with 200', async () => {
  const asked: (string | undefined)[] = []
  const url = await admin((request, response) => {
    asked.push(request.url)
    response.end('ready')
  })

  const { code, out, err } = await cli(`healthcheck ${url}`)

  expect([code, out, err]).toEqual([0, 'ready\n', ''])
  expect(asked).toEqual(['/readyz'])
})

it('says what is missing when the gateway is not ready', async () => {
  const url = await admin((_, response) => response.writeHead(503).end('keys\x1b[2J of https://idp.test\n'))

  const { code, out } = await cli(`healthcheck ${url} --json`)

  expect(code).toBe(1)
  expect(JSON.parse(out)).toEqual({ ok: false, status: 503, text: 'keys [2J of https://idp.test' })
})

it('is not ready when nobody answers', async () => {
  const { code, err } = await cli('healthcheck http://127.0.0.1:1')

  expect(code).toBe(1)
  expect(err).toMatch(/cannot be asked: .*\n {2}fix: start it/)
})

it('is not ready when the answer breaks off', async () => {
  const url = await admin((_, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('r')
    setImmediate(() => response.destroy())
  })

  expect((await cli(`healthcheck ${url}`)).code).toBe(1)
})

it('keeps a bound on what it reads', async () => {
  const url = await admin((_, response) => response.writeHead(503).end('x'.repeat(100_000)))

  expect((await cli(`healthcheck ${url}`)).out.length).toBeLessThan(5_000)
})

it.each(['https://127.0.0.1', 'nonsense', 'file:///etc'])('refuses the URL %s', async (url) => {
  const { code, err } = await cli(`healthcheck ${url}`)

  expect(code).toBe(2)
  expect(err).toContain('no http:// URL')
})
