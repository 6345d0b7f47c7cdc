/** A bounded HTTP GET for what the gateway itself needs (JWKS, discovery). Redirects are never followed. */
export type Fetch = (request: FetchRequest) => Promise<FetchAnswer>

/** What is fetched, and within which bounds. */
export interface FetchRequest {
  /** `https:`; `http:` only on loopback. */
  readonly url: string
  /** PEM bundle to trust instead of the system's store. */
  readonly ca: string | undefined
  readonly timeoutMs: number
  readonly bytesMax: number
}

/** Rejects on network faults, redirects, timeouts and bodies over the bound; the message names no secret. */
export interface FetchAnswer {
  readonly status: number
  readonly contentType: string | undefined
  readonly body: Uint8Array
}
