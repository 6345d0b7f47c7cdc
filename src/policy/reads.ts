import type { Complaint } from './problems.ts'
import { type Term, termsWithin } from './term.ts'

/** What of a query a policy may read, besides what its slice fixes (action, route). Arguments apart. */
export const FIELDS = [
  'principal',
  'tool',
  'method',
  'path',
  'peer',
  'model',
  'issuer',
  'subject',
  'roles',
  'scopes',
  'client',
] as const

/** Name of one such value. */
export type Field = (typeof FIELDS)[number]

/** What a policy reads. */
export interface Reads {
  readonly fields: ReadonlySet<Field>
  /** Top-level members of `context.args`. */
  readonly args: ReadonlySet<string>
}

/**
 * What conditions read. Sound only because it is complete: the answer is cached under these values, and nothing else
 * is put into the context. So a record read as a whole is refused at load, and an unknown attribute too (by Cedar's
 * validator).
 */
export function readsOf(conditions: readonly Term[], complain: (complaint: Complaint) => void): Reads {
  const fields = new Set<Field>()
  const args = new Set<string>()
  for (const term of conditions.flatMap((condition) => [...termsWithin(condition)])) {
    if (term.path === undefined) continue
    const [root, first, second] = term.path
    if (root === 'principal') fields.add('principal')
    if (root === 'resource') fields.add('tool')
    if (root !== 'context') continue

    if (first === 'args' && second !== undefined) args.add(second)
    else if (first === 'principal' && isField(second)) fields.add(second)
    else if (isField(first) && first !== 'principal') fields.add(first)
    else if (isWhole(term)) complain(whole(term.path))
  }
  return { fields, args }
}

function isField(name: string | undefined): name is Field {
  return FIELDS.some((field) => field === name)
}

// `context has args` asks whether the action carries arguments: the slice fixes that.
function isWhole({ op, path }: Term): boolean {
  const name = path?.join('.')
  return op === 'path' && (name === 'context' || name === 'context.args' || name === 'context.principal')
}

function whole(path: readonly string[]): Complaint {
  const name = path.join('.')
  return { message: `${name} is read as a whole`, hint: `name the attribute, as in ${name}.NAME` }
}
