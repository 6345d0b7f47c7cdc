import helmet from '@fastify/helmet'
import fastify from 'fastify'

/** What Fastify says of its own probe, not helmet of ours. */
const NOT_HELMET: ReadonlySet<string> = new Set(['content-type', 'content-length', 'connection', 'date'])

/**
 * The security headers of the gateway's own answers, names and values in turn.
 *
 * @fastify/helmet is asked once, at start: a hook on every request would only say the same again, and would also be put
 * on what upstreams answer, who know their own content. Ours is never a page: no source may load anything, and nothing
 * may frame it.
 */
export async function helmetFields(): Promise<readonly string[]> {
  const app = fastify()
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: false },
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
  })
  app.get('/', () => '')
  const { headers } = await app.inject('/')
  await app.close()

  const fields: string[] = []
  for (const [name, value] of Object.entries(headers)) {
    if (!NOT_HELMET.has(name) && value !== undefined) fields.push(name, String(value))
  }
  return fields
}
