import type { CommandRow } from './base/command.ts'

/** `sallyport token`: commands of its own. */
// oxfmt-ignore
export const token: readonly CommandRow[] = [
  { name: 'mint', summary: 'sign a token with the key of a development issuer', load: () => import('./token/mint.ts').then(({ mint }) => mint) },
  { name: 'inspect', summary: 'decode a token and say what it means', load: () => import('./token/inspect.ts').then(({ inspect }) => inspect) },
  { name: 'verify', summary: 'judge a token as the gateway would', load: () => import('./token/verify.ts').then(({ verify }) => verify) },
]
