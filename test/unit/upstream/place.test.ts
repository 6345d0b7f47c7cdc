import { describe, expect, it } from 'vitest'
import { isLoopback, readPlace } from '../../../src/upstream/place.ts'

describe('readPlace', () => {
  it.each([
    'https://agent.example',
    'http://127.0.0.1:8000',
    'http://127.8.9.1',
    'http://[::1]:1',
    'http://localhost/x',
  ])('takes %s', (url) => {
    expect(readPlace(url).href.startsWith(url)).toBe(true)
  })

  it.each([
    'http://agent.example',
    'http://10.0.0.1',
    'http://128.0.0.1',
    'http://[::2]',
    'http://localhost.example',
    'ftp://localhost',
    'http://user:pw@localhost',
    'https://u@agent.example',
  ])('refuses %s', (url) => {
    expect(() => readPlace(url)).toThrow(/clear text|not spoken|credentials/)
  })

  it('takes clear text over a unix socket, whatever the host is called', () => {
    expect(readPlace('http://agent', '/run/agent.sock').host).toBe('agent')
  })
})

describe('isLoopback', () => {
  it.each([
    ['127.0.0.1', true],
    ['[::1]', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['[::ffff:10.0.0.1]', false],
    ['127.0.0.1.example', false],
  ])('%s: %s', (host, loopback) => {
    expect(isLoopback(host)).toBe(loopback)
  })
})
