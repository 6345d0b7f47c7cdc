import type { Term } from './term.ts'
import { cedarString } from './text.ts'

/** The type of an argument as policies use it: a Cedar type, or a record of further arguments. */
export type ArgType = string | ArgTypes

/** Argument types by name, in the order in which policies name them. */
export type ArgTypes = Map<string, ArgType>

/**
 * Learns the types of `context.args.*` from what policies do with them: `< 1000` makes a Long, `like` a String,
 * `.lessThan(decimal(…))` a decimal. Cedar has no open records, and tools' own schemas are not known here. It only has
 * to be a good guess: Cedar's validator then checks every policy against it, and a value of another type is an
 * evaluation error, which is a denial.
 */
export class ArgTyping {
  readonly types: ArgTypes = new Map()

  /**
   * Takes in one condition.
   *
   * @returns Paths that this condition uses with another type than an earlier use.
   */
  learn(condition: Term): string[] {
    this.#conflicts = []
    this.#expect(condition, 'Bool')
    return this.#conflicts
  }

  #conflicts: string[] = []

  #expect(term: Term, type: string | undefined): void {
    const argument = argumentPath(term)
    if (argument !== undefined) this.#note(argument, term.op === 'has' ? PRESENCE : (type ?? UNTYPED))
    const wanted = this.#operandTypes(term)
    term.terms.forEach((operand, index) => this.#expect(operand, wanted[index]))
  }

  /** Which types an operator asks of its operands; undefined = says nothing. */
  #operandTypes({ op, terms }: Term): readonly (string | undefined)[] {
    const fixed = OPERAND_TYPE[op]
    if (fixed !== undefined) return terms.map(() => fixed)

    const [left, right] = terms.map((operand) => this.#typeOf(operand))
    if (op === 'if-then-else') return ['Bool', right, right]
    if (op === 'contains') {
      const element = right ?? elementOf(left)
      return [element && `Set<${element}>`, element]
    }
    const same = left ?? right
    return SAME_TYPE.has(op) ? [same, same] : []
  }

  #typeOf(term: Term): string | undefined {
    const { op, path, value, terms } = term
    if (op === 'Value') return LITERAL_TYPE[typeof value]
    if (op === 'Set') {
      const element = terms[0] && this.#typeOf(terms[0])
      return element && `Set<${element}>`
    }
    if (op !== 'path' || path === undefined) return RESULT_TYPE[op]

    const argument = argumentPath(term)
    if (argument !== undefined) return this.#known(argument)
    const last = path.at(-1) ?? ''
    if (path[0] !== 'context') return undefined
    return last === 'roles' || last === 'scopes' ? 'Set<String>' : 'String'
  }

  #known(path: readonly string[]): string | undefined {
    let type: ArgType | undefined = this.types
    for (const name of path) type = typeof type === 'object' ? type.get(name) : undefined
    return typeof type === 'string' && !isVague(type) ? type : undefined
  }

  #note(path: readonly string[], type: string): void {
    let record = this.types
    for (const name of path.slice(0, -1)) {
      const below = record.get(name) ?? PRESENCE
      const child: ArgTypes = typeof below === 'object' ? below : new Map()
      if (typeof below === 'string' && !isVague(below)) {
        this.#conflicts.push(path.join('.'))
        return
      }
      record.set(name, child)
      record = child
    }

    const name = path.at(-1) ?? ''
    const known = record.get(name) ?? PRESENCE
    if (typeof known === 'string' && isVague(known)) record.set(name, type === PRESENCE ? known : type)
    else if (!isVague(type) && type !== known) this.#conflicts.push(path.join('.'))
  }
}

/** The type of an argument that policies only ask for with `has`: any value will do. Published as a String. */
export const PRESENCE = ''

/** The type of an argument that is used, but never in a way that tells its type: a String. */
const UNTYPED = '?'

function isVague(type: string): boolean {
  return type === PRESENCE || type === UNTYPED
}

/** Argument types as the body of a Cedar record type. Every one is optional: a caller may leave it out. */
export function recordType(types: ArgTypes): string {
  const members = [...types].map(([name, type]) => {
    if (typeof type === 'object') return `${cedarString(name)}?: ${recordType(type)}`
    return `${cedarString(name)}?: ${isVague(type) ? 'String' : type}`
  })
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}

function argumentPath({ path }: Term): readonly string[] | undefined {
  return path?.[0] === 'context' && path[1] === 'args' && path.length > 2 ? path.slice(2) : undefined
}

/** `T` of `Set<T>`; undefined of any other type. */
export function elementOf(type: string | undefined): string | undefined {
  return type?.startsWith('Set<') ? type.slice(4, -1) : undefined
}

const LITERAL_TYPE: Readonly<Record<string, string>> = { number: 'Long', string: 'String', boolean: 'Bool' }

const OPERAND_TYPE: Readonly<Record<string, string>> = {
  '<': 'Long',
  '<=': 'Long',
  '>': 'Long',
  '>=': 'Long',
  '+': 'Long',
  '-': 'Long',
  '*': 'Long',
  neg: 'Long',
  '&&': 'Bool',
  '||': 'Bool',
  '!': 'Bool',
  like: 'String',
  lessThan: 'decimal',
  lessThanOrEqual: 'decimal',
  greaterThan: 'decimal',
  greaterThanOrEqual: 'decimal',
}

const RESULT_TYPE: Readonly<Record<string, string>> = {
  '+': 'Long',
  '-': 'Long',
  '*': 'Long',
  neg: 'Long',
  decimal: 'decimal',
}

const SAME_TYPE: ReadonlySet<string> = new Set(['==', '!=', 'containsAll', 'containsAny'])
