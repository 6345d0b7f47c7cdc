import { describe, expect, it } from 'vitest'
import { decide } from '../../../src/policy/decide.ts'
import { operationsOf, toolId } from '../../../src/policy/vocabulary.ts'
import { Denial } from '../../../src/problem/problems.ts'
import { anthropic } from '../../../src/protocol/anthropic.ts'
import { openai } from '../../../src/protocol/openai.ts'
import { load, query, route, rule } from '../../fixtures/policy.ts'

const protocols = { openai, anthropic }
const bounds = { jsonDepthMax: 8, textsMax: 100 }

describe.each(['openai', 'anthropic'] as const)('operations of %s', (name) => {
  const own = operationsOf(route('r', { protocol: name })).filter((operation) => operation !== 'tools/call')

  function read(path: string) {
    const request = { method: 'GET', path, query: '', contentType: undefined, body: new Uint8Array() }
    const answer = protocols[name].read(request, bounds)
    return answer instanceof Denial ? answer : undefined
  }

  it.each(own)('the protocol reads %s', (operation) => {
    expect(read(`/v1/${operation}`)?.problem).not.toBe('route-unknown')
  })

  it('are all that the protocol says it serves', () => {
    const advice = read('/v1/no-such-operation')?.more.advice ?? ''

    const served = (advice.match(/serves ([^;]*)/)?.[1] ?? '').split(/, | and /)

    expect(served.map((path) => path.replace('/v1/', '')).sort()).toEqual(own.toSorted())
  })

  it.each(own)('%s is permitted by a rule that names no operation', (operation) => {
    const policies = load('', [route('r', { protocol: name, allow: [rule(['reader'])] })])

    expect(decide(policies, query({ route: 'r', action: operation })).effect).toBe('permit')
  })
})

it('operations of http are its methods', () => {
  expect(operationsOf(route('r', { protocol: 'http', methods: ['GET', 'PUT'] }))).toEqual([
    'GET',
    'PUT',
    'tools/call',
  ])
})

it('names a tool within its route', () => {
  expect(toolId('tools', 'a/b')).toBe('tools/a/b')
})
