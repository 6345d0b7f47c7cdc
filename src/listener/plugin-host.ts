import fastify, { type FastifyInstance } from 'fastify'

/** A Fastify instance that never listens: where plugins that are used as functions are registered. */
export function createPluginHost(): FastifyInstance {
  return fastify()
}
