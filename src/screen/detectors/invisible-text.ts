import type { Detector, Finding } from '../../core/verdict.ts'

/** No text without these can hide anything from this detector: most texts end here. */
const ANY =
  /\u115f|\u1160|[\u200b-\u200d\u202d\u202e\u2060-\u206f]|\u3164|[\ufe00-\ufe0f]|\ufeff|\uffa0|\udb40/

const RULES: readonly (readonly [rule: string, score: number, pattern: RegExp])[] = [
  // Printable ASCII moved up to U+E0020, drawn as nothing.
  ['tags', 1, /[\u{e0001}\u{e0020}-\u{e007e}]+/gu],
  // One selector after a symbol or a Han character chooses its picture; three in a row, or one after each letter, are bytes.
  ['variation-selectors', 1, /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]{3,}/gu],
  ['variation-selectors', 1, /(?:[a-z .,][\ufe00-\ufe0f\u{e0100}-\u{e01ef}]){4,}/giu],
  // Bits written as joiners and spaces of no width. Scripts and emoji that need them never need four in a row.
  ['zero-width-run', 1, /[\u115f\u1160\u200b-\u200d\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0]{4,}/gu],
  // A Latin word parted at every letter, so that filters do not know it. Line breaks in long words part it once.
  ['zero-width-split', 0.8, /(?:[a-z][\u200b-\u200d\u2060\ufeff]{1,3}){4,}/giu],
  // Text shown in another order than it is read in. Right-to-left scripts use embeddings and isolates, not overrides.
  ['bidi-override', 0.8, /[\u202d\u202e]/gu],
]

/** More findings of one rule in one text say nothing new. */
const FINDINGS_MAX = 32

/** Finds text that a model reads and a person does not see. */
export const invisibleText: Detector = {
  name: 'invisible-text',
  summary:
    'Text that a model reads and a person does not see: tag characters, variation selectors and zero-width characters that carry data, overridden direction.',
  costNsPerCharMax: 8,
  scan({ text }) {
    if (!ANY.test(text)) return []

    const findings: Finding[] = []
    for (const [rule, score, pattern] of RULES) {
      for (const match of text.matchAll(pattern)) {
        const start = match.index
        const end = start + match[0].length
        if (rule === 'tags' && isRegionFlag(text, start, end)) continue
        findings.push({ detector: 'invisible-text', score, start, end, rule })
        if (findings.length === FINDINGS_MAX) return findings
      }
    }
    return findings
  },
}

// The flags of England, Scotland and Wales are U+1F3F4, tags, U+E007F (UTS #51): not an attack.
// An attacker could hide text inside a false flag, so only the three real ones pass.
function isRegionFlag(text: string, start: number, end: number): boolean {
  const opened = text.startsWith('\u{1F3F4}', start - 2)
  const closed = text.startsWith('\u{E007F}', end)
  return opened && closed && REGIONS.has(text.slice(start, end))
}

const REGIONS: ReadonlySet<string> = new Set(['gbeng', 'gbsct', 'gbwls'].map(tagged))

function tagged(ascii: string): string {
  return [...ascii].map((char) => String.fromCodePoint(0xe0000 + char.charCodeAt(0))).join('')
}
