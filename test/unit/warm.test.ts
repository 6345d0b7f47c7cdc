import { describe, expect, it } from 'vitest'
import type { Route } from '../../src/pipeline/route.ts'
import { bodyMemory } from '../../src/limit/memory.ts'
import { protocols } from '../../src/protocol/index.ts'
import { createScreen, type Screen } from '../../src/screen/screen.ts'
import { warmUp } from '../../src/warm.ts'
import { testRoute } from '../fixtures/gate.ts'

const bounds = { memory: bodyMemory(1_000), jsonDepthMax: 64, textsMax: 1_000 }
const route = (protocol: 'http' | 'openai' | 'anthropic'): Route =>
  // Only what is warmed is looked at.
  ({ protocol: protocols[protocol], config: testRoute('http://127.0.0.1:1', { protocol }) }) as Route

describe('warmUp', () => {
  it('passes an innocent request of each protocol', async () => {
    await expect(
      warmUp([route('http'), route('openai'), route('anthropic')], bounds, createScreen()),
    ).resolves.toBeUndefined()
  })

  it('stops the start when screening refuses everybody', async () => {
    const screen: Screen = {
      screen: () => ({ effect: 'reject', score: 1, findings: [], monitored: false }),
      selfTest: () => {},
    }

    await expect(warmUp([route('http')], bounds, screen)).rejects.toThrow(
      'screening refuses an innocent request',
    )
  })

  it('stops the start when a protocol refuses everybody', async () => {
    await expect(warmUp([route('openai')], { ...bounds, jsonDepthMax: 0 }, createScreen())).rejects.toThrow(
      'protocol openai refuses',
    )
  })
})
