import { Denial } from '../problem/problems.ts'

/** An upstream's head, checked and cleaned. */
export interface CleanHead {
  /** Names and values in turn, hop-by-hop fields gone. */
  readonly headers: readonly string[]
  /** Content-Length; undefined when there is none. */
  readonly bodyBytes: number | undefined
  /** True for `text/event-stream`: each event goes on as it comes. */
  readonly events: boolean
}

/**
 * Judges the head of an upstream's answer (RFC 9112 section 6.3) and takes off what is hop-by-hop (RFC 9110 section 7.6.1). An agent
 * that is taken over must not be able to desynchronise our connection to the client.
 *
 * @param rawHeaders Names and values in turn, as received.
 */
export function cleanHead(status: number, rawHeaders: readonly string[]): CleanHead | Denial {
  if (status < 200 || status > 599) return new Denial('upstream-invalid', `status ${status}`)
  const facts: Facts = { named: new Set(), bodyBytes: undefined, chunked: false, events: false }
  const fault = survey(rawHeaders, facts)
  if (fault !== undefined) return new Denial('upstream-invalid', fault)
  const headers: string[] = []
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? ''
    const lower = name.toLowerCase()
    if (!HOP_BY_HOP.has(lower) && !facts.named.has(lower)) headers.push(name, rawHeaders[i + 1] ?? '')
  }
  return { headers, bodyBytes: facts.bodyBytes, events: facts.events }
}

interface Facts {
  readonly named: Set<string>
  bodyBytes: number | undefined
  chunked: boolean
  events: boolean
}

function survey(rawHeaders: readonly string[], facts: Facts): string | undefined {
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase()
    const value = rawHeaders[i + 1] ?? ''
    if (!TOKEN.test(name) || !FIELD_VALUE.test(value)) return 'header grammar'
    if (name === 'connection') {
      for (const option of value.split(',')) facts.named.add(option.trim().toLowerCase())
    } else if (name === 'content-length') {
      if (facts.bodyBytes !== undefined || !/^\d{1,15}$/.test(value)) return 'content-length'
      facts.bodyBytes = Number(value)
    } else if (name === 'transfer-encoding') {
      if (facts.chunked || value.toLowerCase() !== 'chunked') return 'transfer-encoding'
      facts.chunked = true
    } else if (name === 'content-type') facts.events = /^text\/event-stream\b/i.test(value)
  }
  return facts.chunked && facts.bodyBytes !== undefined
    ? 'content-length beside transfer-encoding'
    : undefined
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/
const FIELD_VALUE = /^[\t\x20-\x7E\x80-\xFF]*$/

const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authentication-info',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'alt-svc',
  'http2-settings',
])
