/** A media type with its parameters. */
export interface MediaType {
  /** `type/subtype`, lower case. */
  readonly essence: string
  /** Values by lower-case name; quotes removed. */
  readonly parameters: ReadonlyMap<string, string>
}

/**
 * Reads a Content-Type by the grammar of RFC 9110 section 8.3.1, and what readers dispute not at all: undefined for tabs, a
 * parameter given twice, a backslash in a quoted string, anything behind a comma. An attacker who gets the gateway and the
 * agent to see two media types gets the body past the one that screens it.
 *
 * @param value The field's value, white space around it removed.
 */
export function readMediaType(value: string): MediaType | undefined {
  const head = TYPE.exec(value)
  if (head === null) return undefined
  const parameters = readParameters(value.slice(head[0].length))

  return parameters && { essence: head[0].toLowerCase(), parameters }
}

// Reads `; name=value` again and again to the end; undefined when it is anything else.
function readParameters(text: string): ReadonlyMap<string, string> | undefined {
  const parameters = new Map<string, string>()
  PARAMETER.lastIndex = 0
  while (PARAMETER.lastIndex < text.length) {
    const found = PARAMETER.exec(text)
    if (found === null) return undefined
    const [, name, token, quoted] = found
    if (name === undefined) continue
    const key = name.toLowerCase()
    if (parameters.has(key)) return undefined
    parameters.set(key, token ?? quoted ?? '')
  }
  return parameters
}

const TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+/
// A lone semicolon is allowed by the grammar; a quoted pair is too, but nobody sends one and readers differ.
const PARAMETER = / *; *(?:([\w!#$%&'*+.^`|~-]+)=(?:([\w!#$%&'*+.^`|~-]+)|"([ !#-[\]-~]*)"))?/y

/** Tells whether a body of this type may be read as UTF-8: that is what is screened, so nothing else may be claimed. */
export function isUtf8Type(type: MediaType): boolean {
  const charset = type.parameters.get('charset')?.toLowerCase()
  return charset === undefined || charset === 'utf-8' || charset === 'utf8' || charset === 'us-ascii'
}

/** `application/json`, or a type with the suffix `+json` (RFC 6839 section 3.1). */
export function isJsonType(type: MediaType): boolean {
  return type.essence === 'application/json' || type.essence.endsWith('+json')
}
