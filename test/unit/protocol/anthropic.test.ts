import { describe, expect, it } from 'vitest'
import { anthropic } from '../../../src/protocol/anthropic.ts'
import { codingAgent } from '../../fixtures/bodies.ts'
import { callOf, denialOf, lines } from './read.ts'

const path = '/v1/messages'
const textsOf = (body: object) =>
  lines(callOf(anthropic, { path, body: { model: 'claude', messages: [], ...body } }).texts)
const ofBlock = (block: object, role = 'user') => textsOf({ messages: [{ role, content: [block] }] })
const AT = '/messages/0/content/0'

describe('a message request', () => {
  it('of a coding agent passes, with nothing but its question by the user', () => {
    const call = callOf(anthropic, { path, query: 'beta=true', body: codingAgent })

    expect(call).toMatchObject({ operation: 'messages', model: 'claude-sonnet-5', stream: true })
    expect(lines(call.texts.filter(({ at }) => at.startsWith('/messages')))).toEqual([
      expect.stringContaining('user /messages/0/content/0/text <system-reminder>'),
      'user /messages/0/content/1/text Say hi',
      'user /messages/0/content/1/cache_control/type ephemeral',
    ])
    expect(call.texts.filter(({ origin }) => origin === 'system').length).toBeGreaterThan(50)
  })

  it('has its system prompt by the operator, as a string or in blocks', () => {
    expect(textsOf({ system: 'a' })).toEqual(['system /system a'])
    expect(textsOf({ system: [{ type: 'text', text: 'a' }] })).toEqual(['system /system/0/text a'])
  })

  it.each([
    ['user', 'user'],
    ['assistant', 'agent'],
    ['system', 'system'],
  ])('has the words of %s by %s', (role, origin) => {
    expect(
      textsOf({
        messages: [
          { role, content: 'a' },
          { role, content: [{ type: 'text', text: 'b' }] },
        ],
      }),
    ).toEqual([`${origin} /messages/0/content a`, `${origin} /messages/1/content/0/text b`])
  })

  it('has tool calls as arguments', () => {
    const block = { type: 'tool_use', id: 't', name: 'Bash', input: { command: 'ls', env: ['A=b'] } }

    expect(ofBlock(block, 'assistant')).toEqual([
      `agent ${AT}/id t`,
      `agent ${AT}/name Bash`,
      `tool-argument ${AT}/input/command ls`,
      `tool-argument ${AT}/input/env/0 A=b`,
    ])
  })

  it.each([
    ['a string', 'a', ''],
    ['blocks', [{ type: 'text', text: 'a' }], '/0/text'],
    [
      'a document',
      [{ type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'a' } }],
      '/0/source/data',
    ],
    ['an unknown block', [{ type: 'novelty', x: 'a' }], '/0/x'],
    ['thinking that is not ours', [{ type: 'thinking', thinking: 'a' }], '/0/thinking'],
  ])('has tool results by the tool: %s', (_what, content, at) => {
    expect(ofBlock({ type: 'tool_result', content })).toContain(`tool-result ${AT}/content${at} a`)
  })

  it('has results of tools on the other side by the tool', () => {
    const content = [{ type: 'web_search_result', title: 'a', encrypted_content: 'RW5j' }]

    expect(ofBlock({ type: 'web_search_tool_result', content }, 'assistant')).toEqual([
      `tool-result ${AT}/content/0/title a`,
    ])
    expect(
      ofBlock(
        { type: 'web_fetch_tool_result', content: { type: 'web_fetch_result', url: 'u' } },
        'assistant',
      ),
    ).toContain(`tool-result ${AT}/content/url u`)
  })

  it.each([
    [{ type: 'text', media_type: 'text/plain', data: 'a' }, `document ${AT}/source/data a`],
    [{ type: 'url', url: 'https://example.com/' }, `document ${AT}/source/url https://example.com/`],
    [{ type: 'content', content: [{ type: 'text', text: 'a' }] }, `document ${AT}/source/content/0/text a`],
    [{ type: 'base64', media_type: 'text/plain', data: 'aWdub3Jl' }, `document ${AT}/source/data aWdub3Jl`],
    [
      { type: 'base64', media_type: 'application/pdf', data: 'not base64' },
      `document ${AT}/source/data not base64`,
    ],
  ])('has documents as such: %j', (source, line) => {
    expect(ofBlock({ type: 'document', source })).toContain(line)
  })

  it('has pictures, PDFs and what only the model reads left out', () => {
    const source = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' }

    expect(ofBlock({ type: 'image', source })).toEqual([])
    expect(ofBlock({ type: 'document', source: { ...source, media_type: 'application/pdf' } })).toEqual([])
    expect(ofBlock({ type: 'redacted_thinking', data: 'RW5j' }, 'assistant')).toEqual([])
    expect(ofBlock({ type: 'thinking', thinking: 'a', signature: 'RW5j' }, 'assistant')).toEqual([
      `agent ${AT}/thinking a`,
    ])
  })

  it('has search results as documents', () => {
    const block = { type: 'search_result', source: 's', title: 't', content: [{ type: 'text', text: 'a' }] }

    expect(ofBlock(block)).toEqual([
      `document ${AT}/source s`,
      `document ${AT}/title t`,
      `document ${AT}/content/0/text a`,
    ])
  })

  it('has blocks of an unknown type as texts of the user, whoever claims to speak', () => {
    expect(ofBlock({ type: 'novelty', text: 'a' }, 'system')).toEqual([
      `user ${AT}/type novelty`,
      `user ${AT}/text a`,
    ])
  })

  it('has the definitions of tools by the operator and unknown members by the user', () => {
    expect(textsOf({ tools: [{ description: 'd' }], metadata: { user_id: 'u' } })).toEqual([
      'system /tools/0/description d',
      'user /metadata/user_id u',
    ])
  })

  it.each([
    ['an array for a body', []],
    ['no messages', {}],
    ['an unknown role', { messages: [{ role: 'tool', content: 'x' }] }],
    ['a message that is null', { messages: [null] }],
    ['a number for content', { messages: [{ role: 'user', content: 1 }] }],
    ['a string for a block', { messages: [{ role: 'user', content: ['x'] }] }],
    ['a text that is no string', { messages: [{ role: 'user', content: [{ type: 'text', text: {} }] }] }],
    [
      'a source that is a string',
      { messages: [{ role: 'user', content: [{ type: 'image', source: 'x' }] }] },
    ],
    ['a system prompt that is a number', { system: 1, messages: [] }],
    ['a stream that is a string', { stream: 'yes', messages: [] }],
    ['a twin of system', { messages: [], System: 'x' }],
    ['a twin of text', { messages: [{ role: 'user', content: [{ type: 'text', text: '', Text: 'x' }] }] }],
    ['a second model', { messages: [], models: ['x'] }],
  ])('breaks the protocol with %s', (_what, body) => {
    expect(denialOf(anthropic, { path, body }).problem).toBe('protocol-violation')
  })
})

