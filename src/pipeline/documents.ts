import type { Answer } from '../core/exchange.ts'
import type { Config } from '../core/config.ts'

/**
 * The documents that anybody may read, by path: the keys of our identity assertions (RFC 7517), and for each route the
 * metadata of the protected resource (RFC 9728). All of it comes from `public_url`, never from a request.
 *
 * @param ownHeaders Headers of every answer of our own.
 */
export function publicDocuments(
  config: Config,
  jwks: object,
  ownHeaders: readonly string[],
): Map<string, Answer> {
  const documents = new Map<string, Answer>([['/.well-known/jwks.json', jsonAnswer(jwks, ownHeaders)]])
  for (const route of config.routes) {
    const below = route.path === '/' ? '' : route.path
    documents.set(
      METADATA_PATH + below,
      jsonAnswer(
        {
          resource: config.publicUrl + below,
          authorization_servers: config.issuers.map(({ issuer }) => issuer),
          bearer_methods_supported: ['header'],
          scopes_supported: route.scopes,
        },
        ownHeaders,
      ),
    )
  }
  return documents
}

/** URL of a route's metadata: the well-known part goes between host and path (RFC 9728 section 3.1). */
export function metadataUrl(publicUrl: string, routePath: string): string {
  return publicUrl + METADATA_PATH + (routePath === '/' ? '' : routePath)
}

const METADATA_PATH = '/.well-known/oauth-protected-resource'

function jsonAnswer(document: object, ownHeaders: readonly string[]): Answer {
  const body = Buffer.from(JSON.stringify(document))
  const headers = [
    'content-type',
    'application/json',
    'content-length',
    String(body.length),
    'cache-control',
    'public, max-age=300',
    'access-control-allow-origin',
    '*',
    ...ownHeaders,
  ]
  return { status: 200, headers, body, close: false }
}
