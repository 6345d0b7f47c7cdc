import { DEMO_ROLES, type DemoState } from '../../demo/state.ts'
import { Failure } from './failure.ts'

/** The running demo. @throws {Failure} when there is none. */
export function runningDemo(state: DemoState | undefined): DemoState {
  if (state === undefined)
    throw new Failure('the demo does not run', 'start it in another terminal: npm start')
  return state
}

/** The role that was asked for, `reader` when none was. @throws {Failure} when the demo does not know it. */
export function roleOf(text: string | undefined): string {
  const role = text ?? DEMO_ROLES[0]
  if (!DEMO_ROLES.some((known) => known === role))
    throw new Failure('the demo has no such role', `choose ${DEMO_ROLES.join(', ')}`)
  return role
}
