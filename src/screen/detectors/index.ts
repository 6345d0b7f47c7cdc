import type { Detector } from '../../core/verdict.ts'
import { anomaly } from './anomaly.ts'
import { chatTemplate } from './chat-template.ts'
import { contextStuffing } from './context-stuffing.ts'
import { encodedPayload } from './encoded-payload.ts'
import { exfiltration } from './exfiltration.ts'
import { injectionModel } from './injection-model.ts'
import { injectionSignature } from './injection-signature.ts'
import { instructionWithin } from './instruction-in-data.ts'
import { invisibleText } from './invisible-text.ts'
import { promptExtraction } from './prompt-extraction.ts'
import { secrets } from './secrets.ts'
import { toolPoisoning } from './tool-poisoning.ts'
import { webAttack } from './web-attack.ts'

/**
 * Every detector, in the order in which they look. A new one is one file and one line here.
 */
export const detectors: readonly Detector[] = [
  invisibleText,
  encodedPayload,
  injectionSignature,
  chatTemplate,
  exfiltration,
  toolPoisoning,
  promptExtraction,
  instructionWithin,
  webAttack,
  anomaly,
  contextStuffing,
  secrets,
  injectionModel,
]

/**
 * Detectors that judge how a text is written, not what it says. They alone look at `system` texts of callers who are
 * believed: an operator's own prompt may well say "never reveal these instructions", but hides nothing.
 */
export const structural: readonly Detector[] = [invisibleText]
