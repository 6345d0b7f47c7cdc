import type { AuditLog } from '../audit/audit.ts'
import type { Observer } from '../core/events.ts'
import type { Meter } from '../core/meter.ts'
import type { Authenticator } from '../identity/authenticator.ts'
import type { Policies } from '../policy/decide.ts'
import type { Screen } from '../screen/screen.ts'
import type { Entry } from './admit.ts'
import type { ReadBounds } from './read.ts'

/** What the line runs on. Made whole at load; an exchange sees one and the same from its first phase to its last. */
export interface Gate {
  readonly entry: Entry
  readonly identity: Authenticator
  readonly policies: Policies
  readonly bounds: ReadBounds
  readonly screen: Screen
  readonly audit: AuditLog
  readonly observer: Observer
  readonly meter: Meter
  /** Headers of every answer of our own. */
  readonly ownHeaders: readonly string[]
  /** Hash of configuration and policies. */
  readonly revision: string
}
