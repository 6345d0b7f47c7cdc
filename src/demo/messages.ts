/** The wire format of Anthropic's messages, as the demo's chat agent writes it. */

/** Event stream of one answer: the events in their order, each ready to be sent. */
export function messageEvents(words: readonly string[], model: string): readonly string[] {
  const start = { type: 'message_start', message: { ...message('', model), content: [], stop_reason: null } }
  return [
    event('message_start', start),
    event('content_block_start', {
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'text', text: '' },
    }),
    ...words.map((text) =>
      event('content_block_delta', {
        type: 'content_block_delta',
        index: 0,
        delta: { type: 'text_delta', text },
      }),
    ),
    event('content_block_stop', { type: 'content_block_stop', index: 0 }),
    event('message_delta', {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: words.length },
    }),
    event('message_stop', { type: 'message_stop' }),
  ]
}

/** A whole answer. */
export function message(text: string, model: string): object {
  return {
    id: 'msg_demo',
    type: 'message',
    role: 'assistant',
    model,
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: text.split(' ').length },
  }
}

function event(name: string, document: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(document)}\n\n`
}
