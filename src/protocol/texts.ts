import type { Origin, Text } from '../core/call.ts'
import type { Json } from '../core/json.ts'
import { Denial } from '../problem/problems.ts'
import type { ProtocolBounds } from './protocol.ts'

/** The texts of one request, in the order in which they were read, as many as the bounds allow. */
export class Texts {
  readonly list: Text[] = []
  private readonly max: number
  private overflown = false

  constructor(bounds: ProtocolBounds) {
    this.max = bounds.textsMax
  }

  /** Adds a text. An empty one says nothing and is left out; one too many is told by `denial`. */
  add(origin: Origin, at: string, text: string): void {
    if (text === '') return
    if (this.list.length < this.max) this.list.push({ origin, at, text })
    else this.overflown = true
  }

  /** Adds every string in a document, and the member names in which a sentence could hide (`isPlainName`). */
  addAll(origin: Origin, at: string, json: Json): void {
    if (typeof json === 'string') return this.add(origin, at, json)
    if (typeof json !== 'object' || json === null || this.overflown) return
    if (isArray(json)) {
      for (let i = 0; i < json.length; i += 1) this.addAll(origin, `${at}/${i}`, json[i] ?? null)
      return
    }
    for (const name in json) this.addMember(origin, `${at}/${token(name)}`, name, json[name] ?? null)
  }

  /** Adds a member of an object: its name, if it is out of the ordinary, and every string in its value. */
  addMember(origin: Origin, at: string, name: string, value: Json): void {
    this.addName(origin, at, name)
    this.addAll(origin, at, value)
  }

  /** Adds a name that the client chose, unless it is an ordinary one. */
  addName(origin: Origin, at: string, name: string): void {
    if (!isPlainName(name)) this.add(origin, at, name)
  }

  /** The refusal of a request that holds more texts than the bounds allow. */
  get denial(): Denial | undefined {
    return this.overflown ? new Denial('content-too-large', `more than ${this.max} texts`) : undefined
  }
}

/**
 * Tells a name that a programmer would give, at most 24 characters of `A-Z a-z 0-9 _ . $ -`. Agents are shown names as well
 * as values, so any other is screened; screening all of them would double the work for nothing.
 */
function isPlainName(name: string): boolean {
  return PLAIN_NAME.test(name)
}

const PLAIN_NAME = /^[\w.$-]{0,24}$/

/**
 * A name as a reference token of a JSON Pointer (RFC 6901 section 3), cut to 64 characters: a long name around many texts
 * would otherwise be copied into the place of each.
 */
export function token(name: string): string {
  const short = name.length > NAME_MAX ? `${name.slice(0, NAME_MAX)}…` : name
  return short.includes('~') || short.includes('/')
    ? short.replaceAll('~', '~0').replaceAll('/', '~1')
    : short
}

const NAME_MAX = 64

/** `Array.isArray` for JSON, whose arrays are read-only. */
export function isArray(json: Json): json is readonly Json[] {
  return Array.isArray(json)
}
