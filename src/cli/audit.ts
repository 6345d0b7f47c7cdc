import type { CommandRow } from './base/command.ts'

/** `sallyport audit`: commands of its own. */
// oxfmt-ignore
export const audit: readonly CommandRow[] = [
  { name: 'verify', summary: 'check that no record was changed, moved or taken away', load: () => import('./audit/verify.ts').then(({ verify }) => verify) },
  { name: 'tail', summary: 'read records, and wait for more', load: () => import('./audit/tail.ts').then(({ tail }) => tail) },
]
