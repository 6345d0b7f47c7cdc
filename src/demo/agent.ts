import type http from 'node:http'

/** An agent: a request, its whole body, and where the answer goes. */
export type Agent = (request: http.IncomingMessage, body: string, response: http.ServerResponse) => void
