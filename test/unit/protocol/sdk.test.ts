import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { Denial } from '../../../src/problem/problems.ts'
import { protocols } from '../../../src/protocol/index.ts'
import type { Protocol, ProtocolRequest } from '../../../src/protocol/protocol.ts'
import { bounds } from './read.ts'

/** A fetch that sends nothing and keeps what would have been sent. */
function recorder(prefix: string): { sent: ProtocolRequest[]; fetch: typeof fetch } {
  const sent: ProtocolRequest[] = []
  return {
    sent,
    async fetch(input, init) {
      const request = new Request(input, init)
      const { pathname, search } = new URL(request.url)
      const path = pathname.slice(prefix.length)
      const contentType = request.headers.get('content-type') ?? undefined
      const { method } = request
      sent.push({ method, path, query: search.slice(1), contentType, body: await request.bytes() })
      return Response.json({ data: [], choices: [], content: [], output: [] })
    },
  }
}

function operations(protocol: Protocol, sent: readonly ProtocolRequest[]): string[] {
  return sent.map((request) => {
    const call = protocol.read(request, bounds)
    return call instanceof Denial ? `${call.problem}: ${call.reason}` : call.operation
  })
}

describe('requests of the real clients', () => {
  it('of openai pass unmodified', async () => {
    const { sent, fetch } = recorder('/support')
    const client = new OpenAI({ baseURL: 'https://gateway.test/support/v1', apiKey: 'k', fetch })

    await client.chat.completions.create({
      model: 'gpt-5-mini',
      messages: [
        { role: 'developer', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: 'hi' }] },
        {
          role: 'assistant',
          tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'c', content: 'ok' },
      ],
      tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }],
    })
    await client.responses.create({
      model: 'gpt-5',
      input: [{ role: 'user', content: 'hi' }],
      instructions: 'x',
    })
    await client.embeddings.create({ model: 'e', input: ['a'] })
    await client.completions.create({ model: 'm', prompt: 'p' })
    await client.models.list()
    await client.models.retrieve('gpt-5')

    expect(operations(protocols.openai, sent)).toEqual([
      'chat/completions',
      'responses',
      'embeddings',
      'completions',
      'models',
      'models',
    ])
  })

  it('of Anthropic pass unmodified', async () => {
    const { sent, fetch } = recorder('/claude')
    const client = new Anthropic({ baseURL: 'https://gateway.test/claude', apiKey: 'k', fetch })
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }]

    await client.messages.create({ model: 'claude', max_tokens: 10, system: 'x', messages })
    await client.messages.countTokens({ model: 'claude', messages })
    await client.models.list()

    expect(operations(protocols.anthropic, sent)).toEqual(['messages', 'messages/count_tokens', 'models'])
  })
})
