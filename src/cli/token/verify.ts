import { loadConfig } from '../../config/load.ts'
import { systemClock } from '../../core/clock.ts'
import { silentObserver } from '../../core/events.ts'
import { createAuthenticator } from '../../identity/authenticator.ts'
import { Denial } from '../../problem/problems.ts'
import { createFetch } from '../../upstream/fetch.ts'
import { configPath, CONFIG_OPTION } from '../base/arguments.ts'
import type { Command } from '../base/command.ts'
import { Failure, oneLine } from '../base/failure.ts'
import { safeJson, tokenOf } from '../base/token-argument.ts'

/** `sallyport token verify`. */
export const verify: Command = {
  usage: '-c FILE [TOKEN|-] [--json]',
  text: [
    'Fetches the keys of the configured issuers and judges the token as the gateway would, now. Exit code 1: refused.',
  ],
  options: { ...CONFIG_OPTION, demo: { type: 'boolean', help: "the configuration is the demo's" } },
  positionalsMax: 1,
  examples: [['token verify -c sallyport.yaml < token.txt', 'why is this token refused?']],
  async run(given, terminal) {
    const path = configPath(given)
    const token = await tokenOf(given, terminal)
    const { issuers } = loadConfig(path, {
      demo: given.flag('demo'),
      env: terminal.env,
      nowMs: terminal.nowMs(),
    })
    const authenticator = createAuthenticator(issuers, {
      clock: systemClock,
      observer: silentObserver,
      fetch: createFetch(),
    })
    try {
      await authenticator.start()
      const principal = await authenticator.authenticate(token, terminal.nowMs())
      if (principal instanceof Denial) throw refusal(principal)

      const { issuer, subject, roles, scopes, clientId, expiresMs } = principal
      const facts = {
        issuer,
        subject,
        roles,
        scopes,
        client: clientId,
        expires: new Date(expiresMs).toISOString(),
      }
      terminal.out(`${safeJson(given.json ? { ok: true, ...facts } : facts)}\n`)
      return 0
    } finally {
      authenticator.close()
    }
  },
}

function refusal({ problem, reason }: Denial): Failure {
  return new Failure(`${problem}: ${oneLine(reason)}`, FIXES[problem] ?? 'see docs/reference/problems.md', 1)
}

const FIXES: Readonly<Record<string, string>> = {
  'token-expired': 'get a new token from the issuer',
  'token-invalid':
    'compare it with issuer, algorithms, token_types and preset of the configuration (sallyport token inspect shows it)',
  'audience-mismatch': 'ask the issuer for a token whose aud is one of `audience`, or add its aud there',
  'proof-required': 'ask the issuer for a bearer token (without cnf)',
  'identity-unavailable': 'see that the key set of the issuer can be fetched from here and is valid',
}
