import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/core/clock.ts'
import { Denial } from '../../../src/problem/problems.ts'
import { createAssertions } from '../../../src/upstream/assertion.ts'
import { assembleRequest, ownHeaders } from '../../../src/upstream/request-headers.ts'
import { upstreamConfig } from '../../fixtures/raw-upstream.ts'
import { assembly, somebody, SPEAKING } from '../../fixtures/upstream-request.ts'

type Over = Parameters<typeof assembly>[1]

/** The head that leaves, as lists of values by name. */
function leaves(rawHeaders: readonly string[], over?: Over): Record<string, string[]> {
  const headers = assembleRequest(assembly(rawHeaders, over))
  if (headers instanceof Denial) throw new Error(headers.reason)
  const byName: Record<string, string[]> = {}
  for (let i = 0; i < headers.length; i += 2) (byName[headers[i] ?? ''] ??= []).push(headers[i + 1] ?? '')
  return byName
}

function problemOf(rawHeaders: readonly string[], over?: Over): string | undefined {
  const headers = assembleRequest(assembly(rawHeaders, over))
  return headers instanceof Denial ? headers.problem : undefined
}

/** Names that every head has. */
const OURS = ['forwarded', 'host', 'via', 'x-request-id']

describe('what is ours', () => {
  it('is in every head: Host, Forwarded, Via, the exchange id', () => {
    expect(leaves([])).toEqual({
      host: ['127.0.0.1:8000'],
      forwarded: ['proto=https;host="agents.test"'],
      via: ['1.1 sallyport'],
      'x-request-id': ['01JD0000000000000000000000'],
    })
  })

  it('tells the client neither address nor token', () => {
    const head = leaves([
      'Authorization',
      'Bearer SECRET',
      'X-Api-Key',
      'SECRET',
      'Proxy-Authorization',
      'SECRET',
      'DPoP',
      'SECRET',
    ])

    expect(JSON.stringify(head)).not.toContain('SECRET')
    expect(Object.keys(head).sort()).toEqual(OURS)
  })

  it('goes on with a Via chain instead of replacing it', () => {
    expect(leaves(['Via', '1.0 fred', 'via', '1.1 p.example.net'], { version: '2' })['via']).toEqual([
      '1.0 fred, 1.1 p.example.net, 2 sallyport',
    ])
  })

  it('is refused when the authority could end the quoted string', () => {
    expect(problemOf([], { host: 'a";for="1.2.3.4' })).toBe('malformed-request')
    expect(leaves([], { host: '[::1]:8443' })['forwarded']).toEqual(['proto=https;host="[::1]:8443"'])
  })
})

describe('what passes', () => {
  it('is what clients send for the agent: names in lower case, values byte for byte', () => {
    const sent = [
      'Content-Type',
      'application/json',
      'Anthropic-Beta',
      'a,b',
      'X-Stainless-OS',
      'Linux',
      'TraceParent',
      '00-1-2-01',
      'Accept-Encoding',
      'gzip',
      'x-odd',
      'a\tb \u00e9',
    ]

    expect(leaves(sent)).toMatchObject({
      'content-type': ['application/json'],
      'anthropic-beta': ['a,b'],
      'x-stainless-os': ['Linux'],
      traceparent: ['00-1-2-01'],
      'accept-encoding': ['gzip'],
      'x-odd': ['a\tb \u00e9'],
    })
  })

  it('keeps repeated fields apart and in order', () => {
    expect(leaves(['x-a', '1', 'x-b', '2', 'X-A', '3'])['x-a']).toEqual(['1', '3'])
  })

  it('joins the cookies of HTTP/2 as RFC 9113 says', () => {
    expect(leaves(['cookie', 'a=1', 'cookie', 'b=2'])['cookie']).toEqual(['a=1; b=2'])
  })

  it('passes the empty value', () => {
    expect(leaves(['x-empty', ''])['x-empty']).toEqual([''])
  })
})

