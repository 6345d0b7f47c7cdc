import type { Agent } from './agent.ts'

/**
 * A classifying agent: scores a support ticket from 0 to 1 and says how urgent it is. A small logistic model with weights in the
 * open, so that what an explanation of it says can be checked by hand.
 */
export const answerTriage: Agent = (request, body, response) => {
  const ticket = request.method === 'POST' ? parse(body) : undefined
  const text = JSON.stringify(ticket === undefined ? USAGE : judge(ticket))
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
  response.writeHead(ticket === undefined ? 400 : 200, headers).end(text)
}

const USAGE = { error: 'POST a JSON ticket: {"text", "tier", "open_days", "affected_users"}' }

interface Ticket {
  readonly text: string
  readonly tier: string
  readonly open_days: number
  readonly affected_users: number
}

const BIAS = -2.2
const WORDS: ReadonlyMap<string, number> = new Map([
  ['outage', 2.4],
  ['down', 1.8],
  ['urgent', 1.1],
  ['security', 1.6],
  ['breach', 2.6],
  ['refund', 0.5],
  ['slow', 0.6],
  ['question', -0.9],
  ['thanks', -0.8],
  ['typo', -1.2],
])
const TIERS: ReadonlyMap<string, number> = new Map([
  ['free', -0.4],
  ['pro', 0.2],
  ['enterprise', 0.9],
])

/** Score and priority of one ticket. */
export function judge(ticket: Ticket): { score: number; priority: 'low' | 'normal' | 'high' } {
  let logit = BIAS + (TIERS.get(ticket.tier) ?? 0)
  logit += 0.08 * Math.min(ticket.open_days, 30) + 0.35 * Math.log1p(ticket.affected_users)
  for (const word of ticket.text.toLowerCase().match(/\p{L}+/gu) ?? []) logit += WORDS.get(word) ?? 0
  const score = 1 / (1 + Math.exp(-logit))
  return { score: Number(score.toFixed(4)), priority: score > 0.7 ? 'high' : score > 0.3 ? 'normal' : 'low' }
}

function parse(body: string): Ticket | undefined {
  let document: unknown
  try {
    document = JSON.parse(body)
  } catch {
    return undefined
  }
  if (typeof document !== 'object' || document === null || !('text' in document)) return undefined
  const { text, tier, open_days, affected_users } = document as Record<string, unknown>
  return {
    text: String(text),
    tier: typeof tier === 'string' ? tier : 'free',
    open_days: amount(open_days),
    affected_users: amount(affected_users),
  }
}

function amount(value: unknown): number {
  return typeof value === 'number' && value >= 0 ? value : 0
}
