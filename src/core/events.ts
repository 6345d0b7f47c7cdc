/**
 * Operational events of consequence: each is one log line and one counter, and has the one test that provokes it.
 * Modules name them; src/telemetry alone writes them out.
 */
export const events = {
  'gateway-ready': { level: 'info', text: 'ready' },
  'gateway-draining': { level: 'info', text: 'draining' },
  'config-reloaded': { level: 'info', text: 'a new configuration is in force' },
  'config-refused': {
    level: 'error',
    text: 'a new configuration was refused; the last good one stays in force',
  },
  'internal-error': { level: 'error', text: 'an exchange failed by a bug of ours' },
  'connection-fault': { level: 'debug', text: 'a connection was ended for a fault of its own' },
  'credential-in-cleartext': { level: 'warn', text: 'a credential was sent over plain HTTP: revoke it' },
  'keys-loaded': { level: 'info', text: 'signing keys of an issuer were loaded' },
  'keys-unavailable': {
    level: 'warn',
    text: 'signing keys of an issuer could not be fetched; the last good ones are used',
  },
  'keys-stale': { level: 'error', text: 'signing keys of an issuer are too old to be used' },
  'key-refused': { level: 'warn', text: 'a signing key of an issuer was refused for its quality' },
  'audit-unavailable': { level: 'error', text: 'the audit log cannot be written: requests are refused' },
  'audit-recovered': { level: 'warn', text: 'the audit log can be written again' },
  'audit-torn': { level: 'warn', text: 'the audit log ended in a torn line: marked and gone on after it' },
  'upstream-fault': { level: 'warn', text: 'an upstream failed' },
  'tls-loaded': { level: 'info', text: 'the listener certificate was loaded' },
  'tls-refused': { level: 'error', text: 'a new listener certificate was refused; the old one is kept' },
  'guard-failed': { level: 'error', text: 'a safeguard could not judge: what it guards is refused' },
  'bounds-lowered': {
    level: 'warn',
    text: 'file descriptors are too few for bounds.connections_max and bounds.exchanges_max: both are lowered',
  },
  overloaded: { level: 'warn', text: 'requests are shed' },
} as const satisfies Record<string, { level: 'debug' | 'info' | 'warn' | 'error'; text: string }>

/** Name of an event. */
export type EventName = keyof typeof events

/** Where events go. `detail` holds no secret, no payload and no unescaped text of a client. */
export interface Observer {
  event(name: EventName, detail: Readonly<Record<string, string | number>>): void
}

/** For tests and for commands that have nobody to tell. */
export const silentObserver: Observer = { event: () => {} }