describe('R2: names that an upstream might read as something else never leave', () => {
  it.each([
    'Host',
    'Content-Length',
    'Content_Length',
    'content.length',
    'ContentLength',
    'Transfer-Encoding',
    'Transfer_Encoding',
    'TransferEncoding',
    'transfer--encoding',
    'H-o-s-t',
    'Expect',
    'X-Forwarded-For',
    'X_Forwarded_For',
    'X-Forwarded-Proto',
    'x-forwarded',
    'Forwarded',
    'FORWARDED_',
    'X-Real-IP',
    'x_real_ip',
    'X-Original-URL',
    'X_Original_Method',
    'X-Rewrite-URL',
    'X-HTTP-Method-Override',
    'X_HTTP_Method',
    'X-Method-Override',
    'X-Envoy-Original-Path',
    'X-Auth-Request-User',
    'X-Remote-User',
    'Remote-User',
    'Client-Cert',
    'Client-Cert-Chain',
    'X-SSL-Client-Verify',
    'X-Client-Cert',
    'Sallyport-Decision',
    'sallyport_user',
    'X-Sallyport-User',
    'X-Request-Id',
    'x_request_id',
    'authorization_',
    'x_api_key',
    'via_',
    'coo-kie',
    'Sec-WebSocket-Protocol',
    'CF-Connecting-IP',
    'True-Client-IP',
  ])('%s', (name) => {
    const head = leaves([name, '1'])

    expect(Object.keys(head).sort()).toEqual(OURS)
    expect(Object.values(head).flat()).not.toContain('1')
  })

  it.each([
    'X-Forwarder',
    'X-Originator',
    'Hostname',
    'Expected',
    'X-Content-Lengths',
    'Viae',
    'X-Users',
    'teapot',
  ])('%s, which only resembles one, passes', (name) => {
    expect(leaves([name, '1'], { config: SPEAKING })[name.toLowerCase()]).toEqual(['1'])
  })
})

describe('R4: hop-by-hop fields', () => {
  it.each([
    'Connection',
    'Keep-Alive',
    'Proxy-Connection',
    'Proxy-Authenticate',
    'TE',
    'Trailer',
    'Upgrade',
    'HTTP2-Settings',
  ])('%s never passes', (name) => {
    expect(Object.keys(leaves([name, 'x'])).sort()).toEqual(OURS)
  })

  it('takes what Connection names, wherever it stands', () => {
    const head = leaves([
      'X-One',
      '1',
      'connection',
      'x-one, X-TWO,, close',
      'x-two',
      '2',
      'x-three',
      '3',
      'Connection',
      'x-four',
      'x-four',
      '4',
    ])

    expect(Object.keys(head).sort()).toEqual([...OURS, 'x-three'].sort())
  })

  it('never takes what is ours, for that is added after', () => {
    const every = 'x-user, x-roles, x-assertion, host, forwarded, via, x-request-id, authorization'
    const head = leaves(['Connection', every, 'x-user', 'root'], { config: SPEAKING })

    expect(head).toMatchObject({ 'x-user': ['alice'], host: ['127.0.0.1:8000'], via: ['1.1 sallyport'] })
    expect(head['x-assertion']).toHaveLength(1)
  })

  it('takes a cookie that Connection names', () => {
    expect(leaves(['Connection', 'cookie', 'Cookie', 'a=1'])['cookie']).toBeUndefined()
  })

  it.each(['content-type', 'Content-Encoding', 'content-length', 'content_type'])(
    'refuses Connection: %s: the agent would read another body than was judged',
    (name) => {
      expect(problemOf(['Connection', `keep-alive, ${name}`, 'content-type', 'application/json'])).toBe(
        'malformed-request',
      )
    },
  )

  it('refuses options that are no tokens, and more of them than anybody needs', () => {
    expect(problemOf(['Connection', 'x y'])).toBe('malformed-request')
    expect(problemOf(['Connection', Array.from({ length: 33 }, (_, i) => `x-${i}`).join()])).toBe(
      'malformed-request',
    )
    expect(problemOf(['Connection', Array.from({ length: 32 }, (_, i) => `x-${i}`).join()])).toBeUndefined()
  })
})

describe('R2: grammar', () => {
  it.each([
    ['LF in a value', ['x-a', 'b\nc: d']],
    ['CR LF in a value', ['x-a', 'b\r\nc: d']],
    ['bare CR in a value', ['x-a', 'b\rc']],
    ['NUL in a value', ['x-a', 'b\0']],
    ['DEL in a value', ['x-a', 'b\x7f']],
    ['a character above latin1', ['x-a', '\u0100']],
    ['a space at the front of a value', ['x-a', ' b']],
    ['a tab at the end of a value', ['x-a', 'b\t']],
    ['a space in a name', ['x a', 'b']],
    ['a colon in a name', ['x:a', 'b']],
    ['a line feed in a name', ['x\na', 'b']],
    ['an empty name', ['', 'b']],
    ['a name beyond ASCII', ['x-\u00e9', 'b']],
    ['a name without a value', ['x-a']],
    ['a broken value in a field that is stripped', ['Authorization', 'a\r\nb']],
  ])('refuses %s', (_, rawHeaders) => {
    expect(problemOf(rawHeaders)).toBe('malformed-request')
  })

  it('judges a name again that it saw before', () => {
    const input = assembly(['x a', 'b'])

    expect(assembleRequest(input)).toBeInstanceOf(Denial)
    expect(assembleRequest(input)).toBeInstanceOf(Denial)
  })

  it('remembers a bounded number of names, and judges all others alike', () => {
    const invented = Array.from({ length: 2_000 }, (_, i) => [`x-invented-${i}`, '1']).flat()
    const head = leaves([...invented, 'x_forwarded_for', '6.6.6.6', 'x-late', '1'])

    expect(head['x_forwarded_for']).toBeUndefined()
    expect(head['x-late']).toEqual(['1'])
    expect(Object.keys(head)).toHaveLength(2_001 + OURS.length)
  })
})

