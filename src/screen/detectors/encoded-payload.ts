import type { Detector } from '../../core/verdict.ts'
import { signatureFindings } from './injection-signature.ts'

/** Finds instructions that only the decoded text shows: who hides an order from the reader means it. */
export const encodedPayload: Detector = {
  name: 'encoded-payload',
  summary: 'Encoded text (base64, hex, URL, HTML, escapes, rot13, reversed) that decodes to an injection.',
  costNsPerCharMax: 40,
  scan(view) {
    return view.decodedBy === undefined ? [] : signatureFindings(view, 'encoded-payload')
  },
}
