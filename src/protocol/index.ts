import { anthropic } from './anthropic.ts'
import { http } from './http.ts'
import { openai } from './openai.ts'
import type { Protocol } from './protocol.ts'

/** Every protocol by the name that routes give it. */
export const protocols: Readonly<Record<Protocol['name'], Protocol>> = { http, openai, anthropic }
