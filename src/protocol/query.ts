import { Denial } from '../problem/problems.ts'
import { readForm } from './form.ts'
import type { Texts } from './texts.ts'

/** Adds the values of a query as texts of the user, at `query:name`; a query that has two readings is refused. */
export function readQuery(query: string, texts: Texts): Denial | undefined {
  if (query === '') return undefined
  const fault = readForm(query, 'query', texts)

  return fault === undefined ? undefined : new Denial('malformed-request', `query: ${fault}`)
}
