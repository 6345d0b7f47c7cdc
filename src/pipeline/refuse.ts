import type { Ending } from '../core/record.ts'
import { Denial, type ProblemName, problems } from '../problem/problems.ts'
import { render } from '../problem/render.ts'
import { RouteDenial } from './admit.ts'
import { corsHeaders } from './cors.ts'
import type { Gate } from './gate.ts'
import type { Story } from './story.ts'

/** Answers with a refusal, once it is on record: nobody is told a decision that an auditor could not find. */
export async function refuse(gate: Gate, story: Story, denial: Denial): Promise<void> {
  const { client } = story.exchange
  if (denial.problem === 'guard-unavailable') {
    gate.observer.event('guard-failed', { id: story.exchange.id, reason: denial.reason })
  }
  const told = await onRecord(gate, story, denial)
  story.result = told.problem
  if (client.gone) return
  const route = denial instanceof RouteDenial ? denial.route : story.route
  client.reply(
    render(told, {
      id: story.exchange.id,
      authenticated: story.principal !== undefined,
      disclosure: route?.config.disclosure ?? 'category',
      ownHeaders: gate.ownHeaders,
      corsHeaders: denial instanceof RouteDenial ? corsHeaders(denial.route, denial.origin) : story.cors,
      resourceMetadata: route?.resourceMetadata,
      scopes: route?.config.scopes ?? [],
    }),
  )
}

// Before anybody is known, refusals are only counted (a flood of them must not fill the log); after it each is a record;
// once a decision stands, what goes wrong is its outcome.
async function onRecord(gate: Gate, story: Story, denial: Denial): Promise<Denial> {
  const { exchange } = story
  if (story.principal === undefined || story.route === undefined) {
    gate.audit.anonymous(exchange.connection.peer, denial.problem, exchange.id)
    return denial
  }
  if (denial.problem === 'audit-unavailable' || story.ended) return denial
  const written = story.decided
    ? await gate.audit.outcome(
        story.outcome(ending(story, denial.problem), problems[denial.problem].status, denial.problem),
      )
    : await gate.audit.refusal(story.refusal(denial))
  return written ? denial : new Denial('audit-unavailable', 'the refusal could not be written')
}

function ending(story: Story, problem: ProblemName): Ending {
  if (story.exchange.client.gone) return 'client-aborted'
  if (problem === 'internal') return 'internal-error'
  return problems[problem].phase === 'forward' ? 'upstream-failed' : 'refused'
}
