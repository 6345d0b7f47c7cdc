/** A parsed JSON document, exactly as RFC 8259 defines one. Objects have a null prototype. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

/** An object of a parsed document; `__proto__` is an ordinary member of it. */
export interface JsonObject {
  readonly [member: string]: Json
}
