import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** How far the old generation may grow over what was alive, in percent, before it is collected. */
const GROWTH_PERCENT = 40

/**
 * Settles the heap once a gateway stands: collects what loading left, and lets the heap grow little over what is alive. V8 sizes its
 * first limits by the machine's memory, so a sidecar on a large host would keep 100 MB of garbage before it looks.
 */
export function settleHeap(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`)
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  setFlagsFromString('--no-expose-gc')
  if (typeof collect === 'function') collect()
}
