import { Denial } from '../problem/problems.ts'
import { content, message } from './anthropic-blocks.ts'
import { MODEL, readOperation, streamFlag, type Operation } from './json-body.ts'
import type { Protocol } from './protocol.ts'
import { all, by, each, shape } from './shape.ts'

/**
 * The Anthropic API: messages, counting their tokens, and the list of models. Blocks of an unknown type are screened as
 * texts of the user rather than refused: clients such as coding agents send kinds of betas, and read a refusal with status
 * 400 as a word to strip their own features. Roles must be known, for they decide origin.
 */
export const anthropic: Protocol = {
  name: 'anthropic',
  shape: 'anthropic',
  read(request, bounds) {
    const operation = OPERATIONS.get(request.path)
    if (operation !== undefined) return readOperation(operation, request, bounds)
    if (request.path.startsWith('/v1/v1/')) {
      return new Denial('route-unknown', 'base URL must be without /v1', {
        advice: 'Give the base URL without /v1',
      })
    }
    if (!ONE_MODEL.test(request.path))
      return new Denial('route-unknown', 'no such operation', { advice: ADVICE })

    const call = readOperation(models, request, bounds)
    return call instanceof Denial ? call : { ...call, model: request.path.slice('/v1/models/'.length) }
  },
}

const ADVICE = 'This route serves /v1/messages, /v1/messages/count_tokens and /v1/models'
const ONE_MODEL = /^\/v1\/models\/[\w.:-]{1,200}$/

const BODY = shape({
  ...MODEL,
  stream: streamFlag,
  system: by('system', content),
  messages: each(message),
  tools: all('system'),
})

const messages: Operation = { name: 'messages', method: 'POST', body: BODY, required: ['messages'] }
const countTokens: Operation = { ...messages, name: 'messages/count_tokens' }
const models: Operation = { name: 'models', method: 'GET', body: undefined, required: [] }

const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  [messages, countTokens, models].map((operation) => [`/v1/${operation.name}`, operation]),
)
