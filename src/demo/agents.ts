import http from 'node:http'
import type { Agent } from './agent.ts'
import { answerChat } from './chat-agent.ts'
import { answerTriage } from './triage-agent.ts'

/** The demo's agents, each on a unix socket of its own: no port of theirs is open to anybody. */
export interface DemoAgents {
  close(): Promise<void>
}

/** Starts both agents on sockets in `folder`: `chat.sock` and `triage.sock`. */
export async function startAgents(folder: string): Promise<DemoAgents> {
  const chat = await listen(`${folder}/chat.sock`, answerChat)
  const triage = await listen(`${folder}/triage.sock`, answerTriage)
  return {
    close: async () => {
      for (const server of [chat, triage]) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    },
  }
}

const BODY_BYTES_MAX = 1_048_576

function listen(path: string, agent: Agent): Promise<http.Server> {
  const server = http.createServer((request, response) => {
    const pieces: Buffer[] = []
    let bytes = 0
    request.on('data', (piece: Buffer) => {
      bytes += piece.length
      if (bytes > BODY_BYTES_MAX) request.destroy()
      else pieces.push(piece)
    })
    request.on('end', () => agent(request, Buffer.concat(pieces).toString(), response))
  })
  server.keepAliveTimeout = 60_000
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => resolve(server))
  })
}
