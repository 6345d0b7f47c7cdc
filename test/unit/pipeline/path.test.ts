import { describe, expect, it } from 'vitest'
import { readTarget, TargetFault } from '../../../src/pipeline/path.ts'

describe('readTarget', () => {
  it.each([
    ['/', '/', ''],
    ['/v1/chat/completions', '/v1/chat/completions', ''],
    ['/v1/messages?beta=true', '/v1/messages', 'beta=true'],
    ['/a/', '/a/', ''],
    ['/files/report.v2.pdf', '/files/report.v2.pdf', ''],
    ['/files/..hidden', '/files/..hidden', ''],
    ['/a?x=a/../b&y=%2e%2e', '/a', 'x=a/../b&y=%2e%2e'],
    ['/a?b?c', '/a', 'b?c'],
    ['/a?', '/a', ''],
    ["/~user/a-b_c/!$&'()*+,=:@", "/~user/a-b_c/!$&'()*+,=:@", ''],
    ['/%c3%a9t%C3%A9', '/%C3%A9t%C3%A9', ''],
    ['/a%20b', '/a%20b', ''],
  ])('reads %s', (target, path, query) => {
    expect(readTarget(target)).toEqual({ path, query, authority: undefined })
  })

  it('puts escaped unreserved characters in the open, so that policy and upstream see one path', () => {
    expect(readTarget('/%61dmin/%7Eroot')).toEqual({ path: '/admin/~root', query: '', authority: undefined })
  })

  it.each([
    ['https://agents.example.com/chat?x=1', '/chat', 'x=1', 'agents.example.com'],
    ['HTTPS://Agents.Example.com:8443/chat', '/chat', '', 'agents.example.com:8443'],
    ['https://agents.example.com', '/', '', 'agents.example.com'],
    ['https://agents.example.com?x=1', '/', 'x=1', 'agents.example.com'],
    ['https://[::1]:8443/a', '/a', '', '[::1]:8443'],
  ])('R14: takes the absolute form %s apart', (target, path, query, authority) => {
    expect(readTarget(target)).toEqual({ path, query, authority })
  })

  it.each([
    ['encoded slash', '/a%2Fb'],
    ['encoded slash, lower case', '/a%2fb'],
    ['encoded backslash', '/a%5Cb'],
    ['encoded dot segment', '/a/%2e%2e/b'],
    ['half-encoded dot segment', '/a/.%2E/b'],
    ['encoded dot anywhere', '/a%2Eb'],
    ['double encoding', '/a%252Fb'],
    ['encoded NUL', '/a%00'],
    ['encoded line feed', '/a%0Ab'],
    ['encoded DEL', '/a%7f'],
    ['encoded semicolon', '/a%3Bb'],
    ['encoded question mark', '/a%3Fb'],
    ['encoded fragment', '/a%23b'],
    ['path parameter', '/a;v=1/b'],
    ['backslash', '/a\\b'],
    ['dot segment', '/a/./b'],
    ['dot-dot segment', '/a/../b'],
    ['dot-dot at the end', '/a/..'],
    ['three dots', '/a/.../b'],
    ['empty segment', '/a//b'],
    ['empty segment at the start', '//a'],
    ['fragment', '/a#b'],
    ['space', '/a b'],
    ['control', '/a\u0001b'],
    ['NUL', '/a\u0000b'],
    ['letters in the open that are not ASCII', '/é'],
    ['overlong UTF-8', '/a%C0%AFb'],
    ['cut-off UTF-8', '/a%C3'],
    ['encoded surrogate', '/a%ED%A0%80'],
    ['full-width slash', '/a%EF%BC%8Fb'],
    ['full-width dots', '/a/%EF%BC%8E%EF%BC%8E/b'],
    ['one-dot leader', '/a%E2%80%A4b'],
    ['broken escape', '/a%2'],
    ['escape of no hex', '/a%zz'],
    ['percent u', '/a%u002f'],
    ['angle bracket in the query', '/a?x=<script>'],
    ['fragment in the query', '/a?x#y'],
    ['control in the query', '/a?x=\u0000'],
    ['empty', ''],
    ['asterisk form', '*'],
    ['authority form', 'agents.example.com:443'],
    ['plain http absolute form', 'http://agents.example.com/'],
    ['user info', 'https://user@agents.example.com/'],
    ['path without a slash', 'a/b'],
    ['absolute form with a dot segment', 'https://agents.example.com/../a'],
  ])('refuses %s', (_, target) => {
    expect(readTarget(target)).toBeInstanceOf(TargetFault)
  })
})
