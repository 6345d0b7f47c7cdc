import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cli } from '../../fixtures/cli.ts'
import { altered, configFolder, type ConfigFolder } from '../../fixtures/config.ts'

let folder: ConfigFolder
let path: string

const POLICY = `@id("no-pro") forbid (principal, action == Action::"chat/completions", resource == Route::"chat")
when { context has model && context.model like "*-pro" };
@id("small-payments") forbid (principal, action == Action::"tools/call", resource == Tool::"chat/pay")
unless { context.args has amount && context.args.amount <= 10 };
@id("not-eve") forbid (principal, action, resource) when { context.principal.subject == "eve" };`

beforeAll(async () => {
  folder = await configFolder()
  folder.put('policies/site.cedar', POLICY)
  path = folder.put('asked.yaml', altered('version: 1', 'version: 1\npolicies: ./policies'))
})
afterAll(() => folder.remove())

const ask = (...argv: string[]): ReturnType<typeof cli> => cli(['can', ...argv, '-c', path])

describe('can', () => {
  it('says yes, and by which rule in which line', async () => {
    const { code, out } = await ask('reader', 'chat/completions', 'chat', '--model', 'small')

    expect(code).toBe(0)
    expect(out).toMatch(/^yes: by allow:chat:1 \(asked\.yaml:\d+\)\n$/)
  })

  it.each([
    [['reader', 'chat/completions', 'chat', '--model', 'x-pro'], 'no: by no-pro (policies/site.cedar:1)'],
    [['guest', 'chat/completions', 'chat'], 'no: no policy permits it'],
    [['reader', 'tools/call', 'chat', '--tool', 'pay', '--args', '{"amount":11}'], 'no: by small-payments'],
    [['{"roles":["reader"],"sub":"eve"}', 'models', 'chat'], 'no: by not-eve'],
  ])('says no, and why: %j', async (argv, sentence) => {
    const { code, out } = await ask(...argv)

    expect(code).toBe(1)
    expect(out).toContain(sentence)
  })

  it('looks at arguments and claims', async () => {
    const paid = await ask('reader', 'tools/call', 'chat', '--tool', 'pay', '--args', '{"amount":10}')
    const named = await ask('{"roles":["reader"],"sub":"alice"}', 'models', 'chat')

    expect([paid.code, named.code]).toEqual([0, 0])
  })

  it('says it as JSON', async () => {
    const { out } = await ask('reader', 'models', 'chat', '--json')

    expect(JSON.parse(out)).toMatchObject({
      effect: 'permit',
      phase: 'call',
      determining: ['allow:chat:1'],
      errors: [],
    })
  })

  it.each([
    [['reader', 'models'], 'three things are asked', 'can ROLE OPERATION ROUTE'],
    [['reader', 'models', 'chats'], 'there is no route chats', 'did you mean chat?'],
    [['reader', 'models', 'zzzzzzzz'], 'there is no route zzzzzzzz', 'routes are chat'],
    [['reader', 'model', 'chat'], 'no operation model', 'did you mean models?'],
    [['reader', 'zzzzzzzz', 'chat'], 'no operation zzzzzzzz', 'its operations are'],
    [['{"roles":', 'models', 'chat'], 'the claims are no JSON object', 'write them like'],
    [['reader', 'models', 'chat', '--args', '[]'], '--args are no JSON object', 'write them like'],
  ])('%j ends with a fix', async (argv, message, fix) => {
    const { code, err } = await ask(...argv)

    expect(code).toBe(2)
    expect(err).toContain(message)
    expect(err).toContain(fix)
  })

  it('asks for the scopes of a route', async () => {
    const scoped = folder.put(
      'scoped.yaml',
      altered('    protocol: openai', '    protocol: openai\n    scopes: [chat]'),
    )
    const claims = (scope: string): string => JSON.stringify({ roles: ['reader'], scope })

    const without = await cli(['can', claims('other'), 'models', 'chat', '-c', scoped])
    const having = await cli(['can', claims('a chat'), 'models', 'chat', '-c', scoped])

    expect([without.code, having.code]).toEqual([1, 0])
    expect(without.out).toContain('no: the route needs chat')
  })
})
