import type { RouteConfig } from '../core/config.ts'
import { type ArgTypes, recordType } from './arg-types.ts'
import { cedarString } from './text.ts'
import { CALL, operationsOf, USE } from './vocabulary.ts'

/**
 * The schema that policies are checked against, in Cedar's own syntax, so that operators can check theirs before they
 * ship them. Decisions are made without it: an argument that it does not know must not be an error.
 */
export function schemaOf(routes: readonly RouteConfig[], args: ArgTypes): string {
  const names = routes.map((route) => cedarString(route.name))
  const operations = [...new Set(routes.flatMap(operationsOf))].sort()
  return `// Generated from the routes. Everything that a policy of this gateway may name.

// Who asks, as the token says it.
type Caller = { issuer: String, subject: String, roles: Set<String>, scopes: Set<String>, client?: String };

// Arguments of a tool call, as the policies use them.
type Args = ${recordType(args)};

// Id: issuer, line feed, subject. Its attributes are in context.principal.
entity Principal;
entity Route${names.length === 0 ? '' : ` enum [${names.join(', ')}]`};
// Id: route/tool.
entity Tool in [Route];

// May this principal use this route at all? Asked before the body is read.
action ${cedarString(USE)} appliesTo {
  principal: Principal,
  resource: Route,
  context: { principal: Caller, method: String, path: String, peer: String },
};

// Every operation, for policies that mean any call.
action ${cedarString(CALL)};
${operations.map(operationText).join('')}`
}

function operationText(operation: string): string {
  return `action ${cedarString(operation)} in [Action::${cedarString(CALL)}] appliesTo {
  principal: Principal,
  resource: [Route, Tool],
  context: {
    principal: Caller,
    method: String,
    path: String,
    peer: String,
    model?: String,
    tool?: String,
    args: Args,
  },
};
`
}
