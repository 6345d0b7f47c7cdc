import type { z } from 'zod'
import { bytes, count, duration, section } from './values.ts'

/** `bounds`: every queue, buffer, stream and wait of the gateway as a whole has one. */
export const bounds = section({
  connections_max: count(10_000, 1, 1_000_000).describe('Connections at once. More are closed.'),
  connections_per_peer_max: count(1_000, 1, 1_000_000).describe(
    'Connections of one peer address at once (in IPv6: of one /64). More are closed.',
  ),
  requests_per_peer_per_s: count(2_000, 1, 1_000_000).describe(
    'Requests of one peer address (in IPv6: of one /64) in one second, before it is known who asks. More: `rate-exceeded`. Trusted peers are exempt.',
  ),
  silent: duration('5s', { min: '100ms', max: '30s' }).describe(
    'How long a connection may be silent before its first byte.',
  ),
  handshake: duration('5s', { min: '100ms', max: '30s' }).describe('TLS handshake.'),
  headers: duration('5s', { min: '100ms', max: '30s' }).describe(
    'From the first byte of a request to the end of its head. Then: `request-timeout`.',
  ),
  idle: duration('60s', { min: '1s', max: '10m' }).describe(
    'Kept-alive connection without a request, and an answer of which the client takes nothing. Then: closed.',
  ),
  request: duration('120s', { min: '1s', max: '1h' }).describe(
    'Head and body of one request. Then: `request-timeout`.',
  ),
  body_per_s_min: bytes('1KiB', { min: '0B', max: '1MiB' }).describe(
    'Slowest body accepted, in one second, after 5 s of grace. Slower: `request-timeout`.',
  ),
  head_max: bytes('16KiB', { min: '4KiB', max: '64KiB' }).describe(
    'Largest request head. Larger: `headers-too-large`.',
  ),
  headers_max: count(100, 10, 1_000).describe('Header fields of one request. More: `headers-too-large`.'),
  target_max: bytes('8KiB', { min: '256B', max: '32KiB' }).describe(
    'Longest request target, path and query. Longer: `headers-too-large`.',
  ),
  streams_max: count(100, 1, 100).describe('HTTP/2 streams of one connection at once.'),
  resets_per_s_max: count(50, 1, 10_000).describe(
    'HTTP/2 streams that a peer may reset in one second, by connection. More: GOAWAY.',
  ),
  control_frames_per_s_max: count(100, 1, 10_000).describe(
    'HTTP/2 SETTINGS and PING frames in one second, by connection. More: GOAWAY.',
  ),
  requests_per_turn_max: count(8, 1, 1_000).describe(
    'Requests of one connection started in one turn of the event loop, so that nobody who sends many at once holds up others.',
  ),
  body_memory_max: bytes('64MiB', { min: '1MiB', max: '16GiB' }).describe(
    'All request bodies held in memory together. At more: `overloaded`.',
  ),
  exchanges_max: count(4_096, 1, 100_000).describe(
    'Exchanges at once, all routes together. More: `overloaded`.',
  ),
  loop_delay_max: duration('500ms', { min: '20ms', max: '10s' }).describe(
    'Event loop delay at which new requests are shed with `overloaded`.',
  ),
  drain: duration('30s', { min: '0s', max: '10m' }).describe(
    'How long a shutdown waits for exchanges in flight.',
  ),
  drain_notice: duration('2s', { min: '0s', max: '60s' }).describe(
    'Part of `drain`: how long new connections are still taken after `/readyz` says no, so that balancers see it first.',
  ),
  texts_max: count(20_000, 16, 1_000_000).describe(
    'Texts of one request that are screened. More: `content-too-large`.',
  ),
  json_depth_max: count(64, 4, 256).describe('Deepest nesting of a JSON body. Deeper: `body-invalid`.'),
})

/** What the file says of bounds. */
export type BoundsSetting = z.output<typeof bounds>
