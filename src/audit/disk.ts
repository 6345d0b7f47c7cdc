import { close, constants, fdatasync, fstat, fsync, open, read, write } from 'node:fs'
import { open as openHandle, readdir, rename, unlink } from 'node:fs/promises'
import { promisify } from 'node:util'

/** The file system as the audit log uses it; small, so that tests can fail each operation. Rejects with errno errors. */
export interface Disk {
  /** File names in a folder. */
  list(dir: string): Promise<string[]>
  /** Makes a file that was not there (O_EXCL), mode 0600, for appending. */
  create(path: string): Promise<DiskFile>
  /** Opens a regular file for reading; never follows a symbolic link. */
  read(path: string): Promise<DiskFile>
  rename(from: string, to: string): Promise<void>
  /** Removes a file; one that is not there is no error. */
  remove(path: string): Promise<void>
  /** Makes the names in a folder durable. */
  syncDir(dir: string): Promise<void>
}

/** An open file. */
export interface DiskFile {
  /** Appends; may write less than all. Gives the number of bytes written. */
  write(bytes: Uint8Array): Promise<number>
  /** Reads at `position`, in bytes; 0 at the end. */
  read(into: Uint8Array, position: number): Promise<number>
  /** In bytes. */
  size(): Promise<number>
  datasync(): Promise<void>
  close(): Promise<void>
}

/** The machine's file system. All of it runs in libuv's threads: a disk that hangs does not stop the event loop. */
export const nodeDisk: Disk = {
  list: (dir) => readdir(dir),
  create: async (path) => openedFile(await opened(path, CREATE, 0o600)),
  read: async (path) => openedFile(await opened(path, READ, 0)),
  rename,
  async remove(path) {
    try {
      await unlink(path)
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  },
  async syncDir(dir) {
    const handle = await openHandle(dir, constants.O_RDONLY | constants.O_DIRECTORY)
    try {
      await promisify(fsync)(handle.fd)
    } finally {
      await handle.close()
    }
  },
}

const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND
const READ = constants.O_RDONLY | constants.O_NOFOLLOW

/** Tells ENOENT from other errors. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

const opened = promisify(open)

function openedFile(fd: number): DiskFile {
  return {
    // Callbacks, not FileHandle: half the CPU for each write.
    write: (bytes) =>
      new Promise((resolve, reject) => {
        write(fd, bytes, (error, written) => (error ? reject(error) : resolve(written)))
      }),
    read: (into, position) =>
      new Promise((resolve, reject) => {
        read(fd, into, 0, into.byteLength, position, (error, got) => (error ? reject(error) : resolve(got)))
      }),
    size: async () => (await promisify(fstat)(fd)).size,
    datasync: () => promisify(fdatasync)(fd),
    close: () => promisify(close)(fd),
  }
}
