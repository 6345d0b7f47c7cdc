/**
 * The environment that makes a child process a client of the gateway: base URL, token and trust, under every name that the
 * measured clients read. Nothing else of the client changes.
 *
 * @param at.url Base URL of the gateway, without a path.
 * @param at.caFile Path of the CA bundle to trust; undefined where the system's store is enough.
 * @param at.openai Path of a route of protocol `openai`; undefined = no such route.
 * @param at.anthropic The same for `anthropic`.
 */
export function clientEnvironment(at: ClientPlace, token: string): Record<string, string> {
  const environment: Record<string, string> = { SALLYPORT_URL: at.url, SALLYPORT_TOKEN: token }
  if (at.openai !== undefined) {
    environment['OPENAI_BASE_URL'] = `${at.url}${at.openai}/v1`
    environment['OPENAI_API_KEY'] = token
  }
  if (at.anthropic !== undefined) {
    // Anthropic's SDK adds /v1 itself.
    environment['ANTHROPIC_BASE_URL'] = at.url + at.anthropic
    environment['ANTHROPIC_AUTH_TOKEN'] = token
  }
  if (at.caFile !== undefined) {
    for (const name of TRUST_NAMES) environment[name] = at.caFile
  }
  return environment
}

/** Where the gateway is, for a client. */
export interface ClientPlace {
  readonly url: string
  readonly caFile: string | undefined
  readonly openai: string | undefined
  readonly anthropic: string | undefined
}

// Node, OpenSSL and Go, Python requests, curl: each has a name of its own for the same file.
const TRUST_NAMES = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'] as const
