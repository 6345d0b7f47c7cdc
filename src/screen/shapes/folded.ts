import { foldPattern } from '../normalise.ts'

/** A pattern whose letters are folded as those of a text are, for use on `View.normal`. Escapes must be in lower case. */
export function folded({ source, flags }: RegExp): RegExp {
  return new RegExp(foldPattern(source), flags)
}
