import https from 'node:https'

/** What the smallest client asks. */
export interface Saying {
  /** Base URL of the gateway. */
  readonly url: string
  /** Path of the route. */
  readonly path: string
  readonly protocol: 'http' | 'openai' | 'anthropic'
  readonly token: string
  /** PEM bundle to trust; undefined = the system's store. */
  readonly ca: string | undefined
  readonly text: string
  readonly stream: boolean
}

/** What it was answered. */
export interface Said {
  readonly status: number
  /** `sallyport-decision` of the answer. */
  readonly decision: string
  /** The agent's words, or the sentence of the refusal. */
  readonly text: string
}

/**
 * Asks a route one thing over HTTPS. Streamed words are handed to `onWords` as they come.
 *
 * @throws {Error} when the gateway cannot be reached; refusals are answers.
 */
export function say(saying: Saying, onWords: (words: string) => void): Promise<Said> {
  const { path, body } = request(saying)
  const bytes = Buffer.from(JSON.stringify(body))
  return new Promise((resolve, reject) => {
    const sent = https.request(saying.url + path, {
      method: 'POST',
      ...(saying.ca === undefined ? {} : { ca: saying.ca }),
      timeout: 60_000,
      headers: {
        authorization: `Bearer ${saying.token}`,
        'content-type': 'application/json',
        'content-length': bytes.length,
      },
    })
    sent.on('error', reject)
    sent.on('timeout', () => sent.destroy(new Error('no answer within 60 s')))
    sent.on('response', (response) => {
      const events = response.headers['content-type']?.startsWith('text/event-stream') === true
      const reader = events ? eventReader(onWords) : undefined
      const pieces: Buffer[] = []
      response.on('error', reject)
      response.on('data', (piece: Buffer) => (reader === undefined ? pieces.push(piece) : reader.push(piece)))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          decision: String(response.headers['sallyport-decision'] ?? ''),
          text: reader?.text() ?? words(Buffer.concat(pieces).toString()),
        }),
      )
    })
    sent.end(bytes)
  })
}

function request(saying: Saying): { path: string; body: object } {
  const messages = [{ role: 'user', content: saying.text }]
  if (saying.protocol === 'openai') {
    return {
      path: `${saying.path}/v1/chat/completions`,
      body: { model: 'demo-chat', messages, stream: saying.stream },
    }
  }
  if (saying.protocol === 'anthropic') {
    const body = { model: 'demo-chat', max_tokens: 1_024, messages, stream: saying.stream }
    return { path: `${saying.path}/v1/messages`, body }
  }
  return { path: saying.path, body: { text: saying.text } }
}

/** The words of a whole answer, in whichever of the known shapes they come. */
function words(text: string): string {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    return text
  }
  return (
    dig(document, ['choices', 0, 'message', 'content']) ??
    dig(document, ['content', 0, 'text']) ??
    dig(document, ['message']) ??
    text
  )
}

function eventReader(onWords: (words: string) => void): { push(piece: Buffer): void; text(): string } {
  const decoder = new TextDecoder()
  let rest = ''
  let all = ''
  return {
    push(piece) {
      rest += decoder.decode(piece, { stream: true })
      const lines = rest.split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const heard = eventWords(line)
        all += heard
        if (heard !== '') onWords(heard)
      }
    },
    text: () => all,
  }
}

function eventWords(line: string): string {
  if (!line.startsWith('data: {')) return ''
  const document: unknown = JSON.parse(line.slice(6))
  const heard =
    dig(document, ['choices', 0, 'delta', 'content']) ??
    dig(document, ['delta', 'text']) ??
    dig(document, ['error', 'message'])
  return heard ?? ''
}

function dig(document: unknown, path: readonly (string | number)[]): string | undefined {
  let found = document
  for (const step of path) {
    if (typeof found !== 'object' || found === null) return undefined
    found = (found as Record<string | number, unknown>)[step]
  }
  return typeof found === 'string' ? found : undefined
}
