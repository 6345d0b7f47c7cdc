import { describe, expect, it } from 'vitest'
import { Denial, type ProblemName, problems } from '../../../src/problem/problems.ts'
import { render, renderStreamError } from '../../../src/problem/render.ts'

const context = {
  id: '01JDEMO0000000000000000000',
  authenticated: true,
  disclosure: 'category',
  ownHeaders: ['x-content-type-options', 'nosniff'],
  corsHeaders: [],
  resourceMetadata: 'https://agents.example.com/.well-known/oauth-protected-resource/chat',
  scopes: [],
} as const

const names = Object.keys(problems) as ProblemName[]

function header(headers: readonly string[], name: string): string | undefined {
  const at = headers.findIndex((item, i) => i % 2 === 0 && item === name)
  return at < 0 ? undefined : headers[at + 1]
}

function document(denial: Denial, over: object = {}): Record<string, unknown> {
  return JSON.parse(Buffer.from(render(denial, { ...context, ...over }).body).toString()) as Record<
    string,
    unknown
  >
}

describe('the problem table', () => {
  it('has one code for each name, which begins with its status', () => {
    const codes = names.map((name) => problems[name].code)

    expect(new Set(codes).size).toBe(names.length)
    for (const name of names) expect(Math.floor(problems[name].code / 100)).toBe(problems[name].status)
  })

  it('never uses a status that clients misread: 409, 422, 446, 451', () => {
    expect(names.filter((name) => [409, 422, 446, 451].includes(problems[name].status))).toEqual([])
  })
})

describe('render', () => {
  it.each(names)('R43: answers %s with every member and header that clients read', (name) => {
    const answer = render(new Denial(name, 'secret reason'), context)
    const body = JSON.parse(Buffer.from(answer.body).toString()) as Record<string, unknown>

    expect(answer.status).toBe(problems[name].status)
    expect(header(answer.headers, 'content-type')).toBe('application/problem+json')
    expect(header(answer.headers, 'content-length')).toBe(String(answer.body.length))
    expect(header(answer.headers, 'x-should-retry')).toBe(String(problems[name].retry))
    expect(header(answer.headers, 'x-request-id')).toBe(context.id)
    expect(header(answer.headers, 'request-id')).toBe(context.id)
    expect(header(answer.headers, 'cache-control')).toBe('no-store')
    expect(header(answer.headers, 'sallyport-decision')).toBe(`deny; id=${context.id}`)
    expect(header(answer.headers, 'x-content-type-options')).toBe('nosniff')
    expect(body).toMatchObject({
      type: `urn:sallyport:problem:${name}`,
      status: problems[name].status,
      title: problems[name].title,
      code: problems[name].code,
      decision_id: context.id,
      error: { code: name, message: body['message'] },
    })
    expect(body['message']).toContain(context.id)
    expect(body['detail']).toBe(body['message'])
  })

  it('R43: never tells the reason, which is for the record', () => {
    const answer = render(new Denial('internal', 'at /srv/x.ts:10 in undici'), context)

    expect(Buffer.from(answer.body).toString() + answer.headers.join()).not.toContain('undici')
  })

  it('opens with the true cause and says that the login is valid, for clients that blame it', () => {
    const denial = new Denial('policy-forbids', '', { rules: ['payments-limit'] })

    expect(document(denial, { disclosure: 'full' })['message']).toBe(
      `Blocked by policy payments-limit, your login is valid (decision ${context.id})`,
    )
  })

  it('names a request id while nobody is known', () => {
    const message = document(new Denial('token-expired', ''), { authenticated: false })['message']

    expect(message).toBe(`The token has expired (request ${context.id})`)
  })

  it.each([
    ['id', 'Blocked by input screening, your login is valid'],
    ['category', 'Blocked by input screening (invisible-text), your login is valid'],
    ['full', 'Blocked by input screening invisible-text/tags, your login is valid'],
  ])('tells as much as disclosure %s allows', (disclosure, beginning) => {
    const finding = {
      detector: 'invisible-text',
      score: 1,
      start: 0,
      end: 4,
      origin: 'user',
      at: '/a',
    } as const
    const denial = new Denial('input-rejected', '', {
      findings: [finding, finding],
      rules: ['invisible-text/tags'],
    })

    expect(document(denial, { disclosure })['message']).toBe(`${beginning} (decision ${context.id})`)
  })

  it('shows the rule in the header at full disclosure only', () => {
    const denial = new Denial('policy-forbids', '', { rules: ['a', 'b'] })

    expect(header(render(denial, { ...context, disclosure: 'full' }).headers, 'sallyport-decision')).toBe(
      `deny; id=${context.id}; rule="a b"`,
    )
    expect(header(render(denial, context).headers, 'sallyport-decision')).toBe(`deny; id=${context.id}`)
  })

  it('R44: says when to come back in both forms, never above the 60 s that clients honour', () => {
    const soon = render(new Denial('rate-exceeded', '', { retryAfterMs: 1_500 }), context).headers
    const late = render(new Denial('rate-exceeded', '', { retryAfterMs: 600_000 }), context).headers

    expect([header(soon, 'retry-after'), header(soon, 'retry-after-ms')]).toEqual(['2', '1500'])
    expect([header(late, 'retry-after'), header(late, 'retry-after-ms')]).toEqual(['60', '60000'])
  })

  it('asks for no retry once the agent has acted', () => {
    const { headers } = render(new Denial('audit-unavailable', '', { retry: false }), context)

    expect(header(headers, 'x-should-retry')).toBe('false')
    expect(header(headers, 'retry-after')).toBeUndefined()
  })

  it('R31: challenges a missing token without an error code (RFC 6750 section 3.1)', () => {
    const { headers } = render(new Denial('token-missing', ''), context)

    expect(header(headers, 'www-authenticate')).toBe(`Bearer resource_metadata="${context.resourceMetadata}"`)
  })

  it('R31: challenges a bad token with invalid_token and where to learn more', () => {
    const { headers } = render(new Denial('token-expired', ''), context)

    expect(header(headers, 'www-authenticate')).toBe(
      `Bearer error="invalid_token", error_description="The token has expired", resource_metadata="${context.resourceMetadata}"`,
    )
  })

  it('R31: names the scopes that are wanted', () => {
    const { headers } = render(new Denial('insufficient-scope', ''), {
      ...context,
      scopes: ['chat', 'files'],
    })

    expect(header(headers, 'www-authenticate')).toBe(
      `Bearer error="insufficient_scope", scope="chat files", resource_metadata="${context.resourceMetadata}"`,
    )
  })
})

describe('renderStreamError', () => {
  it.each([
    ['openai', { error: { message: 'm', type: 'api_error', code: 'upstream-invalid' }, message: 'm' }],
    ['http', { error: { message: 'm', type: 'api_error', code: 'upstream-invalid' }, message: 'm' }],
    [
      'anthropic',
      { type: 'error', error: { message: 'm', type: 'api_error', code: 'upstream-invalid' }, message: 'm' },
    ],
  ] as const)('writes an error event in the shape of %s', (shape, expected) => {
    const text = Buffer.from(renderStreamError(shape, 'upstream-invalid', 'm')).toString()

    expect(text.startsWith('event: error\ndata: ')).toBe(true)
    expect(text.endsWith('\n\n')).toBe(true)
    expect(JSON.parse(text.slice(text.indexOf('data: ') + 6))).toEqual(expected)
  })
})
