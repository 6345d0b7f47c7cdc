import { execFileSync } from 'node:child_process'
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'

/** Paths of what every gateway under test is given. */
export interface Material {
  readonly folder: string
  readonly tlsPem: string
  readonly tlsCert: string
  readonly tlsKey: string
  readonly jwks: string
  /** PEM public key of the issuer. */
  readonly issuerKey: string
  /** One token a line, 1,000 subjects. */
  readonly tokens: string
  /** A chat body of 1 KB. */
  readonly body: string
  /** An agent's answer of some 600 bytes. */
  readonly reply: string
}

export const ISSUER = 'https://idp.test'
export const AUDIENCE = 'agents'

/** Makes certificate, keys, tokens and bodies in `folder`. */
export function makeMaterial(folder: string): Material {
  mkdirSync(folder, { recursive: true })
  const at = (name: string): string => `${folder}/${name}`
  execFileSync(
    'openssl',
    `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout ${at('tls.key')} -out ${at('tls.crt')} -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1`.split(
      ' ',
    ),
    { stdio: 'ignore' },
  )
  const read = (name: string): string => execFileSync('cat', [at(name)]).toString()
  writeFileSync(at('tls.pem'), read('tls.crt') + read('tls.key'))
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const publicKey = createPublicKey(privateKey)
  writeFileSync(at('issuer.pub'), publicKey.export({ type: 'spki', format: 'pem' }))
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'rs1', alg: 'RS256', use: 'sig' }
  writeFileSync(at('jwks.json'), JSON.stringify({ keys: [jwk] }))
  const nowS = Math.floor(Date.now() / 1_000)
  const part = (document: object): string => Buffer.from(JSON.stringify(document)).toString('base64url')
  const tokens = Array.from({ length: 1_000 }, (_, i) => {
    const claims = {
      iss: ISSUER,
      aud: AUDIENCE,
      sub: `client-${i}`,
      role: 'user',
      roles: ['user'],
      iat: nowS,
      exp: nowS + 43_200,
    }
    const signed = `${part({ alg: 'RS256', typ: 'JWT', kid: 'rs1' })}.${part({ ...claims, scope: 'chat:write', jti: `t${i}` })}`
    return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`
  })
  writeFileSync(at('tokens.txt'), `${tokens.join('\n')}\n`)
  writeFileSync(at('chat.json'), JSON.stringify(CHAT))
  return {
    folder,
    tlsPem: at('tls.pem'),
    tlsCert: at('tls.crt'),
    tlsKey: at('tls.key'),
    jwks: at('jwks.json'),
    issuerKey: at('issuer.pub'),
    tokens: at('tokens.txt'),
    body: at('chat.json'),
    reply: JSON.stringify(REPLY),
  }
}

const SYSTEM =
  'You are a helpful assistant for a travel company. Answer in a friendly tone and keep the answer to a short paragraph. When you are not sure about something, say so and propose a next step for the customer.'
const ASK =
  'Moving every few days is fine for us. We have a rental car from Lisbon airport and two children aged six and nine. Please propose a route with three stops and for each stop one thing to see that children will enjoy, and tell us how long each drive takes.'
const CHAT = {
  model: 'agent-small',
  temperature: 0.7,
  max_tokens: 256,
  stream: false,
  user: 'client-17',
  messages: [
    { role: 'system', content: SYSTEM },
    {
      role: 'user',
      content: 'Hello, we would like to spend nine days in Portugal next spring, walking near the sea.',
    },
    {
      role: 'assistant',
      content:
        'That sounds lovely. Would you rather stay in one place and make day trips, or move every few days?',
    },
    { role: 'user', content: ASK },
  ],
  metadata: { trace: 'x'.repeat(100) },
}
const ANSWER =
  'Day one to three: Sintra, with its palaces and gardens. Day four to six: Nazare, where the children can watch the waves from the old fort. Day seven to nine: Aveiro, with painted boats on the canals. The drives take about forty minutes, one hour and thirty minutes, and one hour and twenty minutes.'
const REPLY = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'agent-small',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: ANSWER } }],
  usage: { prompt_tokens: 180, completion_tokens: 70, total_tokens: 250 },
}
