import type { Query } from '../core/query.ts'
import { ENGINE_FAILED, evaluate } from './decide.ts'
import type { Policies } from './policies.ts'
import { hasRoom } from './prepared.ts'

/** Policies parsed at load, each counted as often as it stands in a slice: about a quarter of a second. */
const WARM_POLICIES_MAX = 2_048

/**
 * Has Cedar parse every slice and answer one question on it, so that the first request pays for neither, and a slice
 * that Cedar cannot hold stops the load. Beyond the bound below, slices (of tools named in policies: they come last) are
 * parsed when first asked, some 0.1 ms for each policy in them.
 *
 * @throws Error when Cedar cannot hold a slice or cannot answer on it.
 */
export function warmUp(policies: Pick<Policies, 'argTypes' | 'slices'>): void {
  let policiesLeft = WARM_POLICIES_MAX
  for (const { route, action, tool, slice } of policies.slices.all()) {
    policiesLeft -= slice.size
    if (policiesLeft < 0 || !hasRoom(slice)) return
    const { errors } = evaluate(policies, slice, stranger(route, action, tool))
    const fault = errors.find((error) => error.startsWith(ENGINE_FAILED))
    if (fault !== undefined) throw new Error(`self-test of ${action} on ${route}: ${fault}`)
  }
}

function stranger(route: string, action: string, tool: string | undefined): Query {
  return {
    principal: {
      issuer: 'https://self-test.invalid',
      subject: 'nobody',
      key: 'https://self-test.invalid\nnobody',
      roles: [],
      scopes: [],
      clientId: undefined,
      tokenId: undefined,
      tokenDigest: '',
      expiresMs: 0,
      claims: {},
    },
    action,
    route,
    tool,
    context: { method: 'POST', path: '/', peer: '127.0.0.1', model: undefined, args: undefined },
  }
}
