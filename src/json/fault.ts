/**
 * Why a document was refused. `utf-8`: not UTF-8 (RFC 3629: overlong forms, encoded surrogates, cut sequences). `bom`: begins
 * with U+FEFF (RFC 8259 section 8.1 forbids it to writers). `empty`: nothing but white space. `syntax`: not the grammar of
 * RFC 8259. `control`: a raw control character in a string. `escape`: a backslash that begins no escape. `surrogate`: half
 * of a pair. `number-range`: more than a double holds. `duplicate`: a member name twice in one object. `depth`: nested
 * deeper than the bound. `trailing`: bytes behind the document.
 */
export type JsonFaultKind =
  | 'utf-8'
  | 'bom'
  | 'empty'
  | 'syntax'
  | 'control'
  | 'escape'
  | 'surrogate'
  | 'number-range'
  | 'duplicate'
  | 'depth'
  | 'trailing'

/** A refusal to read, as a value. It says what is wrong and where, never what stands there. */
export class JsonFault {
  readonly kind: JsonFaultKind
  /** Bytes before the place where reading stopped; for `utf-8` it may stand up to two bytes late. */
  readonly offset: number

  constructor(kind: JsonFaultKind, offset: number) {
    this.kind = kind
    this.offset = offset
  }
}
