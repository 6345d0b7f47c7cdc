import type { RouteConfig } from './core/config.ts'
import type { Route } from './pipeline/route.ts'
import type { ReadBounds } from './pipeline/read.ts'
import { Denial } from './problem/problems.ts'
import type { Screen } from './screen/screen.ts'

/** Rounds over the pure phases, some 50 ms in all: the first requests then meet compiled code. */
const ROUNDS = 300

const TEXT = 'Hello, please propose a walk near the sea for two children, and say how long it takes.'
const MESSAGES = [
  { role: 'user', content: TEXT },
  { role: 'assistant', content: TEXT },
]
const CHAT = JSON.stringify({ model: 'm', max_tokens: 64, messages: MESSAGES })

/** Where each protocol takes a chat. */
const PATHS: Readonly<Record<RouteConfig['protocol'], string>> = {
  http: '/',
  openai: '/v1/chat/completions',
  anthropic: '/v1/messages',
}

/**
 * Reads and screens a sample request for each protocol in use, again and again, before the gateway says that it is ready. It is a
 * self-test too.
 *
 * @param rounds How often; 1 is the self-test alone.
 * @throws {Error} when an innocent sample is refused: a gateway that blocks everybody must not be put into service.
 */
export async function warmUp(
  routes: readonly Route[],
  bounds: ReadBounds,
  screen: Screen,
  rounds = ROUNDS,
): Promise<void> {
  const body = Buffer.from(CHAT)
  for (const { protocol, config } of firstOfEach(routes)) {
    const request = {
      method: 'POST',
      path: PATHS[protocol.name],
      query: '',
      contentType: 'application/json',
      body,
    }
    for (let round = 0; round < rounds; round += 1) {
      const call = protocol.read(request, bounds)
      if (call instanceof Denial)
        throw new Error(`self-test: protocol ${protocol.name} refuses an innocent request (${call.reason})`)
      const verdict = await screen.screen(call, { ...config.screen, mode: 'enforce' }, config.trustSystem)
      if (!('effect' in verdict) || verdict.effect !== 'pass')
        throw new Error('self-test: screening refuses an innocent request')
    }
  }
}

function firstOfEach(routes: readonly Route[]): readonly Route[] {
  return [...new Map(routes.map((route) => [route.protocol, route])).values()]
}
