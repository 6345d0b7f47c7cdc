import type { Origin } from '../core/call.ts'
import type { Json, JsonObject } from '../core/json.ts'
import { Denial } from '../problem/problems.ts'
import type { Reading } from './content.ts'
import { isArray, token } from './texts.ts'

/** Where a value stands, and who wrote what stands there unless a member says otherwise. */
export interface Place {
  readonly at: string
  readonly origin: Origin
}

/** Reads one value of a known member into texts, or refuses its shape. */
export type Take = (reading: Reading, value: Json, place: Place) => Denial | undefined

/** Known members of an object by name. */
export type Shape = ReadonlyMap<string, Take>

/** A shape of the members that are known; what it does not name is read as the place says. */
export function shape(members: Readonly<Record<string, Take>>): Shape {
  return new Map(Object.entries(members))
}

/**
 * Reads an object: known members by their shape, and of all others every string, as a text of the place's origin, because
 * the agent may read what we do not know. So no string of a request goes unscreened unless a shape leaves it out by name.
 *
 * A name that differs from a known one in case only is refused: some readers (Go's encoding/json) take `Model` for `model`,
 * and would obey another model, role or text than the one that was judged.
 */
export function readMembers(
  reading: Reading,
  object: JsonObject,
  known: Shape,
  place: Place,
): Denial | undefined {
  for (const name of Object.keys(object)) {
    const value = object[name] ?? null
    const take = known.get(name)
    if (take === skip) continue
    const at = `${place.at}/${take === undefined ? token(name) : name}`
    if (take !== undefined) {
      const denial = take(reading, value, { at, origin: place.origin })
      if (denial !== undefined) return denial
    } else if (known.has(folded(name))) {
      return violation('a look-alike of a known member', place.at)
    } else {
      reading.texts.addMember(place.origin, at, name, value)
    }
  }
  return undefined
}

// The long s and the Kelvin sign fold to ASCII too; up and down again finds both.
function folded(name: string): string {
  return name.toUpperCase().toLowerCase()
}

/** @param at Pointer to the place; it holds names we know and indices only. */
export function violation(what: string, at: string): Denial {
  return new Denial('protocol-violation', at === '' ? what : `${what} at ${at}`)
}

/** Tells an object from every other document. */
export function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !isArray(json)
}

/** The string in a member, or undefined when there is none. */
export function stringIn(object: JsonObject, name: string): string | undefined {
  const value = object[name]
  return typeof value === 'string' ? value : undefined
}

/** Judged elsewhere, and no text. */
export const skip: Take = () => undefined

/** A string, or null for none. */
export const text: Take = (reading, value, { at, origin }) => {
  if (value === null) return undefined
  if (typeof value !== 'string') return violation('not a string', at)
  reading.texts.add(origin, at, value)
  return undefined
}

/** All strings of the value, as texts of this origin. */
export function all(origin: Origin): Take {
  return (reading, value, { at }) => {
    reading.texts.addAll(origin, at, value)
    return undefined
  }
}

/** An array, each element read by `take`; null for none. */
export function each(take: Take): Take {
  return (reading, value, { at, origin }) => {
    if (value === null) return undefined
    if (!isArray(value)) return violation('not an array', at)
    for (let i = 0; i < value.length; i += 1) {
      const denial = take(reading, value[i] ?? null, { at: `${at}/${i}`, origin })
      if (denial !== undefined) return denial
    }
    return undefined
  }
}

/** A string, or an array of elements, each read by `take`. */
export function textOr(take: Take): Take {
  const array = each(take)
  return (reading, value, place) => (isArray(value) ? array : text)(reading, value, place)
}

/** An object of this shape; null for none. */
export function object(known: Shape): Take {
  return (reading, value, place) => {
    if (value === null) return undefined
    return isObject(value) ? readMembers(reading, value, known, place) : violation('not an object', place.at)
  }
}

/** The same, written by another than the place says. */
export function by(origin: Origin, take: Take): Take {
  return (reading, value, { at }) => take(reading, value, { at, origin })
}

/** Bytes in base64 that a model is shown as image, sound or ciphertext. What is not base64 throughout is a text after all. */
export const bytes: Take = (reading, value, place) =>
  typeof value === 'string' && BASE64.test(value) ? undefined : text(reading, value, place)

const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/

/** A URL; one that holds an image, a sound or a PDF is bytes, and any other is a text. */
export const mediaUrl: Take = (reading, value, place) =>
  typeof value === 'string' && MEDIA_URL.test(value) ? undefined : text(reading, value, place)

const MEDIA_URL =
  /^data:(?:(?:image|audio|video)\/[\w.+-]{1,40}|application\/pdf);base64,[A-Za-z0-9+/_-]*={0,2}$/
