import type { ArgTypes } from './arg-types.ts'
import type { DecisionCache } from './cache.ts'
import type { Slices } from './slice.ts'

/**
 * Policies that were checked, cut into slices and handed to Cedar. Callers use `count`, `schemaText` and `describe`;
 * the rest is for `decide`.
 */
export interface Policies {
  readonly count: number
  /** The generated schema, in Cedar's syntax: published for editors and for checks before a deployment. */
  readonly schemaText: string
  /** Where a policy of a decision stands; undefined for ids of none. */
  describe(id: string): { file: string; line: number; text: string } | undefined
  readonly slices: Slices
  readonly argTypes: ArgTypes
  readonly cache: DecisionCache
}
