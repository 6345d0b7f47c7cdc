import type { Detector } from '../../core/verdict.ts'
import { signatureFindings } from './injection-signature.ts'

/** Texts that are encoded over and over are not read to the end; the record tells, so that nobody takes silence for safety. */
const UNREAD = { detector: 'encoded-payload', rule: 'unread', score: 0.3 } as const

/** Finds instructions that only the decoded text shows: who hides an order from the reader means it. */
export const encodedPayload: Detector = {
  name: 'encoded-payload',
  summary:
    'Encoded text (base64, hex, URL, form, HTML, escapes, rot13, reversed, letters parted or written as digits) that decodes to an injection.',
  costNsPerCharMax: 40,
  scan(view) {
    if (view.unread !== undefined) return [{ ...UNREAD, start: 0, end: view.unread }]
    return view.decodedBy === undefined ? [] : signatureFindings(view, 'encoded-payload')
  },
}
