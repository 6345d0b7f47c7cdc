import { Denial } from '../problem/problems.ts'
import { readOperation, type Operation } from './json-body.ts'
import { completions, embeddings, models } from './openai-plain.ts'
import { chatCompletions } from './openai-chat.ts'
import { responses } from './openai-responses.ts'
import type { Protocol } from './protocol.ts'

/**
 * The OpenAI API, as much of it as gives an agent something to read: chat completions, responses, completions, embeddings,
 * and the list of models. Paths stand below the route with or without `/v1`. Any other path is `route-unknown`: files,
 * audio and the rest are for an `http` route.
 *
 * Unknown kinds of parts and items are not refused but screened as texts of the user: the API gains kinds every month, and
 * to refuse them would make operators switch screening off. What may not be unknown is what decides origin: roles.
 */
export const openai: Protocol = {
  name: 'openai',
  shape: 'openai',
  read(request, bounds) {
    const path = request.path.startsWith('/v1/') ? request.path.slice(3) : request.path
    const operation = OPERATIONS.get(path)
    if (operation !== undefined) return readOperation(operation, request, bounds)
    if (!ONE_MODEL.test(path)) return new Denial('route-unknown', 'no such operation', { advice: ADVICE })

    const call = readOperation(models, request, bounds)
    return call instanceof Denial ? call : { ...call, model: path.slice('/models/'.length) }
  },
}

const ADVICE = `This route serves chat/completions, responses, completions, embeddings and models; end the base URL with /v1`
const ONE_MODEL = /^\/models\/[\w.:-]{1,200}$/

const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  [chatCompletions, responses, completions, embeddings, models].map((operation) => [
    `/${operation.name}`,
    operation,
  ]),
)
