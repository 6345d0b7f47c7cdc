import { readFile, stat } from 'node:fs/promises'
import type { IssuerConfig } from '../core/config.ts'
import type { Fetch } from '../core/fetch.ts'
import { JsonFault, readJson } from '../json/read.ts'
import { isObject } from './shape.ts'

/** Where the JWK Set of an issuer comes from. */
export interface Source {
  /** Longest time between two readings while all is well, milliseconds. */
  readonly refreshMs: number
  /** Shortest time between two readings that an unknown `kid` may cause, milliseconds. */
  readonly cooldownMs: number
  /** Reads the document. Rejects when it cannot be had. */
  read(): Promise<Uint8Array>
}

/** Makes the source that the configuration names. Nothing is read yet. */
export function openSource(issuer: IssuerConfig, fetch: Fetch): Source {
  const { keys } = issuer
  if (keys.kind === 'file') return fileSource(keys.path)

  const get = getter(fetch, keys.ca)
  const locate =
    keys.kind === 'url' ? () => Promise.resolve(keys.url) : discovery(keys.url, issuer.issuer, get)
  return {
    refreshMs: 600_000,
    cooldownMs: issuer.cooldownMs,
    read: async () => get(await locate()),
  }
}

type Get = (url: string) => Promise<Uint8Array>

/** Fetch itself refuses plain HTTP beyond loopback, redirects and longer bodies, and waits 5 s at most. */
function getter(fetch: Fetch, ca: string | undefined): Get {
  return async (url) => {
    const answer = await fetch({ url, ca, timeoutMs: 5_000, bytesMax: DOCUMENT_BYTES_MAX })
    if (answer.status !== 200) throw new Error(`status ${answer.status}`)
    if (answer.body.byteLength > DOCUMENT_BYTES_MAX) throw new Error('a body over 1 MiB')
    return answer.body
  }
}

const DOCUMENT_BYTES_MAX = 1_048_576

/**
 * Finds the JWK Set by the issuer's metadata (OpenID Connect Discovery, RFC 8414).
 *
 * RFC 8414 section 3.3: `issuer` must be identical to the one asked for, or an attacker who runs one issuer could offer their
 * keys for another. The place is asked for again each time, since it may move with the keys.
 */
function discovery(url: string, issuer: string, get: Get): () => Promise<string> {
  return async () => {
    const metadata = readJson(await get(url), { depthMax: 16 })
    if (metadata instanceof JsonFault || !isObject(metadata))
      throw new Error('metadata that is not strict JSON')
    if (metadata['issuer'] !== issuer) throw new Error('metadata of another issuer')
    const place = metadata['jwks_uri']
    if (typeof place !== 'string') throw new Error('metadata without jwks_uri')
    return place
  }
}

/** A file is looked at once a second and read when it changed; symbolic links are followed, for ConfigMaps swap them. */
function fileSource(path: string): Source {
  let last = { version: '', bytes: new Uint8Array() }
  return {
    refreshMs: 1_000,
    cooldownMs: 1_000,
    async read() {
      const found = await stat(path)
      if (!found.isFile()) throw new Error('not a file')
      if (found.size > DOCUMENT_BYTES_MAX) throw new Error('a file over 1 MiB')
      const version = `${found.dev} ${found.ino} ${found.size} ${found.mtimeMs}`
      if (version !== last.version) last = { version, bytes: await readFile(path) }
      return last.bytes
    },
  }
}
