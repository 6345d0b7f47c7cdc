/**
 * The same function of a text, not worked out again for the text it was last asked about: decoders that change nothing show
 * detectors each text again. Keeps that one text, and what was said of it.
 */
export function once<T>(of: (text: string) => T): (text: string) => T {
  let last = ''
  let said = of(last)
  return (text) => {
    if (text !== last) {
      said = of(text)
      last = text
    }
    return said
  }
}
