import type { ServerHttp2Stream } from 'node:http2'
import type { BodySink, BodySource } from './body.ts'
import type { Http2Client } from './http2-client.ts'

/** The body of one HTTP/2 request on its way in. */
export class StreamBody implements BodySource {
  readonly #stream: ServerHttp2Stream
  readonly #client: Http2Client

  constructor(stream: ServerHttp2Stream, client: Http2Client) {
    this.#stream = stream
    this.#client = client
  }

  get complete(): boolean {
    return this.#client.complete()
  }

  start(sink: BodySink): void {
    const stream = this.#stream
    if (stream.destroyed && !stream.readableEnded) return sink.fail('aborted')
    stream.on('data', (piece: Uint8Array) => sink.piece(piece))
    stream.once('end', () => sink.end())
    stream.once('error', () => sink.fail('aborted'))
    // After an end it is too late to fail: whoever read has read all.
    stream.once('close', () => {
      if (!stream.readableEnded) sink.fail('aborted')
    })
    this.#client.proceed()
  }

  pause(): void {
    this.#stream.pause()
  }

  resume(): void {
    this.#stream.resume()
  }
}
