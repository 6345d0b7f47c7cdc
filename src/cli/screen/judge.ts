import { type Call, type Origin, ORIGINS } from '../../core/call.ts'
import type { ScreenConfig } from '../../core/config.ts'
import type { PlacedFinding, Verdict } from '../../core/verdict.ts'
import { createScreen, ScreenFault } from '../../screen/screen.ts'
import { Failure } from '../base/failure.ts'

/** Judges one text as the gateway would. */
export type Judge = (text: string, origin: Origin) => Promise<Verdict>

/**
 * A judge with one threshold for all origins.
 *
 * @throws {Failure} on a detector that breaks.
 */
export function judgeAt(threshold: number): Judge {
  const screen = createScreen()
  const thresholds = Object.fromEntries(ORIGINS.map((origin) => [origin, threshold])) as Record<
    Origin,
    number
  >
  const settings: ScreenConfig = { mode: 'enforce', thresholds }
  return async (text, origin) => {
    const verdict = await screen.screen(callOf(text, origin), settings, false)
    if (verdict instanceof ScreenFault)
      throw new Failure(
        `screening broke: ${verdict.reason}`,
        'report it as a bug, with the text if you may',
        2,
      )
    return verdict
  }
}

/** The finding that counts most. */
export function highest({ findings }: Verdict): PlacedFinding | undefined {
  return findings.reduce<PlacedFinding | undefined>(
    (high, finding) => (high === undefined || finding.score > high.score ? finding : high),
    undefined,
  )
}

function callOf(text: string, origin: Origin): Call {
  return {
    operation: 'screen',
    model: undefined,
    tool: undefined,
    args: undefined,
    texts: [{ origin, at: 'text', text }],
    stream: false,
    opaque: false,
  }
}
