import type { ServerResponse } from 'node:http'
import type { Agent } from './agents.ts'

/**
 * A chat agent with the wire format of OpenAI's chat completions, streamed or whole. It is no model: it answers from what it is
 * asked, the same to the same, so that the demo shows the gate and nothing else.
 */
export const answerChat: Agent = (request, body, response) => {
  if (request.method === 'GET' && request.url === '/v1/models') {
    return json(response, 200, { object: 'list', data: [{ id: MODEL, object: 'model', created: 0, owned_by: 'demo' }] })
  }
  if (request.method !== 'POST' || request.url !== '/v1/chat/completions') {
    return json(response, 404, { error: { message: 'this agent answers POST /v1/chat/completions and GET /v1/models' } })
  }
  const asked = parse(body)
  if (asked === undefined) return json(response, 400, { error: { message: 'not JSON' } })
  const words = reply(asked)
  return asked.stream === true ? stream(response, words) : json(response, 200, completion(words.join('')))
}

const MODEL = 'demo-chat'
const WORD_MS = 40

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
  const last = messages?.findLast((message) => message.role === 'user')?.content
  const text = typeof last === 'string' ? last : JSON.stringify(last ?? '')
  const words = text.trim().split(/\s+/).filter(Boolean)
  const sentence = `You wrote ${words.length} word${words.length === 1 ? '' : 's'}, and the first is “${words[0] ?? ''}”. I am the demo agent behind the gate, and I only see what it lets through.`
  return sentence.split(/(?<= )/)
}

function completion(content: string): object {
  return {
    id: 'chatcmpl-demo',
    object: 'chat.completion',
    created: 0,
    model: MODEL,
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
    usage: { prompt_tokens: 1, completion_tokens: content.split(' ').length, total_tokens: content.split(' ').length + 1 },
  }
}

function stream(response: ServerResponse, words: readonly string[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  let next = 0
  const timer = setInterval(() => {
    const word = words[next]
    next += 1
    if (word !== undefined) return void response.write(`data: ${JSON.stringify(chunk({ content: word }, null))}\n\n`)
    clearInterval(timer)
    response.end(`data: ${JSON.stringify(chunk({}, 'stop'))}\n\ndata: [DONE]\n\n`)
  }, WORD_MS)
  response.on('close', () => clearInterval(timer))
}

function chunk(delta: object, finish: string | null): object {
  return {
    id: 'chatcmpl-demo',
    object: 'chat.completion.chunk',
    created: 0,
    model: MODEL,
    choices: [{ index: 0, delta, finish_reason: finish }],
  }
}

function json(response: ServerResponse, status: number, document: object): void {
  const body = JSON.stringify(document)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body)
}