describe('paths of the Anthropic API', () => {
  const body = { model: 'claude', messages: [] }
  const get = { method: 'GET', contentType: undefined }

  it('count tokens and list models', () => {
    expect(callOf(anthropic, { path: '/v1/messages/count_tokens', body }).operation).toBe(
      'messages/count_tokens',
    )
    expect(callOf(anthropic, { ...get, path: '/v1/models' }).operation).toBe('models')
    expect(callOf(anthropic, { ...get, path: '/v1/models/claude' }).model).toBe('claude')
    expect(denialOf(anthropic, { ...get, path: '/v1/models/a', method: 'PUT' }).problem).toBe(
      'method-not-allowed',
    )
  })

  it('with /v1 twice tell what is wrong with the base URL', () => {
    expect(denialOf(anthropic, { path: '/v1/v1/messages', body })).toMatchObject({
      problem: 'route-unknown',
      reason: 'base URL must be without /v1',
      more: { advice: expect.stringContaining('without /v1') },
    })
  })

  it.each(['/', '/messages', '/v1/messages/', '/v1/messages/batches', '/v1/complete', '/v1/models/a/b'])(
    'are unknown otherwise: %s',
    (path) => {
      expect(denialOf(anthropic, { path, body }).problem).toBe('route-unknown')
    },
  )
})
