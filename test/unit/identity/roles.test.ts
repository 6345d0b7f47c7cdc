import { describe, expect, it } from 'vitest'
import { readScopes, roleReader } from '../../../src/identity/roles.ts'

describe('roleReader', () => {
  const reader = roleReader({ rolesPath: ['realm_access', 'roles'], roleMap: undefined })

  it('reads a list at the end of a path', () => {
    expect(reader({ realm_access: { roles: ['reader', 'operator'] } })).toEqual(['reader', 'operator'])
  })

  it('reads one text as one role, spaces included', () => {
    expect(reader({ realm_access: { roles: 'read er' } })).toEqual(['read er'])
  })

  it('finds no roles where the claim is missing', () => {
    expect(reader({})).toEqual([])
    expect(reader({ realm_access: {} })).toEqual([])
  })

  it('names each role once', () => {
    expect(reader({ realm_access: { roles: ['a', 'b', 'a'] } })).toEqual(['a', 'b'])
  })

  it.each([
    [null],
    [7],
    [{ reader: true }],
    [['reader', 7]],
    [['reader', null]],
    [[['reader']]],
    [['']],
    ['admin\r\nx: y'],
    [['admin\u0000']],
  ])('gives up on %j rather than forget a role', (roles) => {
    expect(reader({ realm_access: { roles } })).toBeUndefined()
  })

  it.each([['reader'], [7], [null], [['roles']]])(
    'gives up on a path that leads through %j',
    (realm_access) => {
      expect(reader({ realm_access })).toBeUndefined()
    },
  )

  it('does not read members that the document does not have', () => {
    const nested = roleReader({ rolesPath: ['constructor', 'name'], roleMap: undefined })

    expect(nested(Object.create(null))).toEqual([])
  })

  it('maps values to roles and drops the ones that the map does not name', () => {
    const mapped = roleReader({
      rolesPath: ['groups'],
      roleMap: { 'cn=ops': 'operator', 'cn=root': 'operator' },
    })

    expect(mapped({ groups: ['cn=ops', 'cn=other', 'cn=root'] })).toEqual(['operator'])
  })

  it('does not take names of every object for entries of the map', () => {
    const mapped = roleReader({ rolesPath: ['groups'], roleMap: {} })

    expect(mapped({ groups: ['toString', '__proto__', 'constructor'] })).toEqual([])
  })
})

describe('readScopes', () => {
  it.each([
    ['scope', { scope: 'chat tools' }, ['chat', 'tools']],
    ['scp as a text', { scp: 'chat tools' }, ['chat', 'tools']],
    ['scp as a list', { scp: ['chat', 'tools'] }, ['chat', 'tools']],
    ['both', { scope: 'chat', scp: ['tools', 'chat'] }, ['chat', 'tools']],
    ['neither', {}, []],
    ['an empty text', { scope: '' }, []],
  ])('reads %s', (_what, claims, scopes) => {
    expect(readScopes(claims)).toEqual(scopes)
  })

  it.each([
    [{ scope: 7 }],
    [{ scp: { chat: true } }],
    [{ scope: null }],
    [{ scp: ['chat', 1] }],
    [{ scope: 'a\tb' }],
  ])('gives up on %j', (claims) => {
    expect(readScopes(claims)).toBeUndefined()
  })
})
