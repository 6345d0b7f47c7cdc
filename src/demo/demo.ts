import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig } from '../config/load.ts'
import { startGateway } from '../gateway.ts'
import { startAgents } from './agents.ts'
import { makeDemoCertificates } from './certificates.ts'
import { DEMO_ISSUER, DEMO_ROUTES, writeDemoConfiguration } from './configuration.ts'
import { type DemoState, demoFolder, freshFolder, readState, removeState, writeState } from './state.ts'

/** A running demo. */
export interface Demo {
  readonly state: DemoState
  readonly folder: string
  close(): Promise<void>
}

/**
 * Starts the demo: certificate, issuer, agents and gateway, all of them made now, on loopback, in one private folder. Nothing of
 * it is fit for production, and it refuses to start where NODE_ENV says that this is.
 *
 * @param port Port of the gateway on 127.0.0.1.
 * @throws {Error} with a sentence for the user: NODE_ENV, a port in use, a demo that runs already.
 */
export async function startDemo(env: NodeJS.ProcessEnv, port: number): Promise<Demo> {
  if (env['NODE_ENV'] === 'production') {
    throw new Error(
      'the demo refuses to run with NODE_ENV=production: its keys are made for this machine only. Use `sallyport serve`',
    )
  }
  const folder = demoFolder(env)
  if (readState(folder) !== undefined)
    throw new Error('a demo runs already: end it first, or set SALLYPORT_DEMO_DIR and another --port')
  freshFolder(folder)
  const certificates = await makeDemoCertificates(Date.now())
  write(folder, 'ca.crt', certificates.ca)
  write(folder, 'tls.crt', certificates.cert)
  write(folder, 'tls.key', certificates.key)
  writeIssuer(folder)
  const agents = await startAgents(folder)
  try {
    const config = loadConfig(writeDemoConfiguration(folder, port), { demo: true })
    const gateway = await startGateway(config)
    const state: DemoState = {
      url: config.publicUrl,
      caFile: join(folder, 'ca.crt'),
      keyFile: join(folder, 'issuer.jwk'),
      issuer: DEMO_ISSUER,
      audience: config.publicUrl,
      routes: DEMO_ROUTES,
      pid: process.pid,
    }
    writeState(folder, state)
    return {
      state,
      folder,
      close: async () => {
        removeState(folder)
        await gateway.close()
        await agents.close()
      },
    }
  } catch (fault) {
    await agents.close()
    throw fault
  }
}

// The development issuer is a key in a file: whoever can read it can be anybody, so the folder is private and the key is new at each start.
function writeIssuer(folder: string): void {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const kid = randomUUID()
  write(folder, 'issuer.jwk', JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid }))
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' }
  write(folder, 'jwks.json', JSON.stringify({ keys: [jwk] }))
}

function write(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, name), text, { mode: 0o600 })
}
