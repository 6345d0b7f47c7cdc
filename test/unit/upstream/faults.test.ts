import { errors } from 'undici'
import { describe, expect, it } from 'vitest'
import { BodyFaultError } from '../../../src/core/exchange.ts'
import { Denial } from '../../../src/problem/problems.ts'
import { denialOf, Ended, isLostConnection } from '../../../src/upstream/faults.ts'

const coded = (code: string): Error => Object.assign(new Error('m'), { code })

describe('denialOf', () => {
  it.each([
    [new errors.ConnectTimeoutError(), 'upstream-timeout'],
    [new errors.HeadersTimeoutError(), 'upstream-timeout'],
    [new errors.BodyTimeoutError(), 'upstream-timeout'],
    [coded('ETIMEDOUT'), 'upstream-timeout'],
    [coded('ECONNREFUSED'), 'upstream-unreachable'],
    [coded('ENOTFOUND'), 'upstream-unreachable'],
    [coded('ENOENT'), 'upstream-unreachable'],
    [coded('DEPTH_ZERO_SELF_SIGNED_CERT'), 'upstream-unreachable'],
    [new errors.SocketError('other side closed'), 'upstream-unreachable'],
    [new errors.HTTPParserError('bad'), 'upstream-invalid'],
    [new errors.HeadersOverflowError(), 'upstream-invalid'],
    [coded('ERR_ASSERTION'), 'upstream-invalid'],
    [new errors.RequestContentLengthMismatchError(), 'malformed-request'],
    [new errors.InvalidArgumentError('bad header'), 'internal'],
    [new BodyFaultError('too-large'), 'content-too-large'],
    [new BodyFaultError('too-slow'), 'request-timeout'],
    [new BodyFaultError('aborted'), 'upstream-unreachable'],
    [new Ended(new Denial('upstream-timeout', 'late')), 'upstream-timeout'],
  ])('%s is %s', (error, problem) => {
    expect(denialOf(error, false).problem).toBe(problem)
  })

  it('is upstream-invalid for a connection that broke after a byte had come', () => {
    expect(denialOf(new errors.SocketError('other side closed'), true).problem).toBe('upstream-invalid')
  })

  it('bounds what it keeps of the message', () => {
    expect(denialOf(new Error('x'.repeat(10_000)), false).reason.length).toBe(200)
  })
})

describe('isLostConnection', () => {
  it.each([
    ['UND_ERR_SOCKET', true],
    ['ECONNRESET', true],
    ['EPIPE', true],
    ['ECONNREFUSED', false],
    ['UND_ERR_HEADERS_TIMEOUT', false],
  ])('%s: %s', (code, lost) => {
    expect(isLostConnection(coded(code))).toBe(lost)
  })
})
