import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../../src/core/json.ts'
import { ARGS_DEPTH_MAX, ARGS_VALUES_MAX, argsFault, typedArgs } from '../../../src/policy/args.ts'
import type { ArgType } from '../../../src/policy/arg-types.ts'

function nested(depth: number): JsonObject {
  let value: Json = 1
  for (let level = 1; level < depth; level += 1) value = [value]
  return { value }
}

describe('argsFault', () => {
  it.each(['__entity', '__extn', '__expr'])('refuses the member %s at any depth', (name) => {
    expect(argsFault({ [name]: 1 })).toContain(name)
    expect(argsFault({ a: [{ b: { [name]: null } }] })).toContain(name)
  })

  it('passes look-alikes: other names, and the names as values', () => {
    expect(argsFault({ entity: 1, __entity__: 2, a: '__entity', b: ['__extn'], __proto: 3 })).toBeUndefined()
  })

  it('bounds the depth', () => {
    expect(argsFault(nested(ARGS_DEPTH_MAX))).toBeUndefined()
    expect(argsFault(nested(ARGS_DEPTH_MAX + 1))).toContain('deeper')
  })

  it('bounds the number of values', () => {
    const values = (count: number) => ({ list: Array.from({ length: count }, () => 0) })

    expect(argsFault(values(ARGS_VALUES_MAX - 2))).toBeUndefined()
    expect(argsFault(values(ARGS_VALUES_MAX - 1))).toContain('more than')
  })
})

describe('typedArgs', () => {
  function typed(value: Json, type: ArgType): { value: unknown; faults: string[] } {
    const faults: string[] = []
    const args = typedArgs({ x: value, other: 0.123456 }, ['x'], new Map([['x', type]]), faults)
    return { value: args['x'], faults }
  }

  const decimal = (arg: string) => ({ __extn: { fn: 'decimal', arg } })

  it.each<[Json, ArgType, unknown]>([
    [1000, 'Long', 1000],
    [-0, 'Long', -0],
    [Number.MAX_SAFE_INTEGER, 'Long', Number.MAX_SAFE_INTEGER],
    ['text', 'String', 'text'],
    [false, 'Bool', false],
    [99.5, 'decimal', decimal('99.5')],
    [-0.0001, 'decimal', decimal('-0.0001')],
    [5, 'decimal', decimal('5.0')],
    [['a', 'b'], 'Set<String>', ['a', 'b']],
    [[[1]], 'Set<Set<Long>>', [[1]]],
    [{ a: 1, b: 'left out' }, new Map([['a', 'Long']]), { a: 1 }],
    [{ any: 'thing' }, '', true],
  ])('takes %j as %s', (value, type, cedar) => {
    expect(typed(value, type)).toEqual({ value: cedar, faults: [] })
  })

  it.each<[Json, ArgType]>([
    ['1000', 'Long'],
    [999.5, 'Long'],
    [2 ** 53, 'Long'],
    [1e300, 'Long'],
    [true, 'Long'],
    [['x'], 'String'],
    [1, 'String'],
    [{}, 'String'],
    ['true', 'Bool'],
    [0.00001, 'decimal'],
    [1.23456, 'decimal'],
    [1e15, 'decimal'],
    ['1.5', 'decimal'],
    ['a', 'Set<String>'],
    [['a', 1], 'Set<String>'],
    [[null], 'Set<String>'],
    [[], new Map([['a', 'Long']])],
    [{ a: '1' }, new Map([['a', 'Long']])],
  ])('refuses %j as %s', (value, type) => {
    expect(typed(value, type).faults).toHaveLength(1)
  })

  it.each<ArgType>(['Long', 'String', 'decimal', 'Set<Long>', '', new Map()])(
    'leaves null out of %s',
    (type) => {
      expect(typed(null, type)).toEqual({ value: undefined, faults: [] })
    },
  )

  it('takes no inherited member for an argument', () => {
    const faults: string[] = []

    const args = typedArgs({}, ['toString', 'constructor', '__proto__'], new Map(), faults)

    expect(Object.keys(args)).toEqual([])
    expect(faults).toEqual([])
  })
})
