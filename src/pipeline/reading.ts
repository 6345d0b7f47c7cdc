import type { Call } from '../core/call.ts'

/** A read request: what it asks for, and the bytes that say so. */
export interface Reading {
  readonly call: Call
  /** The whole body as it will be forwarded; undefined on opaque routes, where it streams unread. */
  readonly bytes: Uint8Array | undefined
  /** Gives the memory back. */
  readonly release: () => void
}
