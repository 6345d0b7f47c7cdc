import { join } from 'node:path'
import type { PolicySource } from '../../core/config.ts'
import type { Reader } from '../reader.ts'

/** Cedar files that the configuration names, folders opened, in the order of their names. */
export function readPolicies(reader: Reader, named: readonly string[] = []): PolicySource[] {
  const isOne = typeof Reflect.get(Object(reader.document.value), 'policies') === 'string'
  return named.flatMap((entry, index) => {
    const path = isOne ? ['policies'] : ['policies', index]
    const found = reader.list(entry)
    if (found === undefined && !entry.endsWith('.cedar')) {
      reader.complain(
        path,
        `${entry} is no folder and no .cedar file`,
        `make the folder ${reader.locate(entry)}, or name another one`,
      )
      return []
    }
    const files = found?.filter((name) => name.endsWith('.cedar')).map((name) => join(entry, name)) ?? [entry]
    // An empty folder is more often a mount that failed than a wish: every forbid in it would be gone unseen.
    if (files.length === 0)
      reader.complain(path, `${entry} holds no .cedar file`, 'put one into it, or remove the entry')
    return files.flatMap((file) => {
      const text = reader.file(file, path)
      return text === undefined ? [] : [{ file, text }]
    })
  })
}
