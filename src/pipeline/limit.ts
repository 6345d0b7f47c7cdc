import type { Grant } from '../limit/limiter.ts'
import type { Denial } from '../problem/problems.ts'
import type { RoutePermit } from './authorize.ts'

/** Phase 4: takes one request out of the principal's and the route's limits. */
export function limit(permit: RoutePermit): Promise<Grant | Denial> {
  return permit.admission.route.limiter.take(permit.principal)
}
