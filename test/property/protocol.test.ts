import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Denial } from '../../src/problem/problems.ts'
import { protocols } from '../../src/protocol/index.ts'
import type { Protocol } from '../../src/protocol/protocol.ts'

const bounds = { jsonDepthMax: 64, textsMax: 20_000 }
const json = fc.jsonValue({ maxDepth: 5, stringUnit: 'grapheme' })

function textsOf(protocol: Protocol, path: string, body: unknown): ReadonlySet<string> | Denial {
  const bytes = Buffer.from(JSON.stringify(body))
  const call = protocol.read(
    { method: 'POST', path, query: '', contentType: 'application/json', body: bytes },
    bounds,
  )
  return call instanceof Denial ? call : new Set(call.texts.map(({ text }) => text))
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : []
}

function unseen(texts: ReadonlySet<string> | Denial, wanted: readonly string[]): readonly string[] {
  return texts instanceof Denial ? [texts.reason] : wanted.filter((text) => !texts.has(text))
}

describe('no string of a request goes unscreened', () => {
  it('of any JSON document on an http route', () => {
    fc.assert(
      fc.property(json, (body) => {
        const texts = textsOf(protocols.http, '/', body)

        expect(unseen(texts, strings(body))).toEqual([])
      }),
    )
  })

  const message = fc.record({
    role: fc.constantFrom('user', 'assistant', 'system'),
    content: fc.oneof(fc.string(), fc.array(block())),
    extra: json,
  })

  it.each([
    ['openai', '/v1/chat/completions', 'messages'],
    ['openai', '/v1/responses', 'input'],
    ['anthropic', '/v1/messages', 'messages'],
  ] as const)('of an %s request to %s, save the types and roles that are known', (name, path, member) => {
    fc.assert(
      fc.property(fc.array(message), json, json, (messages, tools, unknown) => {
        const texts = textsOf(protocols[name], path, { model: 'm', [member]: messages, tools, unknown })

        const known = new Set(['user', 'assistant', 'system', ...KINDS])
        const wanted = [messages, tools, unknown].flatMap(strings).filter((text) => !known.has(text))
        expect(unseen(texts, wanted)).toEqual([])
      }),
    )
  })

  it('of a request that any document is sent as, unless it is refused', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('messages', 'model', 'system', 'input', 'x'), json),
        (body) => {
          const texts = textsOf(protocols.anthropic, '/v1/messages', body)

          const wanted = strings(body).filter((text) => text !== body['model'])
          expect(texts instanceof Denial || wanted.every((text) => texts.has(text))).toBe(true)
        },
      ),
    )
  })
})

const KINDS = ['text', 'refusal', 'input_text', 'tool_result', 'tool_use', 'thinking', 'document']

// Unknown members hold words with spaces, which can be mistaken for no base64.
function block(): fc.Arbitrary<object> {
  const words = fc.string().map((text) => `a ${text}`)
  return fc.record(
    {
      type: fc.constantFrom(
        'text',
        'refusal',
        'input_text',
        'tool_result',
        'tool_use',
        'thinking',
        'novelty',
      ),
      text: words,
      thinking: words,
      refusal: words,
      signature: words,
      content: words,
      input: fc.dictionary(fc.string(), words),
      other: fc.jsonValue(),
    },
    { requiredKeys: ['type'] },
  )
}
