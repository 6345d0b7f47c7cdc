import { Denial, type ProblemName } from '../problem/problems.ts'

/** What the codes of undici, llhttp and the system mean for the client. Whatever is not named here could not be reached. */
const PROBLEMS: ReadonlyMap<string, ProblemName> = new Map([
  ['UND_ERR_HEADERS_TIMEOUT', 'upstream-timeout'],
  ['UND_ERR_BODY_TIMEOUT', 'upstream-timeout'],
  ['SALLYPORT_TOTAL_TIMEOUT', 'upstream-timeout'],
  ['UND_ERR_HEADERS_OVERFLOW', 'upstream-invalid'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'upstream-invalid'],
  ['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'upstream-invalid'],
])

/** The refusal for a fault before an answer began. Its reason is for the record and names no address. */
export function denialOf(fault: Error): Denial {
  const code = codeOf(fault)
  const invalid = code.startsWith('HPE_') || /^bad (?:response|upgrade)/.test(fault.message)
  return new Denial(
    PROBLEMS.get(code) ?? (invalid ? 'upstream-invalid' : 'upstream-unreachable'),
    reasonOf(fault),
  )
}

/** Code of a fault, else its class: messages may hold addresses. */
export function reasonOf(fault: Error): string {
  return codeOf(fault) || fault.name
}

function codeOf(fault: Error): string {
  return 'code' in fault && typeof fault.code === 'string' ? fault.code : ''
}
