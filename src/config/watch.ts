import { type FSWatcher, statSync, watch } from 'node:fs'
import { dirname } from 'node:path'

/** Changes come in flurries: an editor writes, renames and sets modes; a mounted volume swaps a link. */
const QUIET_MS = 200

/**
 * Tells when files may have changed. Folders are watched, not files: who replaces a file (editors, and Kubernetes, which swaps a
 * link beside it) leaves a watch on the file with one that is gone.
 */
export class FileWatch {
  readonly #onChange: () => void
  readonly #folders = new Map<string, FSWatcher>()
  #timer: NodeJS.Timeout | undefined
  #closed = false

  /** @param onChange Called some 200 ms after the last change; whether anything is different is for the caller to see. */
  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  /** Watches these files and folders from now on, and no others. What cannot be watched is left out. */
  set(paths: readonly string[]): void {
    if (this.#closed) return
    const wanted = new Set(
      paths.flatMap((path) => (isFolder(path) ? [path, dirname(path)] : [dirname(path)])),
    )
    for (const [folder, watcher] of this.#folders) {
      if (wanted.has(folder)) continue
      watcher.close()
      this.#folders.delete(folder)
    }
    for (const folder of wanted) if (!this.#folders.has(folder)) this.#open(folder)
  }

  [Symbol.dispose](): void {
    this.#closed = true
    clearTimeout(this.#timer)
    for (const watcher of this.#folders.values()) watcher.close()
    this.#folders.clear()
  }

  #open(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#changed())
      watcher.on('error', () => {
        // The folder is gone: the file in it too, which is a change.
        watcher.close()
        this.#folders.delete(folder)
        this.#changed()
      })
      this.#folders.set(folder, watcher)
    } catch {
      // A folder that is not there, or no watches left: a signal still reloads.
    }
  }

  #changed(): void {
    if (this.#closed) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#onChange, QUIET_MS)
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
