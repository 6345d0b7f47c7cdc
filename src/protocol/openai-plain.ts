import { MODEL, streamFlag, type Operation } from './json-body.ts'
import { shape, textOr, violation, type Take } from './shape.ts'

// Token numbers are text that nobody can screen without the model's own vocabulary.
const element: Take = (reading, value, { at, origin }) => {
  if (typeof value !== 'string') return violation('token numbers instead of text', at)
  reading.texts.add(origin, at, value)
  return undefined
}

/** `POST completions`: the prompt is the user's. Token numbers are refused. */
export const completions: Operation = {
  name: 'completions',
  method: 'POST',
  body: shape({ ...MODEL, stream: streamFlag, prompt: textOr(element) }),
  required: ['model'],
}

/** `POST embeddings`: the input is the user's. Token numbers are refused. */
export const embeddings: Operation = {
  name: 'embeddings',
  method: 'POST',
  body: shape({ ...MODEL, stream: streamFlag, input: textOr(element) }),
  required: ['model', 'input'],
}

/** `GET models`, and `GET models/NAME`, whose call names that model. */
export const models: Operation = { name: 'models', method: 'GET', body: undefined, required: [] }
