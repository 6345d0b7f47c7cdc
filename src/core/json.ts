/** A parsed JSON document, exactly as RFC 8259 defines one. Objects have a null prototype. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

export interface JsonObject {
  readonly [member: string]: Json
}
