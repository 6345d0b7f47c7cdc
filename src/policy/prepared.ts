import { preparsePolicySet } from '@cedar-policy/cedar-wasm/nodejs'
import type { Slice } from './slice.ts'

/** Policy sets that Cedar holds parsed at once, over all loads. */
const SETS_MAX = 16_384

/** Policies in them, each counted as often as it is held: some 5 KiB each. */
const POLICIES_MAX = 32_768

/**
 * Cedar keeps parsed policy sets under names, for the life of the process, and has no call to drop one. So names are
 * used again, the least recently asked first: a reload leaves nothing behind, and memory has a bound.
 */
const held = new Map<Slice, string>()
const freeNames: string[] = []
let names = 0
let policies = 0

/**
 * The name under which Cedar holds this slice, parsed. Parses it when it is new or was dropped; within the bounds above
 * that happens at load only.
 *
 * @throws Error when Cedar refuses the set.
 */
export function prepared(slice: Slice): string {
  const known = held.get(slice)
  if (known !== undefined) {
    // A Map keeps the order of insertion: put in again, it is the last to go.
    held.delete(slice)
    held.set(slice, known)
    return known
  }

  while (held.size > 0 && (held.size >= SETS_MAX || policies + slice.size > POLICIES_MAX)) dropOldest()
  const name = freeNames.pop() ?? `slice-${(names += 1)}`
  const staticPolicies = Object.fromEntries(slice.policies().map(({ id, written }) => [id, written.text]))
  const answer = preparsePolicySet(name, { staticPolicies })
  if (answer.type === 'failure') {
    freeNames.push(name)
    throw new Error(`Cedar refused a slice: ${answer.errors.map(({ message }) => message).join('; ')}`)
  }
  held.set(slice, name)
  policies += slice.size
  return name
}

/** True while one more slice fits without dropping another. */
export function hasRoom(slice: Slice): boolean {
  return held.size < SETS_MAX && policies + slice.size <= POLICIES_MAX
}

function dropOldest(): void {
  const [oldest] = held
  if (oldest === undefined) return
  const [slice, name] = oldest
  held.delete(slice)
  policies -= slice.size
  freeNames.push(name)
  preparsePolicySet(name, { staticPolicies: {} })
}
