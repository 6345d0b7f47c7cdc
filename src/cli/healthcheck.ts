import http from 'node:http'
import type { Command } from './base/command.ts'
import { Failure, oneLine } from './base/failure.ts'

const STANDARD = 'http://127.0.0.1:9901'
const WAIT_MS = 2_500
const ANSWER_CHARS_MAX = 4_096

/** `sallyport healthcheck`: for container images, which have no curl. */
export const healthcheck: Command = {
  usage: '[URL] [--json]',
  text: [`Asks /readyz of the admin listener. URL is its address without a path; default ${STANDARD}.`],
  options: {},
  positionalsMax: 1,
  examples: [['healthcheck http://127.0.0.1:9901', 'exit code 0 when ready, 1 when not']],
  async run(given, terminal) {
    const [base = STANDARD] = given.positionals
    const url = URL.parse('/readyz', base)
    if (url?.protocol !== 'http:') throw new Failure('this is no http:// URL', `write it like ${STANDARD}`)
    const { status, text } = await ask(url)
    const ready = status === 200
    terminal.out(
      given.json
        ? `${JSON.stringify({ ok: ready, status, text })}\n`
        : `${ready ? 'ready' : `not ready: ${text}`}\n`,
    )
    return ready ? 0 : 1
  },
}

function ask(url: URL): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void =>
      reject(new Failure(`the gateway cannot be asked: ${why}`, 'start it, or name its admin address', 1))
    const request = http.get(url, { timeout: WAIT_MS, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => (text = (text + piece).slice(0, ANSWER_CHARS_MAX)))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: oneLine(text).trim() }))
      response.on('error', () => fail('the answer broke off'))
    })
    request.on('timeout', () => request.destroy(new Error(`no answer within ${WAIT_MS} ms`)))
    request.on('error', (fault) => fail(oneLine(fault.message)))
  })
}
