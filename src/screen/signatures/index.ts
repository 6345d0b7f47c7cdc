import { russian, ukrainian } from './cyrillic.ts'
import { arabic, chinese, hindi, japanese, korean } from './eastern.ts'
import { english } from './english.ts'
import { french } from './french.ts'
import { german } from './german.ts'
import { markup } from './markup.ts'
import { dutch, polish, turkish } from './northern.ts'
import { italian, portuguese } from './romance.ts'
import type { Signature } from './signature.ts'
import { spanish } from './spanish.ts'

/** Every signature. A new language is one list and one line here. */
export const signatures: readonly Signature[] = [
  ...markup,
  ...english,
  ...german,
  ...french,
  ...spanish,
  ...italian,
  ...portuguese,
  ...dutch,
  ...polish,
  ...turkish,
  ...russian,
  ...ukrainian,
  ...chinese,
  ...japanese,
  ...korean,
  ...arabic,
  ...hindi,
]
