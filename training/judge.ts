import type { Call, Origin } from '../src/core/call.ts'
import { ORIGINS } from '../src/core/call.ts'
import type { ScreenConfig } from '../src/core/config.ts'
import { injectionModel } from '../src/screen/detectors/injection-model.ts'
import { createScreen, type Screen, ScreenFault } from '../src/screen/screen.ts'

/** Highest score of a text, 0 where nothing was found. */
export type Judge = (text: string, kind: string) => Promise<number>

const THRESHOLD = 0.5
const SETTINGS: ScreenConfig = {
  mode: 'monitor',
  thresholds: Object.fromEntries(ORIGINS.map((origin) => [origin, THRESHOLD])) as Record<Origin, number>,
}

/** The screen as it is shipped, and the model alone. */
export const judges: Readonly<Record<'screen' | 'model', Judge>> = {
  screen: judgeOf(createScreen()),
  model: judgeOf(createScreen([injectionModel], [])),
}

function judgeOf(screen: Screen): Judge {
  return async (text, kind) => {
    const verdict = await screen.screen(callOf(text, originOf(kind)), SETTINGS, false)
    if (verdict instanceof ScreenFault) throw new Error(verdict.reason)
    return verdict.score
  }
}

/** Where texts of a kind stand in a call. */
function originOf(kind: string): Origin {
  if (kind === 'indirect' || kind === 'benign-doc') return 'tool-result'
  return 'user'
}

function callOf(text: string, origin: Origin): Call {
  return {
    operation: 'chat/completions',
    model: undefined,
    tool: undefined,
    args: undefined,
    texts: [{ origin, at: '/messages/0/content', text }],
    stream: false,
    opaque: false,
  }
}
