/** Rounds of decoding: `%252e` is `%25` and `2e`, and seldom anybody goes on. */
const ROUNDS_MAX = 3
/** Longer forms of `.`, `/` and `\` that lenient decoders take (RFC 3629 section 10 forbids them), as bytes. */
const OVERLONG: readonly (readonly [bytes: RegExp, character: string])[] = [
  [
    /%(?:c0%(?:ae|2e|ee|fe|5e)|e0%(?:80|40)%ae|f0%80%80%(?:ae|2e|af)|c0%80%ae|fc%80%80%80%80%ae|u002e|uff0e|c0%6e|%32%65|%32%%65)|0x2e/g,
    '.',
  ],
  [
    /%(?:c0%(?:af|2f)|c1%(?:9c|1c)|e0%80%af|f8%80%80%80%af|u2215|u2216|u002f|uefc8|uf025|c0%(?:5c|qf|9v)|c1%(?:pc|8s)|bg%qf|%32%66|%32%%66|%35%%63)|\\?0x(?:5c|2f)/g,
    '/',
  ],
]
const ENCODED = /%|0x/
const ESCAPED = /%[0-9a-f]{2}/
const ESCAPE = /%([0-9a-f]{2})/g
const WIDE_ESCAPE = /%u00([0-9a-f]{2})/g

/** A parameter's value as the program behind may read it: lower case, percent escapes decoded, however deep. */
export function decodeValue(text: string): string {
  let value = text.toLowerCase()
  for (let round = 0; round < ROUNDS_MAX && ENCODED.test(value); round++) {
    for (const [bytes, character] of OVERLONG) value = value.replace(bytes, character)
    value = value.replace(WIDE_ESCAPE, letter)
    if (!ESCAPED.test(value)) break
    value = value.replace(ESCAPE, letter).toLowerCase()
  }
  return value
}

function letter(_: string, hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16))
}
