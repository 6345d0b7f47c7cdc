import type { Random } from './random.ts'

const HEX = '0123456789abcdef'
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const UPPER = 'ABCDEFGHJKLMNPQRSTUVWXYZ'
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Things that no list needs to hold. Both sides of a family draw them alike, so none tells an attack. */
const MAKERS: Readonly<Record<string, (random: Random) => string>> = {
  n: (random) => `${random.int(9) + 1}`,
  nn: (random) => `${random.int(90) + 10}`,
  nnn: (random) => `${random.int(900) + 100}`,
  nnnn: (random) => `${random.int(9000) + 1000}`,
  time: (random) => `${random.int(14) + 7}:${two(random.int(12) * 5)}`,
  date: (random) => `${random.int(28) + 1} ${random.pick(MONTHS)}`,
  iso: (random) => `${2022 + random.int(6)}-${two(random.int(12) + 1)}-${two(random.int(28) + 1)}`,
  stamp: (random) => `${random.int(24)}:${two(random.int(60))}:${two(random.int(60))}`,
  money: (random) => `${random.int(4900) + 12}.${two(random.int(100))}`,
  hex: (random) => random.chars(HEX, 8 + random.int(33)),
  shorthex: (random) => random.chars(HEX, 7),
  b64: (random) => `${random.chars(BASE64, 40 + random.int(120))}==`,
  ip: (random) => `10.${random.int(256)}.${random.int(256)}.${random.int(254) + 1}`,
  code: (random) => `${random.chars(UPPER, 2)}-${random.int(90000) + 10000}`,
  token: (random) => random.chars(LOWER + HEX, 12),
  uuid: (random) => [8, 4, 4, 4, 12].map((length) => random.chars(HEX, length)).join('-'),
  letters: (random) => random.chars(LOWER, 4 + random.int(7)),
}

/** A value by the name of its maker: `n` to `nnnn` digits, `date`, `hex`, `ip` and so on. Throws on a name it does not know. */
export function values(name: string, random: Random): string {
  const make = MAKERS[name]
  if (!make) throw new Error(`no slot of this name: ${name}`)

  return make(random)
}

function two(value: number): string {
  return `${value}`.padStart(2, '0')
}
