import { describe, expect, it } from 'vitest'
import { JsonFault, readJson } from '../../src/json/read.ts'
import { vectors } from '../fixtures/json-vectors.ts'

const bounds = { depthMax: 64 }

/** Valid documents that two readers may take in two ways: each is decided, and stands here. */
const DECIDED: Readonly<Record<string, unknown>> = {
  i_number_integer_above_2_53: 9007199254740992,
  i_number_too_small: 0,
  i_number_negative_too_small: -0,
  i_number_many_digits: 0.1,
  i_string_noncharacter: '\uffff',
  i_string_nul_escaped: '\0',
}

describe('R45, R24: JSON is read by the grammar of RFC 8259', () => {
  const accepted = vectors.filter(({ name }) => name.startsWith('y_'))
  it.each(accepted)('$name is read as JSON.parse reads it', ({ bytes }) => {
    const json = readJson(bytes, bounds)

    expect(json).not.toBeInstanceOf(JsonFault)
    expect(JSON.stringify(json)).toBe(JSON.stringify(JSON.parse(bytes.toString())))
  })

  const refused = vectors.filter(({ name }) => name.startsWith('n_'))
  it.each(refused)('$name is refused ($fault)', ({ bytes, fault }) => {
    expect(readJson(bytes, bounds)).toMatchObject({ kind: fault })
  })

  const undecided = vectors.filter(({ name }) => name.startsWith('i_'))
  it.each(undecided)('$name is decided', ({ name, bytes, fault }) => {
    const json = readJson(bytes, bounds)

    expect(json instanceof JsonFault ? json.kind : json).toEqual(fault ?? DECIDED[name])
  })

  it('has vectors of every class', () => {
    expect(accepted.length).toBeGreaterThan(40)
    expect(refused.length).toBeGreaterThan(90)
    expect(undecided.length).toBeGreaterThan(15)
  })
})

describe('R24: one document has one reading', () => {
  it.each([
    ['{"a":1,"a":1}', 7],
    ['{"a":1,"\\u0061":2}', 7],
    ['{"x":{"a":1,"b":2,"a":3}}', 18],
    ['{"__proto__":1,"__proto__":2}', 15],
    ['{"":1,"":2}', 6],
  ])('refuses %s at byte %i', (text, offset) => {
    expect(readJson(Buffer.from(text), bounds)).toEqual(new JsonFault('duplicate', offset))
  })

  it('accepts the same name in two objects', () => {
    expect(readJson(Buffer.from('[{"a":1},{"a":{"a":2}}]'), bounds)).toEqual([{ a: 1 }, { a: { a: 2 } }])
  })

  it('takes __proto__ and constructor as members like any other', () => {
    const json = readJson(Buffer.from('{"__proto__":{"admin":true},"constructor":1}'), bounds) as object

    expect(Object.getPrototypeOf(json)).toBeNull()
    expect(Object.keys(json)).toEqual(['__proto__', 'constructor'])
    expect('admin' in json).toBe(false)
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined()
  })
})

describe('names that were met before', () => {
  it('are not mixed up with others of the same sum', () => {
    // 'Aa' and 'BB' have one sum under the multiplier 31, as have all their compounds.
    for (const text of [
      '{"AaAa":1,"BBBB":2,"AaBB":3}',
      '{"BBBB":4,"AaAa":5,"BBAa":6}',
      '{"AaBB":7,"BBAa":8}',
    ]) {
      expect(JSON.stringify(readJson(Buffer.from(text), bounds))).toBe(text)
    }
  })
})

describe('R45: depth is bounded', () => {
  const nested = (depth: number) => Buffer.from('['.repeat(depth) + ']'.repeat(depth))

  it('reads to the bound and not one deeper', () => {
    expect(readJson(nested(8), { depthMax: 8 })).not.toBeInstanceOf(JsonFault)
    expect(readJson(nested(9), { depthMax: 8 })).toEqual(new JsonFault('depth', 8))
  })

  it('counts open objects and arrays alike, and closed ones no more', () => {
    const wide = Buffer.from('[{"a":[]},{"b":[]},[[]]]')

    expect(readJson(wide, { depthMax: 3 })).not.toBeInstanceOf(JsonFault)
    expect(readJson(wide, { depthMax: 2 })).toMatchObject({ kind: 'depth' })
  })

  it('keeps the stack whatever the configuration says', () => {
    expect(readJson(nested(1_000_000), { depthMax: 1e9 })).toEqual(new JsonFault('depth', 1_000))
  })

  it('refuses a million unclosed brackets at the bound', () => {
    expect(readJson(Buffer.alloc(1_000_000, '['), bounds)).toEqual(new JsonFault('depth', 64))
  })
})

describe('the place of a fault', () => {
  it.each([
    ['{"a":}', 'syntax', 5],
    ['["\u00e9\u00e9",x]', 'syntax', 8],
    ['[1] 2', 'trailing', 4],
    ['["a\nb"]', 'control', 3],
    ['["\\x"]', 'escape', 2],
    ['["ab\\ud800"]', 'surrogate', 4],
    ['[1,1e400]', 'number-range', 3],
    ['', 'empty', 0],
  ])('of %j is %s at byte %i', (text, kind, offset) => {
    expect(readJson(Buffer.from(text), bounds)).toMatchObject({ kind, offset })
  })

  it('of bad UTF-8 is no more than two bytes behind its first byte', () => {
    const fault = readJson(Buffer.from('5b22c3a961ff225d', 'hex'), bounds)

    expect(fault).toEqual(new JsonFault('utf-8', 5))
  })

  it('says nothing of the content', () => {
    const fault = readJson(Buffer.from('["secret \\ud800"]'), bounds)

    expect(JSON.stringify(fault)).not.toContain('secret')
  })
})
