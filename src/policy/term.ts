import type { Expr, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'

/** A Cedar expression, made simple: an operator, its operands, and the attribute path where it is one. */
export interface Term {
  /** Cedar's operator or function; `path` for a variable or an attribute of one; `Value` for a literal. */
  readonly op: string
  readonly terms: readonly Term[]
  /** Of `path` and of `has`: the variable and the attributes below it, such as `context`, `args`, `amount`. */
  readonly path: readonly string[] | undefined
  /** Of `Value`: the literal in Cedar's JSON form. */
  readonly value: unknown
}

/** The conditions of a policy, as terms. */
export function conditionsOf(policy: PolicyJson): Term[] {
  return policy.conditions.map((clause) => termOf(clause.body))
}

/** Every term below, itself first. */
export function* termsWithin(term: Term): Generator<Term> {
  yield term
  for (const operand of term.terms) yield* termsWithin(operand)
}

function termOf(expr: Expr): Term {
  // Cedar's JSON form (docs.cedarpolicy.com, "JSON policy format"): an object of one member, the operator.
  const [entry] = Object.entries(expr as Readonly<Record<string, unknown>>)
  const [op, operands] = entry ?? ['', {}]
  if (op === 'Value') return { op, terms: [], path: undefined, value: operands }
  if (op === 'Var') return { op: 'path', terms: [], path: [operands as string], value: undefined }
  if (op === '.') return attribute(operands as Access, 'path')
  if (op === 'has') return attribute(operands as Access, 'has')

  // What is not an object is a name or a pattern, not an operand.
  const terms = Object.values(operands as Record<string, unknown>)
    .filter(isExpr)
    .map(termOf)
  return { op, terms, path: undefined, value: undefined }
}

interface Access {
  readonly left: Expr
  readonly attr: string | readonly string[]
}

function attribute({ left, attr }: Access, op: 'path' | 'has'): Term {
  const of = termOf(left)
  const names = typeof attr === 'string' ? [attr] : attr
  if (of.op === 'path' && of.path !== undefined) {
    return { op, terms: [], path: [...of.path, ...names], value: undefined }
  }
  return { op: op === 'path' ? '.' : op, terms: [of], path: undefined, value: undefined }
}

function isExpr(operand: unknown): operand is Expr {
  return typeof operand === 'object' && operand !== null && !Array.isArray(operand)
}
