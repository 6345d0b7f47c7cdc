import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import type { ConfigDocument, Path } from './document.ts'
import type { ConfigError } from './errors.ts'
import { printPath } from './issues.ts'

/** Longest file that a configuration may name; a key set of that size would already be an attack. */
const FILE_BYTES_MAX = 1_048_576

/** How a configuration is read. */
export interface Surroundings {
  /** Where `env:` looks. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Does not open what `file:` and `env:` name: each secret is empty. */
  readonly template: boolean
}

/**
 * Opens what a configuration names, remembers all that was read, and gathers what is wrong. Nothing here throws: all errors are
 * to be seen at once.
 */
export class Reader {
  readonly document: ConfigDocument
  readonly errors: ConfigError[] = []
  /** Absolute paths of what was read, folders included: what a reload has to watch. */
  readonly files: string[] = []
  readonly template: boolean
  readonly #env: Surroundings['env']
  readonly #folder: string
  readonly #hash = createHash('sha256')

  constructor(document: ConfigDocument, { env, template }: Surroundings) {
    this.document = document
    this.template = template
    this.#env = env
    this.#folder = dirname(resolve(document.file))
  }

  /** Name of the file itself, as records and explanations show it. */
  get name(): string {
    return basename(this.document.file)
  }

  /** Adds an error at a setting. `hint` says what to do. */
  complain(path: Path, message: string, hint: string): void {
    this.errors.push({
      file: this.document.file,
      ...this.document.placeOf(path),
      message: `${printPath(path)}: ${message}`,
      hint,
    })
  }

  /** Absolute path of what a setting names. Relative ones start at the configuration's own folder. */
  locate(named: string): string {
    return resolve(this.#folder, named)
  }

  /** SHA-256 over all that was taken in so far; base64url, 16 characters. */
  revision(): string {
    return this.#hash.copy().digest('base64url').slice(0, 16)
  }

  /** Takes a text into the revision. */
  took(name: string, text: string): void {
    this.#hash.update(`${name.length}:${name}${text.length}:${text}`)
  }

  /** What `file:PATH` or `env:NAME` holds. Undefined: not there (an error was added), or not opened. */
  secret(reference: string, path: Path, kind: 'private' | 'public'): string | undefined {
    if (this.template) return undefined
    if (reference.startsWith('file:')) return this.file(reference.slice('file:'.length), path, kind)

    const name = reference.slice('env:'.length)
    const value = this.#env[name]
    if (value === undefined || value === '') {
      this.complain(path, `the environment has no ${name}`, `set ${name} before the gateway is started`)
      return undefined
    }
    this.took(name, value)
    return value
  }

  /** Text of a file. Undefined: it cannot be had, and an error was added. */
  file(named: string, path: Path, kind: 'private' | 'public' = 'public'): string | undefined {
    const at = this.locate(named)
    try {
      const found = statSync(at)
      // A pipe or a device would let the start hang for ever.
      if (!found.isFile()) this.complain(path, `${named} is no file`, 'name a regular file')
      else if (found.size > FILE_BYTES_MAX)
        this.complain(path, `${named} is longer than 1 MiB`, 'name the right file')
      else if (kind === 'private' && (found.mode & 0o007) !== 0)
        this.complain(
          path,
          `${named} may be opened by every user of this machine`,
          `chmod 0600 ${named} (0640 for a group; in Kubernetes defaultMode: 0440)`,
        )
      else return this.#read(at, named)
    } catch (fault) {
      this.complain(
        path,
        `${named} cannot be read (${codeOf(fault)})`,
        `make it readable at ${at}, or name another file`,
      )
    }
    return undefined
  }

  /** Names in a folder, sorted, hidden ones left out. Undefined: it is no folder that can be read. */
  list(named: string): readonly string[] | undefined {
    try {
      const names = readdirSync(this.locate(named)).filter((name) => !name.startsWith('.'))
      this.files.push(this.locate(named))
      return names.sort()
    } catch {
      return undefined
    }
  }

  #read(at: string, named: string): string {
    const text = readFileSync(at, 'utf8')
    this.files.push(at)
    this.took(named, text)
    return text
  }
}

/** Errno name of a fault, such as `ENOENT`: a message could name more than is wanted. */
export function codeOf(fault: unknown): string {
  return fault instanceof Error && 'code' in fault ? String(fault.code) : 'unreadable'
}
