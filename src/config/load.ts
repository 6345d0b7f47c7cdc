import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Config } from '../core/config.ts'
import { readDocument } from './document.ts'
import { ConfigErrors } from './errors.ts'
import { errorsOf } from './issues.ts'
import { makeConfig } from './make/config.ts'
import { codeOf, Reader } from './reader.ts'
import { configuration } from './schema.ts'

/** How to load; all of it has a default. */
export interface LoadOptions {
  /** Accepts the demo's throw-away certificates and names. For `sallyport demo` only. */
  readonly demo?: boolean
  /**
   * The file is a sample for another place: what `file:` and `env:` name is not opened, and example hosts pass. The result has empty
   * secrets: it can be looked at, not served.
   */
  readonly template?: boolean
  /** Where `env:` looks. Default: the environment of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Time to judge certificates by, milliseconds since the epoch. Default: now. */
  readonly nowMs?: number
}

/** A configuration, and the absolute paths of all files and folders that it was read from. */
export interface Loaded {
  readonly config: Config
  readonly files: readonly string[]
}

/**
 * Loads a configuration: whole and checked, or not at all.
 *
 * @throws {ConfigErrors} with everything found wrong, each with its place and a fix; and nothing else.
 */
export function loadConfig(path: string, options: LoadOptions = {}): Config {
  return readConfig(path, options).config
}

/** As `loadConfig`, with the files that were read. */
export function readConfig(path: string, options: LoadOptions = {}): Loaded {
  const text = readText(path)
  return readConfigText(path, text, options)
}

/** As `readConfig`, of a text that stands (or would stand) at `path`. */
export function readConfigText(path: string, text: string, options: LoadOptions = {}): Loaded {
  const { demo = false, template = false, env = process.env, nowMs = Date.now() } = options
  const document = readDocument(path, text)
  const setting = configuration.safeParse(document.value)
  if (!setting.success) throw new ConfigErrors(errorsOf(document, setting.error.issues))

  const reader = new Reader(document, { env, template })
  reader.took(reader.name, text)
  const config = makeConfig(reader, setting.data, { demo, nowMs })
  if (reader.errors.length > 0) throw new ConfigErrors(reader.errors)
  return { config, files: [resolve(path), ...reader.files] }
}

const FILE_BYTES_MAX = 1_048_576

function readText(path: string): string {
  const fail = (message: string, hint: string): ConfigErrors =>
    new ConfigErrors([{ file: path, line: 1, column: 1, message, hint }])
  try {
    const found = statSync(path)
    if (!found.isFile()) throw fail('this is no file', 'name the configuration file with -c FILE')
    if (found.size > FILE_BYTES_MAX)
      throw fail('the file is longer than 1 MiB', 'name the right file with -c FILE')
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  } catch (fault) {
    if (fault instanceof ConfigErrors) throw fault
    const code = codeOf(fault)
    if (code === 'ENOENT') throw fail('there is no such file', 'name the configuration with -c FILE')
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') throw fail('the file is not UTF-8', 'save it as UTF-8')
    throw fail(`the file cannot be read (${code})`, 'make it readable for this user')
  }
}
