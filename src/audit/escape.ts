// Lines are printable ASCII, all else escaped: nothing in a record can end a line, move a terminal's cursor, hide
// itself or turn the direction of writing; and bytes, characters and offsets are one count.

/** Marks a string that was cut (U+2026). */
const CUT = '…'

const PLAIN = /^[ !#-[\]-~]*$/
const NOT_PRINTABLE = /[^ -~]/g

/**
 * A JSON string of printable ASCII.
 *
 * @param unitsMax Longer values are cut there, and end in U+2026: an attacker's long name must not crowd out a record.
 */
export function quote(value: string, unitsMax: number): string {
  const kept = value.length > unitsMax ? value.slice(0, unitsMax - 1) + CUT : value
  if (PLAIN.test(kept)) return `"${kept}"`

  return JSON.stringify(kept).replace(NOT_PRINTABLE, escaped)
}

/** A JSON list of strings; what is over `countMax` is left out, and a last element says how many were. */
export function quoteList(values: readonly string[], countMax: number, unitsMax: number): string {
  let list = ''
  for (let index = 0; index < values.length && index < countMax; index++) {
    list += (index === 0 ? '' : ',') + quote(values[index] ?? '', unitsMax)
  }
  if (values.length > countMax) list += `,"+${values.length - countMax} more"`
  return `[${list}]`
}

/** A JSON number, to the thousandth. What JSON cannot say (NaN, infinities) is 0. */
export function number(value: number): string {
  if (Number.isSafeInteger(value)) return String(value)

  const rounded = Math.round(value * 1_000) / 1_000
  return Number.isFinite(rounded) ? String(rounded) : '0'
}

// A lone surrogate is escaped already: JSON.stringify is well-formed.
function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
