import type { Finding } from '../../core/verdict.ts'

/** Findings of each kind that a detector has of one view: more say nothing new. */
const FINDINGS_MAX = 32
/** Score of what is told of, not said: below every threshold but one that an operator sets to see it. */
export const TOLD = 0.3

/**
 * The first findings of a view. What is told of is counted apart: a page of quotations would else hide the order that stands
 * after them.
 */
export class Most {
  readonly #said: Finding[] = []
  readonly #told: Finding[] = []

  /** Adds a finding, unless there are enough of its kind. */
  add(finding: Finding): void {
    const list = finding.score > TOLD ? this.#said : this.#told
    if (list.length < FINDINGS_MAX) list.push(finding)
  }

  /** No finding more that would reject is wanted. */
  get isFull(): boolean {
    return this.#said.length === FINDINGS_MAX
  }

  /** What was said, then what was told of. */
  get all(): readonly Finding[] {
    return this.#told.length === 0 ? this.#said : [...this.#said, ...this.#told]
  }
}
