import type { RouteConfig } from '../core/config.ts'

/** The route phase's question: may this principal use this route at all? */
export const USE = 'use'

/** The action group of every operation, so that a policy can mean "any call, but not the route phase". */
export const CALL = 'call'

/**
 * Operations that a call of each protocol may name: the same as src/protocol reads (held by a test), and tool calls.
 * `http` routes add their methods.
 */
const OPERATIONS: Readonly<Record<RouteConfig['protocol'], readonly string[]>> = {
  http: ['tools/call'],
  openai: ['chat/completions', 'responses', 'completions', 'embeddings', 'models', 'tools/call'],
  anthropic: ['messages', 'messages/count_tokens', 'models', 'tools/call'],
}

/**
 * Operations of one route, in a fixed order. An operation that is not here is denied unseen: no policy can have
 * been written for it.
 */
export function operationsOf(route: RouteConfig): readonly string[] {
  const methods = route.protocol === 'http' ? route.methods : []
  return [...new Set([...methods, ...OPERATIONS[route.protocol]])]
}

/** Cedar id of a tool. Route names hold no `/` (checked at load), so no two (route, tool) pairs share an id. */
export function toolId(route: string, tool: string): string {
  return `${route}/${tool}`
}
