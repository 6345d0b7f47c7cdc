import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import { describe, expect, it } from 'vitest'
import { decide } from '../../../src/policy/decide.ts'
import { hasRoom, prepared } from '../../../src/policy/prepared.ts'
import { Slice } from '../../../src/policy/slice.ts'
import { load, query, route } from '../../fixtures/policy.ts'

/** A slice that counts as large without being it. */
function large(size: number): Slice {
  return Object.assign(new Slice([]), { size })
}

describe('prepared', () => {
  it('gives a slice one name, and no other slice the same', () => {
    const [one, other] = [new Slice([]), new Slice([])]

    expect(prepared(one)).toBe(prepared(one))
    expect(prepared(one)).not.toBe(prepared(other))
  })

  it('drops the slice not asked for longest, and uses its name again', () => {
    const policies = load('')
    const first = prepared(large(20_000))
    const [second, kept] = [large(10_000), new Slice([])]
    prepared(second)
    prepared(kept)

    expect(hasRoom(large(20_000))).toBe(false)
    expect(prepared(large(20_000))).toBe(first)
    expect(decide(policies, query()).effect).toBe('permit')
  })

  it('keeps a slice that was asked again, though it came first', () => {
    const [asked, forgotten] = [large(12_000), large(12_000)]
    const name = prepared(asked)
    const other = prepared(forgotten)
    prepared(asked)

    const newcomer = prepared(large(12_000))

    expect(newcomer).toBe(other)
    expect(prepared(asked)).toBe(name)
  })

  it('parses a dropped slice again when it is asked', () => {
    const policies = load('')
    for (let index = 0; index < 4; index += 1) prepared(large(30_000))

    expect(decide(policies, query()).effect).toBe('permit')
    expect(decide(policies, query({ by: { roles: [] } })).effect).toBe('forbid')
  })

  it('holds a slice larger than the bound alone', () => {
    expect(prepared(large(100_000))).toMatch(/^slice-\d+$/)
    expect(decide(load(''), query()).effect).toBe('permit')
  })
})

describe('a slice that Cedar cannot hold', () => {
  // A policy whose text is not one: what a bug of ours at load would make.
  const broken = new Slice([
    {
      id: 'x',
      effect: 'permit',
      written: { file: 'a.cedar', line: 1, column: 1, text: 'permit' },
      scope: {
        actions: undefined,
        resource: { routes: true, tools: true, route: undefined, tool: undefined },
        namesPrincipal: false,
      },
      conditions: [],
      reads: { fields: new Set(), args: new Set() },
      entities: [],
      asksGroups: false,
    },
  ])

  it('is an error at load', () => {
    expect(() => prepared(broken)).toThrow('Cedar refused a slice')
  })

  it('is a denial in a request', () => {
    const policies = load('', [route('chat')])
    const slices = Object.assign(Object.create(policies.slices), { of: () => broken })

    const decision = decide({ ...policies, slices }, query())

    expect(decision.effect).toBe('forbid')
    expect(decision.errors[0]).toContain('the policy engine failed')
    expect(policies.cache.size).toBe(0)
  })
})

it('runs on the Cedar version whose traps are held', () => {
  expect(cedar.getCedarSDKVersion()).toBe('4.13.0')
})
