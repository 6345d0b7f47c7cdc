import type { Exchange } from '../core/exchange.ts'
import { readCredential } from '../identity/credential.ts'
import { Denial } from '../problem/problems.ts'
import type { Grant } from '../limit/limiter.ts'
import { admit, admittedCors, Answered } from './admit.ts'
import { authorizeCall, authorizeRoute } from './authorize.ts'
import { deliver } from './deliver.ts'
import { forward } from './forward.ts'
import type { Gate } from './gate.ts'
import { limit } from './limit.ts'
import { read } from './read.ts'
import { record } from './record.ts'
import { refuse } from './refuse.ts'
import { screenInput } from './screen.ts'
import { Story } from './story.ts'

/**
 * The life of a request. Whatever happens on the line, the client is answered or cut off, the exchange is on record, and
 * what was taken is given back. Never rejects.
 */
export async function handle(gate: Gate, exchange: Exchange): Promise<void> {
  const story = new Story(exchange, gate.revision)
  const held: Held = { grant: undefined, release: undefined }
  try {
    const denial = await line(gate, story, held)
    if (denial !== undefined) await refuse(gate, story, denial)
  } catch (fault) {
    gate.observer.event('internal-error', { id: exchange.id, message: describe(fault) })
    await refuse(gate, story, new Denial('internal', 'a bug of ours', { close: true })).catch(ignore)
    // An answer that had begun takes no refusal, and must not hang or look whole; one that has ended stays as it is.
    exchange.client.abort()
  } finally {
    held.release?.()
    // An answer that the client does not take is held in memory, so it counts as an exchange until it has left.
    if (held.grant !== undefined) exchange.client.onLeft(held.grant.release)
    gate.meter.exchange(
      story.route?.config.name ?? '',
      story.result,
      performance.now() - exchange.startedMs,
      story.phases,
    )
  }
}

interface Held {
  grant: Grant | undefined
  /** Gives the memory of the body back. */
  release: (() => void) | undefined
}

async function line(gate: Gate, story: Story, held: Held): Promise<Denial | undefined> {
  const admission = admit(gate.entry, story.exchange)
  story.lap('admit')
  if (admission instanceof Denial) return admission
  if (admission instanceof Answered) return answered(gate, story, admission)
  story.route = admission.route
  story.cors = admittedCors(admission)

  const credential = readCredential(admission.head.authorization)
  if (credential instanceof Denial) return credential
  const judged = gate.identity.authenticate(credential, story.exchange.receivedMs)
  const principal = judged instanceof Promise ? await judged : judged
  story.lap('authenticate')
  if (principal instanceof Denial) return principal
  story.principal = principal

  const routePermit = authorizeRoute(gate.policies, admission, principal)
  story.lap('authorize')
  if (routePermit instanceof Denial) return routePermit
  story.policies = routePermit.policies

  const grant = await limit(routePermit)
  story.lap('limit')
  if (grant instanceof Denial) return grant
  held.grant = grant
  story.limitFields = grant.fields

  const reading = await read(gate.bounds, routePermit)
  story.lap('read')
  if (reading instanceof Denial) return reading
  held.release = reading.release
  story.reading = reading

  const callPermit = authorizeCall(gate.policies, routePermit, reading)
  story.lap('authorize-call')
  if (callPermit instanceof Denial) return callPermit
  story.policies = union(routePermit.policies, callPermit.policies)

  const screened = screenInput(gate.screen, callPermit)
  const clearance = screened instanceof Promise ? await screened : screened
  story.lap('screen')
  if (clearance instanceof Denial) return clearance

  const recorded = await record(gate.audit, story, clearance)
  story.lap('audit')
  if (recorded instanceof Denial) return recorded

  // The line ends here and lets go of what was read: an agent may think for minutes, and need not be waited for with its prompt.
  return deliver(gate.audit, story, forward(recorded))
}

function answered(gate: Gate, story: Story, { answer, what }: Answered): undefined {
  gate.audit.anonymous(story.exchange.connection.peer, what, story.exchange.id)
  const head = story.exchange.method === 'HEAD' ? { ...answer, body: answer.body.subarray(0, 0) } : answer
  story.exchange.client.reply(head)
}

// Most often the same policies permit both, and need no list of their own.
function union(route: readonly string[], call: readonly string[]): readonly string[] {
  const same = route.length === call.length && route.every((id, at) => id === call[at])
  return same ? route : [...new Set([...route, ...call])]
}

function ignore(): void {}

function describe(fault: unknown): string {
  return fault instanceof Error ? `${fault.name}: ${fault.message}` : 'not an Error'
}