describe('R5: Max-Forwards', () => {
  it.each([
    ['OPTIONS', '3', '2'],
    ['POST', '3', '3'],
    ['GET', '0', '0'],
  ])('%s %s leaves as %s', (method, given, left) => {
    expect(leaves(['Max-Forwards', given], { method })['max-forwards']).toEqual([left])
  })

  it('is not forwarded at 0', () => {
    expect(problemOf(['Max-Forwards', '0'], { method: 'OPTIONS' })).toBe('not-supported')
  })

  it.each([
    [['max-forwards', '-1']],
    [['max-forwards', '1e9']],
    [['max-forwards', '1', 'max-forwards', '2']],
  ])('refuses %j', (rawHeaders) => {
    expect(problemOf(rawHeaders)).toBe('malformed-request')
  })
})

describe('R38: identity', () => {
  it('is told in plain headers where configured', () => {
    expect(leaves([], { config: SPEAKING })).toMatchObject({
      'x-user': ['alice'],
      'x-issuer': ['https://idp.test'],
      'x-roles': ['reader,operator'],
      'x-client': ['cli'],
    })
  })

  it.each([
    'X-User',
    'x_user',
    'X.User',
    'xuser',
    'X-Roles',
    'X_Roles',
    'X-Assertion',
    'x_assertion',
    'X-Client',
  ])('is never what the client says by %s', (name) => {
    const head = leaves([name, 'root', name, 'root'], { config: SPEAKING })

    expect(Object.values(head).flat()).not.toContain('root')
  })

  it('says nothing of what is not known, and strips the twin all the same', () => {
    const head = leaves(['x-client', 'root'], {
      config: SPEAKING,
      principal: somebody({ clientId: undefined, roles: [] }),
    })

    expect(head['x-client']).toBeUndefined()
    expect(head['x-roles']).toBeUndefined()
  })

  it.each([
    ['J\u00fcrgen', 'J%C3%BCrgen'],
    ['a b', 'a%20b'],
    ['100%', '100%25'],
    ['a,b', 'a%2Cb'],
    ['a\u2028b', 'a%E2%80%A8b'],
    ['a\r\nx-admin: 1', 'a%0D%0Ax-admin:%201'],
    ['\u{1F600}', '%F0%9F%98%80'],
  ])('is percent-encoded where it is not plain: %j', (subject, written) => {
    expect(leaves([], { config: SPEAKING, principal: somebody({ subject }) })['x-user']).toEqual([written])
  })

  it('keeps roles apart that hold a comma', () => {
    const principal = somebody({ roles: ['reader', 'a,admin', ''] })

    expect(leaves([], { config: SPEAKING, principal })['x-roles']).toEqual(['reader,a%2Cadmin'])
  })

  it.each([{ subject: 'a\ud800' }, { roles: ['ok', '\udc00'] }])(
    'is refused where UTF-8 would make it somebody else: %j',
    (over) => {
      expect(problemOf([], { config: SPEAKING, principal: somebody(over) })).toBe('token-invalid')
    },
  )
})

describe('ownHeaders', () => {
  const assertions = createAssertions('https://agents.test', systemClock)

  it.each(['host', 'Content_Length', 'transfer-encoding', 'via', 'x-request-id', 'bad name', 'cookie'])(
    'refuses "%s" at load',
    (name) => {
      const config = upstreamConfig('http://127.0.0.1', { identityHeaders: [{ name, from: 'subject' }] })

      expect(() => ownHeaders(config, assertions)).toThrow('cannot be a header of ours')
    },
  )

  it('takes Authorization for the assertion, as many agents want it', () => {
    const config = { assertion: { header: 'Authorization', audience: 'agent', lifetimeMs: 60_000 } }
    const [value = '', ...more] =
      leaves(['Authorization', 'Bearer SECRET'], { config })['authorization'] ?? []

    expect(value.split('.')).toHaveLength(3)
    expect(more).toEqual([])
  })
})
