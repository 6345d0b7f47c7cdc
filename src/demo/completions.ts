/** The wire format of OpenAI's chat completions, as the demo's chat agent writes it. */

/** Event stream of one answer: the events in their order, each ready to be sent. */
export function completionEvents(words: readonly string[], model: string): readonly string[] {
  const pieces = [...words.map((content) => chunk({ content }, null, model)), chunk({}, 'stop', model)]
  return [...pieces.map((piece) => `data: ${JSON.stringify(piece)}\n\n`), 'data: [DONE]\n\n']
}

/** A whole answer. */
export function completion(content: string, model: string): object {
  const completionTokens = content.split(' ').length
  return {
    id: 'chatcmpl-demo',
    object: 'chat.completion',
    created: 0,
    model,
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
    usage: { prompt_tokens: 1, completion_tokens: completionTokens, total_tokens: completionTokens + 1 },
  }
}

function chunk(delta: object, finish: string | null, model: string): object {
  return {
    id: 'chatcmpl-demo',
    object: 'chat.completion.chunk',
    created: 0,
    model,
    choices: [{ index: 0, delta, finish_reason: finish }],
  }
}
