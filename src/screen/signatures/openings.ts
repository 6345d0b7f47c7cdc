/** Openings as a tree of their code units, in flat memory: from a node and a unit to the next node, by a table of hashes. */
export interface Tree<T> {
  /** Node after the first unit of an opening; 0 where none begins so. */
  readonly first: Uint16Array
  readonly steps: Int32Array
  readonly nodes: Uint16Array
  /** 1 where the lower six bits of an opening's first two units, put together, are so. */
  readonly starts: Uint8Array
  /** What the opening that ends at a node stands for. */
  readonly ends: readonly (T | undefined)[]
}

/** Places in the table; a power of two, several times the number of nodes, so that nearly every look is the only one. */
const BITS = 15
const PLACES = 1 << BITS
const NODES_MAX = PLACES >> 1

/** @throws {Error} when the openings have more units than the table has room for. */
export function treeOf<T>(openings: ReadonlyMap<string, T>): Tree<T> {
  const first = new Uint16Array(0x1_0000)
  const starts = new Uint8Array(1 << 12)
  const steps = new Int32Array(PLACES)
  const nodes = new Uint16Array(PLACES)
  const ends: (T | undefined)[] = [undefined]
  const grow = (): number => ends.push(undefined) - 1
  for (const [opening, end] of openings) {
    let node = 0
    starts[startOf(opening.charCodeAt(0), opening.charCodeAt(1))] = 1
    for (let at = 0; at < opening.length; at++) {
      const unit = opening.charCodeAt(at)
      if (at === 0) {
        node = first[unit] ||= grow()
        continue
      }
      const step = stepOf(node, unit)
      const place = placeOf(steps, step)
      steps[place] = step
      node = nodes[place] ||= grow()
    }
    ends[node] = end
  }
  if (ends.length > NODES_MAX) throw new Error(`no room for ${ends.length} nodes`)
  return { first, starts, steps, nodes, ends }
}

/** What the longest opening stands for that stands here. The units must end in a zero, which no opening has. */
export function standingAt<T>(
  { first, steps, nodes, ends }: Tree<T>,
  units: Uint16Array,
  from: number,
): T | undefined {
  let found: T | undefined
  let at = from
  for (let node = first[units[at] ?? 0] ?? 0; node !== 0;) {
    found = ends[node] ?? found
    at += 1
    node = nodes[placeOf(steps, stepOf(node, units[at] ?? 0))] ?? 0
  }
  return found
}

/** Quick test that most places of a text fail. */
export function mayStandAt({ starts }: Tree<unknown>, units: Uint16Array, at: number): boolean {
  return starts[startOf(units[at] ?? 0, units[at + 1] ?? 0)] === 1
}

function startOf(first: number, second: number): number {
  return ((first & 0x3f) << 6) | (second & 0x3f)
}

function stepOf(node: number, unit: number): number {
  return (node << 16) | unit
}

/** Where a step stands in the table, or would: the first place of its own or that is free. */
function placeOf(steps: Int32Array, step: number): number {
  let place = Math.imul(step, 0x9e37_79b1) >>> (32 - BITS)
  while (steps[place] !== step && steps[place] !== 0) place = (place + 1) & (PLACES - 1)
  return place
}
