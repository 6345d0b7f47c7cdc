import type { ServerResponse } from 'node:http'
import type { Agent } from './agent.ts'
import { completion, completionEvents } from './completions.ts'
import { message, messageEvents } from './messages.ts'

/**
 * A chat agent that speaks OpenAI's chat completions and Anthropic's messages, streamed or whole. It is no model: it answers from
 * what it is asked, the same to the same, so that the demo shows the gate and nothing else.
 */
export const answerChat: Agent = (request, body, response) => {
  if (request.method === 'GET' && request.url === '/v1/models') return json(response, 200, MODELS)
  const [path] = (request.url ?? '').split('?', 1)
  const format = request.method === 'POST' ? FORMATS.get(path ?? '') : undefined
  const asked = parse(body)
  if (format === undefined || asked === undefined)
    return json(response, format === undefined ? 404 : 400, USAGE)
  const words = reply(asked)
  if (asked.stream === true) return stream(response, format.events(words, MODEL))
  return json(response, 200, format.whole(words.join(''), MODEL))
}

const MODEL = 'demo-chat'
const WORD_MS = 40
const MODELS = { object: 'list', data: [{ id: MODEL, object: 'model', created: 0, owned_by: 'demo' }] }
const USAGE = { error: { message: 'POST JSON to /v1/chat/completions or /v1/messages, or GET /v1/models' } }
const FORMATS: ReadonlyMap<string, Format> = new Map([
  ['/v1/chat/completions', { events: completionEvents, whole: completion }],
  ['/v1/messages', { events: messageEvents, whole: message }],
])

interface Format {
  events(words: readonly string[], model: string): readonly string[]
  whole(text: string, model: string): object
}

interface Asked {
  readonly stream?: unknown
  readonly messages?: readonly { readonly role?: unknown; readonly content?: unknown }[]
}

function parse(body: string): Asked | undefined {
  try {
    const document: unknown = JSON.parse(body)
    return typeof document === 'object' && document !== null ? document : undefined
  } catch {
    return undefined
  }
}

function reply({ messages }: Asked): string[] {
  const last = messages?.findLast(({ role }) => role === 'user')?.content
  const text = typeof last === 'string' ? last : JSON.stringify(last ?? '')
  const words = text.trim().split(/\s+/).filter(Boolean)
  const counted = `${words.length} word${words.length === 1 ? '' : 's'}`
  const answer = `You wrote ${counted}, the first is "${words[0] ?? ''}". I am the demo agent: I see only what the gate lets through.`
  return answer.split(/(?<= )/)
}

function stream(response: ServerResponse, events: readonly string[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  let next = 0
  const timer = setInterval(() => {
    const event = events[next]
    next += 1
    if (event === undefined) {
      clearInterval(timer)
      response.end()
    } else response.write(event)
  }, WORD_MS)
  response.on('close', () => clearInterval(timer))
}

function json(response: ServerResponse, status: number, document: object): void {
  const body = JSON.stringify(document)
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    .end(body)
}
